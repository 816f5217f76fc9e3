# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""Sets up one row of the table with msal for Python and times it whenever it is told to (see bench.py)."""

import json
import logging
import sys

from workloads import WORKLOADS


def report(figures):
    print(json.dumps(figures), flush=True)


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in WORKLOADS:
        print("usage: peer.py ROW, a row being one of:", *sorted(WORKLOADS))
        return 64
    logging.disable(logging.CRITICAL)
    workload = WORKLOADS[sys.argv[1]]()
    report({"ready": [1]})
    round_number = 0
    for line in sys.stdin:
        if line == "sample\n":
            report({"microseconds": workload.sample(round_number)})
        elif line == "facts\n":
            report({name: [value] for name, value in workload.facts().items()})
        else:
            return 64
        round_number += 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
