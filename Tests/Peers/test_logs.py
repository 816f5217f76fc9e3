# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""What the logs of all these tests hold, read when everything else is done."""

import pytest

from support.process import LOGS
from support.secrets_seen import SecretsSeen, text_of

pytestmark = pytest.mark.last


def test_no_log_holds_a_secret(seen):
    kinds = seen.kinds()
    logs = sorted(LOGS.glob("*.log"))
    assert logs, "no product was started"
    assert kinds.get("cookie", 0) and kinds.get("code", 0) and kinds.get("state", 0), f"too little was seen: {kinds}"
    found = {log.name: seen.found_in(text_of(log)) for log in logs}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_logs_were_written_at_the_lowest_level():
    text = "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in LOGS.glob("*.log"))
    assert " trace " in text.lower() or " debug " in text.lower()


@pytest.mark.parametrize(
    "line",
    [
        "GET /auth/callback?code=0.AXoA-made-up-code-1234&state=abc",
        "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtYWRlLXVwIn0.c2lnbmF0dXJl",
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz",
        "Set-Cookie: session=abcdefghijklmnop",
        "signed in customer@harbourmutual.example",
        "the value a%2Bsecret%2Fvalue%3D stands in an address",
    ],
)
def test_the_search_finds_what_it_is_for(line):
    seen = SecretsSeen()
    seen.add("cookie", "a+secret/value=")
    assert seen.found_in(f"before\n{line}\nafter\n")
    assert not seen.found_in("2026-01-01 trace msal: refreshed msal.scopes=User.Read msal.correlation=1234\n")
