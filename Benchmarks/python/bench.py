# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""Runs ours and msal for Python in turns and prints one table.

Each workload lives in a process of its own, which sets it up and then waits. The processes of a group take turns, so
that a change in the machine's pace meets all of them alike, and only one of them works at a time.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from rows import ROWS, Result, microseconds

HERE = Path(__file__).resolve().parent


class Subject:
    """A process with one workload."""

    def __init__(self, side, workload, command):
        self.side, self.workload = side, workload
        self.process = subprocess.Popen(
            [*command, workload], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __str__(self):
        return f"{self.side} {self.workload}"

    def wait(self):
        """The next line of the process, as the figures it holds."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self} ended with code {self.process.wait()}")
        return json.loads(line)

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        return self.wait()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def subjects_of(rows, ours):
    """What the rows need, each workload once, ours and the peer's next to each other."""
    commands = {"ours": [ours], "peer": [sys.executable, str(HERE / "peer.py")]}
    wanted = []
    for row in rows:
        pairs = [("ours", name) for name in [*row.against, row.name]] + [("peer", row.peer)] * bool(row.peer)
        wanted += [pair for pair in pairs if pair not in wanted]
    return [(side, name, commands[side]) for side, name in wanted]


def run_group(rows, ours, rounds, results):
    subjects = []
    try:
        for side, name, command in subjects_of(rows, ours):
            print(f"  {side} {name}", file=sys.stderr, flush=True)
            subjects.append(Subject(side, name, command))
            subjects[-1].wait()
        # The first round warms up and is not counted.
        for number in range(rounds + 1):
            for subject in subjects:
                figures = subject.ask("sample")["microseconds"]
                if number:
                    results.setdefault((subject.side, subject.workload), Result()).samples.extend(figures)
        for subject in subjects:
            facts = {name: values[0] for name, values in subject.ask("facts").items()}
            results[subject.side, subject.workload].facts = facts
    finally:
        for subject in subjects:
            subject.end()


def allocations(result):
    if "allocations" not in result.facts:
        return ""
    return f"{result.facts['allocations']:.3g} ({result.facts['bytes']:.0f} B)"


def remarks(row, result):
    """What else was found out about a row."""
    facts = result.facts
    parts = [allocations(result)] if allocations(result) else []
    if len(result.samples) >= 20:
        # What is left when the machine is disturbed least.
        quickest = sorted(result.samples)[len(result.samples) // 20]
        parts.insert(0, f"5 %: {microseconds(quickest)}")
    if "requests" in facts and row.name != "equal-misses":
        parts.append(f"{facts['requests']:.0f} request" + "s" * (facts["requests"] != 1))
    if "resident" in facts:
        parts.append(f"{facts['resident'] / 1e6:.1f} MB resident, {facts['secrets'] / 1e6:.1f} MB of secrets")
    if "in use" in facts:
        parts.append(f"{facts['in use'] / 1e6:.1f} MB in use")
    if "document" in facts:
        parts.append(f"{facts['document'] / 1e6:.1f} MB")
    return ", ".join(parts)


def line_of(row, results):
    """The cells of a row, and whether a limit was missed."""
    ours, peers = row.ours(results), row.peers(results)
    ratio = f"{peers / ours:.3g}" if row.show_ratio and peers and ours else "–"
    met = all(limit.met(row, results) for limit in row.limits)
    limits = ", ".join(limit.text for limit in row.limits) or "–"
    verdict = ("yes" if met else "NO") if row.limits else "–"
    cells = [row.work, row.show(peers), row.show(ours), ratio, limits, verdict]
    return [*cells, remarks(row, results["ours", row.name])], not met


def token_validation(program):
    """The row of the other program: an ID token's whole validation against the RSA check alone."""
    run = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=False)
    check = float(re.search(r"^RSA check alone: ([\d.]+)", run.stdout, re.MULTILINE)[1])
    whole = float(re.search(r"^whole validation: ([\d.]+)", run.stdout, re.MULTILINE)[1])
    cells = ["ID token, whole validation, to the RSA check alone", "–", microseconds(whole), "–", "≤ 1.5 × RSA check"]
    return [*cells, "NO" if run.returncode else "yes", f"{whole / check:.2f} × {microseconds(check)}"], run.returncode


def pace(results):
    """How quick the machine was, by the peer's hit; the limits were set where that took 10.5 µs."""
    hit = results.get(("peer", "app-hit"))
    if not hit:
        return ""
    return (
        f"The peer's hit took {hit.median:.1f} µs where 10.5 µs were measured when the limits were set: "
        f"this machine is at {10.5 / hit.median:.2f} of that pace now."
    )


def print_table(lines):
    header = ["work", "msal Python", "ours", "ratio", "limit", "met?", "5th percentile, allocations and more"]
    widths = [max(len(line[column]) for line in [header, *lines]) for column in range(len(header))]
    for line in [header, ["-" * width for width in widths], *lines]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds in place of seven: a look, no evidence")
    parser.add_argument("--only", nargs="+", metavar="ROW", help="these rows alone")
    parser.add_argument("--programs", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = [row.name for row in ROWS] + ["id-token"]
    unknown = set(options.only or []) - set(names)
    if unknown:
        parser.error(f"no row is called {' '.join(sorted(unknown))}; there are {' '.join(names)}")

    chosen = [row for row in ROWS if not options.only or row.name in options.only]
    rows = [row for row in chosen if not row.needs or os.environ.get(row.needs)]
    left_out = [row for row in chosen if row not in rows]
    results, lines, missed = {}, [], []
    began = time.time()
    for group in dict.fromkeys(row.group for row in rows):
        members = [row for row in rows if row.group == group]
        print(f"{group}:", file=sys.stderr)
        run_group(members, f"{options.programs}/CacheBenchmark", 2 if options.quick else 7, results)
    for row in rows:
        cells, failed = line_of(row, results)
        lines.append(cells)
        missed += [row.name] * failed
    if not options.only or "id-token" in options.only:
        cells, failed = token_validation(f"{options.programs}/JWTBenchmark")
        lines.append(cells)
        missed += ["id-token"] * bool(failed)
    print_table(lines)
    print(f"\n{len(lines)} rows in {time.time() - began:.0f} s; medians, times of one call.")
    print(pace(results), end="\n" * bool(pace(results)))
    for row in left_out:
        print(f"Left out for want of {row.needs}: {row.name}")
    if missed:
        print(f"Limits missed: {' '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
