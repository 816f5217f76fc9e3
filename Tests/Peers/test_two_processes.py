# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The portal and its provider as two processes: what crosses between them, and what people see when it is cut."""

import pytest

from support import pages
from support.process import Portal, unused_port
from support.relay import Relay
from support.seed import CUSTOMER, PORTAL_ID, PORTAL_SECRET, TENANT


@pytest.fixture(scope="module")
def provider(emulator, seen):
    """The emulator behind a relay that can be cut and records everything."""
    relay = Relay(emulator.http, seen)
    yield relay
    relay.close()


def settings(provider, public):
    """The portal's environment for a provider and a public address."""
    return {
        "AZURE_AD_AUTHORITY": f"{provider.url}/{TENANT}",
        "AZURE_AD_CLIENT_ID": PORTAL_ID,
        "AZURE_AD_CLIENT_SECRET": PORTAL_SECRET,
        "GRAPH_BASE_URL": provider.url,
        "WEB_PUBLIC_BASE_URL": public,
    }


@pytest.fixture
def portal(provider, home):
    """A portal of its own for each test, which has not yet spoken to the provider."""
    provider.is_cut, provider.cuts = False, None
    provider.exchanges.clear()
    port = unused_port()
    public = f"http://localhost:{port}"
    process = Portal("--no-emulator", home=home, environment=settings(provider, public), port=port)
    yield process
    provider.is_cut, provider.cuts = False, None
    process.stop_cleanly()


def test_nothing_is_asked_of_the_provider_before_it_is_needed(portal, provider, browser):
    browser.go(portal.url + "/")
    assert browser.status == 200
    assert provider.exchanges == []


def test_each_step_of_a_sign_in_takes_one_request(portal, provider, browser):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    asked = [exchange.path.partition("?")[0].removeprefix(f"/{TENANT}") for exchange in provider.exchanges]
    own = [path for path in asked if "authorize" not in path and "login" not in path and "favicon" not in path]
    assert own.count("/oauth2/v2.0/token") == 1
    assert sum("openid-configuration" in path for path in own) == 1
    assert sum("keys" in path for path in own) == 1
    before = len(provider.exchanges)
    browser.go(portal.url + "/policies")
    assert len(provider.exchanges) == before, "a page without an API call asks the provider nothing"
    browser.go(portal.url + "/me")
    browser.go(portal.url + "/me")
    since = [exchange.path for exchange in provider.exchanges[before:]]
    assert since == ["/v1.0/me", "/v1.0/me"], "the access token comes from the cache"


def test_a_provider_that_is_down_is_said_clearly_and_the_next_try_works(portal, provider, browser):
    provider.is_cut = True
    browser.go(portal.url + "/policies?keep=this")
    assert browser.url.startswith(portal.url)
    assert browser.status in (502, 503, 504)
    assert browser.heading
    assert browser.has(pages.RETRY)
    browser.photograph("provider-down")
    provider.is_cut = False
    browser.click(pages.RETRY)
    browser.sign_in(CUSTOMER)
    browser.wait_for_path("/policies?keep=this")


def test_a_provider_that_goes_down_half_way_loses_nothing(portal, provider, browser):
    browser.go(portal.url + "/policies?keep=this")
    browser.name_account(CUSTOMER.username)
    # The page still reaches the provider; the portal does not, when it redeems the code.
    provider.cuts = "/token"
    browser.give_password(CUSTOMER.password)
    browser.wait(lambda: browser.url.startswith(portal.url), "the portal")
    assert browser.status in (502, 503, 504)
    browser.photograph("provider-down-half-way")
    provider.cuts = None
    browser.click(pages.RETRY)
    browser.wait_for_path("/policies?keep=this")


def test_graph_that_is_down_leaves_the_person_signed_in(portal, provider, browser):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    provider.is_cut = True
    browser.go(portal.url + "/me")
    assert browser.status != 500 and browser.heading
    browser.photograph("graph-down")
    provider.is_cut = False
    browser.go(portal.url + "/me")
    assert browser.status == 200 and CUSTOMER.display_name in browser.text


def test_the_codes_verifier_and_the_secret_go_to_the_token_endpoint_only(portal, provider, browser):
    browser.sign_in_at(portal, CUSTOMER, "/me")
    for exchange in provider.exchanges:
        sent = str(exchange.path) + str(exchange.headers) + exchange.body.decode("utf-8", "replace")
        if "/token" not in exchange.path:
            assert "code_verifier" not in sent and PORTAL_SECRET not in sent
    [graph] = provider.requests_to("/v1.0/me")
    names = [name.lower() for name, _ in graph.headers]
    assert names.count("authorization") == 1
