# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The rows of the table: what is compared with what, and which limits they keep to."""

import dataclasses
import statistics
from collections.abc import Callable


@dataclasses.dataclass
class Result:
    """What was found out about one workload."""

    samples: list[float] = dataclasses.field(default_factory=list)
    facts: dict[str, float] = dataclasses.field(default_factory=dict)

    @property
    def median(self):
        return statistics.median(self.samples) if self.samples else None

    @property
    def longest(self):
        return max(self.samples) if self.samples else None


# Results by side ("ours", "peer") and workload.
Results = dict[tuple[str, str], Result]


@dataclasses.dataclass
class Limit:
    """A limit, as text and as a decision about the results."""

    text: str
    met: Callable[["Row", Results], bool]


def microseconds(value):
    """A time in the unit that suits it."""
    if value is None:
        return "–"
    for unit, size in (("s", 1e6), ("ms", 1e3), ("µs", 1.0)):
        if value >= size:
            digits = 0 if value >= 100 * size else 1 if value >= 10 * size else 2
            return f"{value / size:.{digits}f} {unit}"
    return f"{value:.2f} µs"


def rate(value):
    """Calls a second, of microseconds a call."""
    return "–" if value is None else f"{1e3 / value:,.0f} k/s"


def byte_count(value):
    return "–" if value is None else f"{value / 1e6:.1f} MB"


@dataclasses.dataclass
class Row:
    """One row; `against` names the workloads of ours it is compared with besides the peer's."""

    name: str
    work: str
    group: str
    limits: list[Limit] = dataclasses.field(default_factory=list)
    peer: str | None = None
    against: list[str] = dataclasses.field(default_factory=list)
    needs: str | None = None
    value: Callable[[Result], float | None] = lambda result: result.median
    show: Callable[[float | None], str] = microseconds
    # More is better for throughput, where the value is a time all the same.
    show_ratio: bool = True

    def ours(self, results):
        return self.value(results["ours", self.name])

    def peers(self, results):
        return self.value(results["peer", self.peer]) if self.peer else None


def below(limit):
    return Limit(f"< {limit / 1_000:g} ms" if limit >= 100 else f"< {limit:g} µs", lambda row, results: row.ours(results) < limit)


def faster(times):
    return Limit(
        f"{times:g} × faster", lambda row, results: row.peers(results) / row.ours(results) >= times
    )


def at_most(times, name, what):
    return Limit(
        f"≤ {times:g} × {what}",
        lambda row, results: row.ours(results) <= times * results["ours", name].median,
    )


def one_request():
    return Limit("1 request", lambda row, results: results["ours", row.name].facts["requests"] == 1)


def requests(result):
    return result.facts.get("requests")


def held_per_secret(result):
    facts = result.facts
    return facts["resident"] / facts["secrets"] if "resident" in facts else None


ROWS = [
    Row(
        "app-hit",
        "app token, hit, 1 tenant × 10",
        "hit",
        [below(1), faster(10)],
        peer="app-hit",
    ),
    Row(
        "app-hit-main-actor",
        "the same from the main actor",
        "hit",
        [below(1), faster(10)],
        peer="app-hit",
    ),
    # A twentieth would do, were it not less than the noise of the machine.
    Row(
        "app-hit-logger",
        "the same with a logger at info",
        "hit",
        [at_most(1.1, "app-hit", "without a logger")],
        against=["app-hit"],
    ),
    Row(
        "app-hit-tenants",
        "app token, hit, 10,000 tenants × 10",
        "hit",
        [below(2), at_most(2, "app-hit", "1 × 10")],
        peer="app-hit-tenants",
        against=["app-hit"],
    ),
    Row(
        "app-hit-wide",
        "app token, hit, 100,000 tokens in one tenant",
        "hit",
        [below(2), at_most(2, "app-hit", "1 × 10")],
        peer="app-hit-wide",
        against=["app-hit"],
    ),
    Row(
        "app-hit-sqlite",
        "app token, hit, memory in front of SQLite",
        "hit",
        [at_most(2, "app-hit", "plain hit")],
        against=["app-hit"],
    ),
    Row(
        "app-hit-postgres",
        "app token, hit, memory in front of PostgreSQL",
        "hit",
        [at_most(2, "app-hit", "plain hit")],
        against=["app-hit"],
        needs="MSAL_TEST_POSTGRES",
    ),
    Row(
        "app-look-up",
        "app token, look-up that misses, 10,000 tokens",
        "miss",
        [below(5)],
    ),
    Row(
        "app-miss",
        "app token, miss with the exchange in memory, 10,000 tokens",
        "miss",
        [],
        peer="app-miss",
    ),
    Row(
        "app-miss-empty",
        "the same with no other token held",
        "miss",
        [],
    ),
    Row(
        "user-hit",
        "user token, silent hit, subset of scopes, 10,000 users",
        "user",
        [below(2)],
        peer="user-hit",
    ),
    Row(
        "user-hit-million",
        "the same, 1,000,000 users with short tokens",
        "user",
        [below(2)],
    ),
    Row(
        "user-hit-sqlite",
        "the same, 10,000 users, memory in front of SQLite",
        "user",
        [at_most(2, "user-hit", "plain hit")],
        against=["user-hit"],
    ),
    Row(
        "user-hit-postgres",
        "the same, 10,000 users, memory in front of PostgreSQL",
        "user",
        [at_most(2, "user-hit", "plain hit")],
        against=["user-hit"],
        needs="MSAL_TEST_POSTGRES",
    ),
    Row("account-one", "account by home account ID", "accounts", [below(1)], peer="account-one"),
    Row("accounts-all", "all accounts, 10,000 users", "accounts", [below(5_000)], peer="accounts-all"),
    Row("throughput-1", "hits of 1 task", "throughput", peer="throughput-1", show=rate),
    Row(
        "throughput-2",
        "hits of 2 tasks at once",
        "throughput",
        [Limit("> 1 task", lambda row, results: row.ours(results) < results["ours", "throughput-1"].median)],
        peer="throughput-2",
        against=["throughput-1"],
        show=rate,
    ),
    Row(
        "throughput-8",
        "hits of 8 tasks at once",
        "throughput",
        [Limit("≥ 1 task", lambda row, results: row.ours(results) <= results["ours", "throughput-1"].median)],
        peer="throughput-8",
        against=["throughput-1"],
        show=rate,
    ),
    Row(
        "equal-misses",
        "1,000 equal misses at once (peer: 50), endpoint 200 ms: requests",
        "crowd",
        [one_request()],
        peer="equal-misses",
        value=requests,
        show=lambda value: "–" if value is None else f"{value:.0f}",
        show_ratio=False,
    ),
    Row(
        "due-callers",
        "1,000 callers (peer: 50) on a token due for refresh, endpoint 200 ms: longest wait",
        "crowd",
        [
            Limit("nobody waits", lambda row, results: row.ours(results) < 100_000),
            one_request(),
        ],
        peer="due-callers",
        value=lambda result: result.longest,
    ),
    Row("export", "export of 10,000 users", "bridge", [faster(2)], peer="export"),
    Row("import", "import of 10,000 users", "bridge", [faster(2)], peer="import"),
    Row(
        "memory",
        "memory holding 10,000 users, to bytes of their secrets",
        "bridge",
        [Limit("≤ 1.4", lambda row, results: row.ours(results) <= 1.4)],
        peer="memory",
        value=held_per_secret,
        show=lambda value: "–" if value is None else f"{value:.2f}",
        show_ratio=False,
    ),
    Row(
        "sign-in-thousand",
        "one sign-in written to SQLite (peer: a file), 1,000 users in it",
        "durable",
        [below(500)],
        peer="sign-in-thousand",
    ),
    Row(
        "sign-in-many",
        "the same, 100,000 users in it",
        "durable",
        [below(500), at_most(1.5, "sign-in-thousand", "1,000 users")],
        against=["sign-in-thousand"],
    ),
    Row("sign-in-memory", "the same, kept in memory alone", "durable"),
    Row("grdb-write", "a bare GRDB write of entries of that size", "durable"),
]
