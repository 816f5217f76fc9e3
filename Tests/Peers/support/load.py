# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""People who use the portal all the time, so that tests can see what an outage costs them."""

import collections
import threading
import time

import requests

from . import forms
from .forms import PAGE


class Load:
    """Threads that each do one thing over and over, and what came of it.

    `jobs` are pairs of a name and a function, which gives a status and, where that must never be, what it was.
    """

    def __init__(self, jobs):
        #: How often each job came to each status.
        self.counts = collections.Counter()
        #: What must never be.
        self.strangers = []
        #: The longest time, by job, after which something else than 200 came.
        self.slowest_failures = collections.defaultdict(float)
        #: How many times in a row all of them came to 200.
        self.streak = 0
        self._changed = threading.Condition()
        self._ends = False
        self._threads = [threading.Thread(target=self._repeat, args=job, daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()

    def _repeat(self, name, job):
        while not self._ends:
            start = time.monotonic()
            try:
                status, problem = job()
            except (requests.RequestException, AssertionError) as error:
                status, problem = None, f"{name}: {error}"
            seconds = time.monotonic() - start
            with self._changed:
                self.counts[name, status] += 1
                self.streak = self.streak + 1 if status == 200 else 0
                if problem:
                    self.strangers.append(problem)
                if status != 200:
                    self.slowest_failures[name] = max(self.slowest_failures[name], seconds)
                self._changed.notify_all()

    def wait_for(self, name, status, at_least, limit=60):
        """Returns when a job has come to a status so many more times."""
        goal = self.counts[name, status] + at_least
        self.wait_until(lambda: self.counts[name, status] >= goal, f"{name} {status}", limit)

    def wait_for_quiet(self, length, limit=60):
        """Returns when all jobs came to 200, so many times in a row."""
        self.wait_until(lambda: self.streak >= length, "nothing but 200", limit)

    def wait_until(self, is_true, what, limit=60):
        """Returns when something is true, which is looked at whenever a job has ended."""
        with self._changed:
            found = self._changed.wait_for(is_true, limit)
        assert found, f"waited in vain for {what}: {self.counts}, {self.strangers[:3]}"

    def stop(self):
        """Ends it."""
        self._ends = True
        for thread in self._threads:
            thread.join(60)

    def __str__(self):
        return ", ".join(f"{count} × {name} {status}" for (name, status), count in sorted(self.counts.items(), key=str))


def browse(url, person, cookies):
    """A signed-in person's page: it, or an error page; never another sign-in."""
    answer = requests.get(url, headers=PAGE, cookies=cookies, allow_redirects=False, timeout=60)
    return answer.status_code, problem_of(answer, person.display_name)


def look(url):
    """A page for everybody, which needs no store."""
    answer = requests.get(url, headers=PAGE, allow_redirects=False, timeout=60)
    return answer.status_code, None if answer.status_code == 200 else problem_of(answer, "") or f"503 at {url}"


def problem_of(answer, text):
    """What is wrong with an answer that is neither a page with a text nor an error page; nothing where it is."""
    fits = answer.status_code == 503 and "<h1" in answer.text or answer.status_code == 200 and text in answer.text
    return None if fits else f"{answer.status_code} at {answer.url}: {answer.text[:200]}"


class SignIns:
    """Somebody who signs in with a new browser each time, and reads a page with it."""

    #: How often each of the browsers reads the page.
    READINGS = 3

    def __init__(self, url, person, watch):
        self._url, self._person, self._watch = url, person, watch
        #: The cookies of all browsers that were told that they are signed in.
        self.acknowledged = []

    def __call__(self):
        with requests.Session() as client:
            client.trust_env = False
            page = forms.sign_in(self._watch(client), self._url, self._person)
            problem = problem_of(page, self._person.display_name)
            # An error page at the way back means: not signed in. One at the page itself comes after.
            if problem or page.url != self._url:
                return page.status_code, problem
            cookies = client.cookies.get_dict()
        self.acknowledged.append(cookies)
        for _ in range(self.READINGS):
            status, problem = browse(self._url, self._person, cookies)
            if problem:
                return status, problem
        return page.status_code, None
