# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""What is measured of msal for Python; the names are those of ours.

A workload is set up by making it. `sample(round)` returns microseconds for one call, one figure a batch, and `facts()`
what else there is to say.
"""

import gc
import json
import os
import resource
import tempfile
import threading
import time

import msal
import msal_extensions

from data import TENANT, application_scope, guid, shuffled
from instant_platform import InstantPlatform, add_application_token, add_users, make_application, sign_in_event


class Calls:
    """Calls in batches, each with the next of its arguments."""

    facts = staticmethod(dict)

    def __init__(self, call, arguments, calls=500, batches=20):
        self.call, self.arguments, self.calls, self.batches = call, shuffled(arguments), calls, batches
        self.position = 0

    def sample(self, _):
        return [self.batch() for _ in range(self.batches)]

    def batch(self):
        call, arguments, position = self.call, self.arguments, self.position
        begin = time.perf_counter_ns()
        for _ in range(self.calls):
            result = call(arguments[position])
            position += 1
            if position == len(arguments):
                position = 0
        elapsed = time.perf_counter_ns() - begin
        self.position = position
        if result is None or (isinstance(result, dict) and "access_token" not in result):
            raise AssertionError("no token came back")
        return elapsed / 1_000 / self.calls


def application_hit(tenants, scopes):
    cache = msal.TokenCache()
    names = [guid(tenant, 1) for tenant in range(tenants)] if tenants > 1 else [TENANT]
    platform = InstantPlatform()
    applications = [make_application(cache, platform, tenant=name) for name in names]
    wanted = [[application_scope(scope)] for scope in range(scopes)]
    for name in names:
        for scope in wanted:
            add_application_token(cache, name, scope[0])
    questions = [(application, scope) for application in applications for scope in wanted]
    hit = Calls(lambda question: question[0].acquire_token_for_client(question[1]), questions)
    # The first question to each application reads its metadata.
    for application, scope in questions[::scopes]:
        application.acquire_token_for_client(scope)
    if platform.token_requests:
        raise AssertionError("a hit asked the platform")
    return hit


def application_miss():
    """Everything but the network: the answer comes from memory, and the cache keeps nothing of it."""
    cache = msal.TokenCache()
    application = make_application(cache)
    for tenant in range(1_000):
        for scope in range(10):
            add_application_token(cache, guid(tenant, 1), application_scope(scope))
    application.acquire_token_for_client([application_scope(0)])
    cache.modify = lambda *_: None
    return Calls(
        application.acquire_token_for_client, [[application_scope(scope)] for scope in range(100, 200)], calls=2
    )


def user_hit(users):
    cache = msal.TokenCache()
    application = make_application(cache)
    add_users(cache, users)
    subsets = [["User.Read"], ["Mail.Read"], ["Calendars.Read", "User.Read"]]
    accounts = application.get_accounts()
    questions = [(account, subsets[index % 3]) for index, account in enumerate(accounts)]
    return Calls(
        lambda question: application.acquire_token_silent(question[1], question[0]),
        questions,
        calls=2 if users > 100 else 100,
    )


def accounts(users):
    cache = msal.TokenCache()
    application = make_application(cache)
    add_users(cache, users)
    return Calls(lambda _: application.get_accounts(), [None], calls=1 if users > 100 else 500, batches=10)


class Throughput:
    """Several threads ask at once; the figure is the time of one call as the whole process makes them."""

    facts = staticmethod(dict)

    def __init__(self, threads):
        self.threads = threads
        cache = msal.TokenCache()
        names = [guid(tenant, 1) for tenant in range(10)]
        for name in names:
            for scope in range(10):
                add_application_token(cache, name, application_scope(scope))
        applications = [make_application(cache, tenant=name) for name in names]
        self.questions = [(a, [application_scope(scope)]) for a in applications for scope in range(10)]
        self.sample(0)

    def sample(self, _):
        calls = 4_000
        barrier = threading.Barrier(self.threads + 1)

        def work(first):
            questions, position = self.questions, first
            barrier.wait()
            for _ in range(calls):
                application, scopes = questions[position % len(questions)]
                application.acquire_token_for_client(scopes)
                position += 1

        threads = [threading.Thread(target=work, args=(index * 13,)) for index in range(self.threads)]
        for thread in threads:
            thread.start()
        barrier.wait()
        begin = time.perf_counter_ns()
        for thread in threads:
            thread.join()
        return [(time.perf_counter_ns() - begin) / 1_000 / (calls * self.threads)]


class Crowd:
    """Fifty callers want the same token at once, and the endpoint takes 200 ms; the figure is the longest wait."""

    def __init__(self, due):
        self.due = due
        self.requests = 0

    def sample(self, _):
        cache, platform = msal.TokenCache(), InstantPlatform()
        application = make_application(cache, platform)
        # Reads the metadata.
        application.acquire_token_for_client([application_scope(1)])
        scope = application_scope(0)
        if self.due:
            add_application_token(cache, TENANT, scope, refresh_in=-10)
        platform.delay, platform.token_requests = 0.2, 0
        barrier, waits = threading.Barrier(50), []

        def work():
            barrier.wait()
            begin = time.perf_counter_ns()
            application.acquire_token_for_client([scope])
            waits.append((time.perf_counter_ns() - begin) / 1_000)

        threads = [threading.Thread(target=work) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.requests = max(self.requests, platform.token_requests)
        return [max(waits)]

    def facts(self):
        return {"requests": self.requests, "callers": 50}


class Export:
    def __init__(self):
        self.cache = msal.SerializableTokenCache()
        add_users(self.cache, 10_000)
        self.bytes = len(self.cache.serialize())

    def sample(self, _):
        begin = time.perf_counter_ns()
        self.cache.serialize()
        return [(time.perf_counter_ns() - begin) / 1_000]

    def facts(self):
        return {"document": self.bytes}


class Import:
    facts = staticmethod(dict)

    def __init__(self):
        cache = msal.SerializableTokenCache()
        add_users(cache, 10_000)
        self.text = cache.serialize()

    def sample(self, _):
        cache = msal.SerializableTokenCache()
        begin = time.perf_counter_ns()
        cache.deserialize(self.text)
        return [(time.perf_counter_ns() - begin) / 1_000]


def resident_bytes():
    """How many bytes of the process are resident: the peak where the system does not say more."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024


class Memory:
    """What 10,000 users read from a document take, against the bytes of their secrets."""

    def __init__(self):
        # Written by another process, so that this one's memory has not been used for it.
        descriptor, path = tempfile.mkstemp()
        os.close(descriptor)
        child = os.fork()
        if child == 0:
            cache = msal.SerializableTokenCache()
            add_users(cache, 10_000)
            with open(path, "w", encoding="utf-8") as file:
                file.write(cache.serialize())
            os._exit(0)
        os.waitpid(child, 0)
        self.cache = msal.SerializableTokenCache()
        before = resident_bytes()
        with open(path, encoding="utf-8") as file:
            self.cache.deserialize(file.read())
        os.unlink(path)
        gc.collect()
        self.resident = resident_bytes() - before
        self.secrets = sum(
            len(entry["secret"])
            for kind in ("AccessToken", "RefreshToken", "IdToken")
            for entry in json.loads(self.cache.serialize())[kind].values()
        )

    def sample(self, _):
        return []

    def facts(self):
        return {"resident": self.resident, "secrets": self.secrets}


class DurableSignIn:
    """One sign-in into a file that holds a thousand users, by the extensions' persisted cache."""

    facts = staticmethod(dict)

    def __init__(self):
        cache = msal.SerializableTokenCache()
        add_users(cache, 1_000)
        self.folder = tempfile.TemporaryDirectory()
        persistence = msal_extensions.FilePersistence(os.path.join(self.folder.name, "tokens.json"))
        persistence.save(cache.serialize())
        self.cache = msal_extensions.PersistedTokenCache(persistence)
        self.user = 1_000

    def sample(self, _):
        event = sign_in_event(self.user)
        self.user += 1
        begin = time.perf_counter_ns()
        self.cache.add(event)
        return [(time.perf_counter_ns() - begin) / 1_000]


WORKLOADS = {
    "app-hit": lambda: application_hit(1, 10),
    "app-hit-tenants": lambda: application_hit(10_000, 10),
    "app-hit-wide": lambda: application_hit(1, 100_000),
    "app-miss": application_miss,
    "user-hit": lambda: user_hit(10_000),
    "account-one": lambda: accounts(1),
    "accounts-all": lambda: accounts(10_000),
    "throughput-1": lambda: Throughput(1),
    "throughput-2": lambda: Throughput(2),
    "throughput-8": lambda: Throughput(8),
    "equal-misses": lambda: Crowd(due=False),
    "due-callers": lambda: Crowd(due=True),
    "export": Export,
    "import": Import,
    "memory": Memory,
    "sign-in-thousand": DurableSignIn,
}
