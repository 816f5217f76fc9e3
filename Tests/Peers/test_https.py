# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The portal on https, behind a proxy that ends TLS: form post, `__Host-` cookies, addresses from configuration."""

import base64
import secrets

import pytest

from support.browser import Browser
from support.process import Portal, unused_port
from support.relay import Relay
from support.seed import ADJUSTER, CUSTOMER, PORTAL_ID, PORTAL_SECRET, TENANT


@pytest.fixture(scope="module")
def proxy(seen, tmp_path_factory):
    """The proxy in front of the portal."""
    relay = Relay(seen=seen, tls_folder=tmp_path_factory.mktemp("tls"))
    yield relay
    relay.close()


@pytest.fixture(scope="module")
def portal(proxy, emulator, home, seen):
    """The portal, which knows its public address and nothing of the proxy."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    seen.add("sealing key", key)
    environment = {
        "AZURE_AD_AUTHORITY": f"{emulator.http}/{TENANT}",
        "AZURE_AD_CLIENT_ID": PORTAL_ID,
        "AZURE_AD_CLIENT_SECRET": PORTAL_SECRET,
        "GRAPH_BASE_URL": emulator.http,
        "WEB_PUBLIC_BASE_URL": proxy.url,
        "WEB_KEYS": key,
    }
    port = unused_port()
    process = Portal("--no-emulator", home=home, environment=environment, port=port)
    proxy.upstream = f"http://localhost:{port}"
    assert process.url == proxy.url, "it prints where people reach it"
    yield process
    process.stop_cleanly()


@pytest.fixture(scope="module")
def secure_chromium(seen, proxy):
    """Chromium that trusts the proxy's certificate."""
    chromium = Browser(seen, trusted_certificate=proxy.certificate)
    yield chromium
    chromium.quit()


@pytest.fixture
def browser(secure_chromium, proxy):
    """That Chromium with an empty profile."""
    secure_chromium.forget_everything()
    proxy.exchanges.clear()
    yield secure_chromium
    assert secure_chromium.foreign_requests() == []
    assert secure_chromium.complaints() == []


def test_the_answer_comes_as_a_form_and_never_in_an_address(browser, portal, proxy):
    browser.sign_in_at(portal, CUSTOMER, "/policies?keep=this")
    [answer] = proxy.requests_to("/auth/callback")
    assert answer.method == "POST" and "?" not in answer.path
    assert b"code=" in answer.body
    browser.collect()
    assert not [url for url in browser.requested if "code=" in url]


def test_cookies_are_bound_to_the_host_and_to_tls(browser, portal, proxy):
    browser.go(portal.url + "/policies")
    [pending] = own_cookies(browser, "signin")
    assert pending["name"].startswith("__Host-signin-") and pending["secure"] and pending["httpOnly"]
    assert pending["sameSite"] == "None", "the answer is posted from another site"
    browser.sign_in(CUSTOMER)
    browser.wait_for_path("/policies")
    [kept] = own_cookies(browser, "session")
    assert kept["name"] == "__Host-session" and kept["secure"] and kept["httpOnly"]
    assert kept["sameSite"] == "Lax" and kept["path"] == "/"
    assert own_cookies(browser, "signin") == [], "what belonged to the sign-in is gone"


def test_signing_out_and_in_again(browser, portal):
    browser.sign_in_at(portal, ADJUSTER, "/queue")
    browser.sign_out()
    browser.wait_for_path("/auth/signed-out")
    assert browser.url.startswith(portal.url)
    browser.sign_in_at(portal, CUSTOMER, "/policies")


def test_two_tabs_sign_in_at_once(browser, portal):
    first = browser.driver.current_window_handle
    browser.go(portal.url + "/policies?tab=first")
    browser.new_tab()
    browser.go(portal.url + "/me?tab=second")
    browser.sign_in(CUSTOMER)
    browser.wait_for_path("/me?tab=second")
    browser.turn_to(first)
    browser.sign_in(CUSTOMER)
    browser.wait_for_path("/policies?tab=first")


def own_cookies(browser, word):
    """The portal's cookies whose name has a word."""
    return [cookie for cookie in browser.cookies() if cookie["name"].startswith("__Host-") and word in cookie["name"]]
