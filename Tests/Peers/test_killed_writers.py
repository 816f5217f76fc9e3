# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""What a token store has acknowledged survives its writers, who are killed at any moment, and each other."""

import collections
import itertools
import os
import random
import secrets
import subprocess
import time

import pytest

from support.process import PRODUCTS

#: How many writers are killed in all, on how many stores one after the other, and how many run side by side. A store
#: in one file is written as a whole: were it never begun anew, most of the time would go into its growth.
KILLS = 1000
ROUNDS = 10
WRITERS = 4
#: How many processes write at once without being killed, and how much each.
CROWD = 8
ENTRIES = 40
#: How long writing, or checking, may take before something hangs.
LIMIT = 120.0

#: The place of an empty store of each kind, given an empty folder.
PLACES = {
    "file": lambda folder: folder / "tokens",
    "sqlite": lambda folder: folder / "tokens.sqlite",
    "postgres": lambda folder: f"killed_{secrets.token_hex(6)}",
}


@pytest.fixture(params=PLACES)
def storage(request, tmp_path):
    """Makes a new store each time: its kind and place, and a folder for whatever else belongs to it."""
    numbers = itertools.count()

    def make():
        folder = tmp_path / f"store-{next(numbers)}"
        folder.mkdir()
        return Storage(request.param, str(PLACES[request.param](folder)), folder)

    return make


Storage = collections.namedtuple("Storage", "kind place folder")


class Writer:
    """A process that writes until it is killed; what it acknowledged is in a file, which no kill takes along."""

    def __init__(self, storage, number, count=None):
        self.number = number
        self.path = storage.folder / f"writer-{number}.log"
        arguments = ["write", storage.kind, storage.place, str(number)] + ([str(count)] if count else [])
        with open(self.path, "ab") as output:
            self.process = subprocess.Popen([PRODUCTS / "StoreWriter", *arguments], stdout=output)

    def kill(self):
        """Ends it in the middle of whatever it does."""
        assert self.process.poll() is None, f"writer {self.number} ended by itself, see {self.path}"
        self.process.kill()
        self.process.wait()

    def acknowledged(self):
        """The entries it said were written: partition, key and length. A last line may be cut."""
        lines = self.path.read_text(encoding="ascii").split("\n")[:-1]
        return [tuple(line.split()[1:]) for line in lines if line.startswith("acknowledged ")]


def content(storage):
    """What is in a store: the entries as partition, key and length, and the sum of the shared ones."""
    done = subprocess.run(
        [PRODUCTS / "StoreWriter", "check", storage.kind, storage.place],
        stdout=subprocess.PIPE, text=True, timeout=LIMIT, check=True,
    )
    entries, total = set(), 0
    for line in done.stdout.splitlines():
        kind, *words = line.split()
        if kind == "sum":
            total = int(words[0])
            continue
        assert words[-1] == "whole", line
        entries.add(tuple(words[:-1]))
    return entries, total


def verify(storage, acknowledged):
    """Everything acknowledged is there, whole, and the sum counts each shared entry once."""
    entries, total = content(storage)
    lost = set(acknowledged) - entries
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged entries are lost: {sorted(lost)[:5]}"
    shared = [entry for entry in entries if entry[0] == "shared"]
    assert total == len(shared), "an entry and its sum are written together, and none is overwritten by a racing writer"
    # A writer goes on from its last number: what it skipped, it had acknowledged and lost.
    numbers = collections.defaultdict(set)
    for partition, key, _ in entries:
        if partition != "shared":
            numbers[partition].add(int(key.removeprefix("n-")))
    for partition, found in numbers.items():
        assert found == set(range(1, max(found) + 1)), f"{partition} has gaps"
    return entries


def test_what_was_acknowledged_outlives_a_thousand_kills(storage, capsys):
    chance = random.Random(20260901)
    start = time.monotonic()
    count = 0
    for _ in range(ROUNDS):
        store = storage()
        writers = {number: Writer(store, number) for number in range(WRITERS)}
        for kill in range(KILLS // ROUNDS):
            # Shortly after the last one, or well into the writing: opening, locking, writing and renaming are all hit.
            time.sleep(chance.uniform(0.0, 0.004) if kill % 4 == 0 else chance.uniform(0.0, 0.06))
            number = chance.randrange(WRITERS)
            writers[number].kill()
            writers[number] = Writer(store, number)
        for writer in writers.values():
            writer.kill()
        verify(store, acknowledged(writers))
        count += len(acknowledged(writers))
    with capsys.disabled():
        print(f"\n{store.kind}: {KILLS} kills in {time.monotonic() - start:.0f} s, {count} acknowledged, none lost")
    assert count > KILLS, "the writers were killed too early to have written much"


def test_what_was_acknowledged_outlives_a_server_that_dies(tmp_path, capsys):
    control = os.environ["MSAL_TEST_POSTGRES_CONTROL"]
    store = Storage("postgres", PLACES["postgres"](tmp_path), tmp_path)
    for _ in range(5):
        writers = {number: Writer(store, number) for number in range(WRITERS)}
        before = len(acknowledged(writers))
        deadline = time.monotonic() + LIMIT
        while len(acknowledged(writers)) < before + 200 and time.monotonic() < deadline:
            # The writers' own time: what they have acknowledged is seen in files.
            time.sleep(0.02)
        subprocess.run([control, "kill"], check=True, timeout=LIMIT)
        for writer in writers.values():
            assert writer.process.wait(LIMIT) != 0, "a writer that loses its server says so"
        subprocess.run([control, "start"], check=True, timeout=LIMIT)
        verify(store, acknowledged(writers))
    with capsys.disabled():
        print(f"\npostgres: server killed 5 times, {len(acknowledged(writers))} acknowledged, none lost")


def acknowledged(writers):
    """What all writers acknowledged, in all their lives."""
    return [entry for writer in writers.values() for entry in writer.acknowledged()]


def test_eight_processes_on_one_store_lose_nothing(storage, capsys):
    start = time.monotonic()
    store = storage()
    writers = {number: Writer(store, number, ENTRIES) for number in range(CROWD)}
    for writer in writers.values():
        assert writer.process.wait(LIMIT) == 0
    seconds = time.monotonic() - start
    entries = verify(store, acknowledged(writers))
    assert len(entries) == CROWD * (ENTRIES + ENTRIES // 4)
    assert len(entries) == len(acknowledged(writers))
    with capsys.disabled():
        print(f"\n{store.kind}: {CROWD} processes wrote {len(entries)} entries in {seconds:.1f} s")
