# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The emulator's page for the second factor, in a real browser."""

import urllib.parse

import pytest

from support import pages
from support.seed import ADJUSTER, PAYMENTS_API, PORTAL_ID, TENANT

CONTEXT = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


def request(emulator, **more):
    """The address of an authorization request; the answer goes to the emulator itself, which has no such page."""
    query = {
        "client_id": PORTAL_ID, "response_type": "code", "scope": "openid User.Read",
        "redirect_uri": f"{emulator.http}/auth/callback", "state": "the-state-of-this-test", **more,
    }  # fmt: skip
    return f"{emulator.http}/{TENANT}/oauth2/v2.0/authorize?{urllib.parse.urlencode(query)}"


def answer_of(browser):
    """What the application was told."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.url).query))


@pytest.mark.parametrize("more", [{"claims": CONTEXT}, {"scope": f"openid {PAYMENTS_API}/Payments.Settle"}])
def test_a_person_approves(browser, emulator, more):
    browser.go(request(emulator, **more))
    browser.sign_in(ADJUSTER)
    assert browser.heading == "Approve sign-in request"
    assert ADJUSTER.username in browser.text
    assert "second factor" in browser.text
    browser.photograph("emulator-second-factor")
    browser.follow(browser.visible(pages.SUBMIT))
    assert answer_of(browser)["code"]
    # The browser has shown it, and is not asked again.
    browser.go(request(emulator, **more))
    assert answer_of(browser)["code"]


def test_a_person_refuses(browser, emulator):
    browser.go(request(emulator, claims=CONTEXT))
    browser.sign_in(ADJUSTER)
    browser.follow(browser.visible(pages.BACK))
    answer = answer_of(browser)
    assert answer["error"] == "access_denied"
    assert "AADSTS500121" in answer["error_description"]


def test_the_start_page_lists_programs_too(browser, emulator):
    browser.go(emulator.http + "/")
    for text in ("Harbour Triage Agent", "Harbour Payments API", "/protected/c1", "/workload/"):
        assert text in browser.text
    assert "Token Exchange" not in browser.text
    browser.photograph("emulator-start")
