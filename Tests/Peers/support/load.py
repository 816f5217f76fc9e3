# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""People who use the portal all the time, so that tests can see what an outage costs them."""

import threading
import time

import requests

from .forms import PAGE


class Load:
    """People who open one page after the other, each on a thread."""

    def __init__(self, url, people):
        self.counts = {}
        #: What was neither a page nor an error page.
        self.strangers = []
        self.slowest_failure = 0.0
        self._changed = threading.Condition()
        self._ends = False
        self._threads = [
            threading.Thread(target=self._browse, args=(url + path, person, cookies), daemon=True)
            for person, cookies in people
            for path in ("/me", person.page)
        ]
        for thread in self._threads:
            thread.start()

    def _browse(self, url, person, cookies):
        while not self._ends:
            start = time.monotonic()
            try:
                answer = requests.get(url, headers=PAGE, cookies=cookies, allow_redirects=False, timeout=60)
                status = answer.status_code
                fits = status == 503 and "<h1" in answer.text or status == 200 and person.display_name in answer.text
                problem = None if fits else f"{status} at {url}: {answer.text[:200]}"
            except requests.RequestException as error:
                status, problem = None, f"{url}: {error}"
            seconds = time.monotonic() - start
            with self._changed:
                self.counts[status] = self.counts.get(status, 0) + 1
                if problem:
                    self.strangers.append(problem)
                if status != 200:
                    self.slowest_failure = max(self.slowest_failure, seconds)
                self._changed.notify_all()

    def wait_for(self, status, at_least, limit=60):
        """Returns when so many more answers of a status have come."""
        with self._changed:
            goal = self.counts.get(status, 0) + at_least
            found = self._changed.wait_for(lambda: self.counts.get(status, 0) >= goal, limit)
        assert found, f"waited in vain for {status}: {self.counts}, {self.strangers[:3]}"

    def stop(self):
        """Ends it."""
        self._ends = True
        for thread in self._threads:
            thread.join(60)
