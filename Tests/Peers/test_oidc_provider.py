# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The portal against an OpenID Connect provider that is not Microsoft's: oidc-provider-mock, by configuration alone."""

import json
import subprocess
import sys

import pytest
from selenium.webdriver.common.by import By

from support import pages
from support.process import LOGS, Portal, unused_port, wait_until_answering
from support.relay import Relay

SUBJECTS = {
    "alex": {"name": "Alex Kim", "email": "alex@elsewhere.example", "roles": ["Customer"]},
    "robin": {"name": "Robin Doe", "email": "robin@elsewhere.example", "roles": ["Claims.Adjuster", "Portal.Admin"]},
    "nobody": {"name": "No Body", "email": "nobody@elsewhere.example"},
}


@pytest.fixture(scope="module")
def provider(seen):
    """The mock provider, behind a relay that records what the portal sends it; its issuer is the relay."""
    port = unused_port()
    users = [part for sub, claims in SUBJECTS.items() for part in ("--user-claims", json.dumps({"sub": sub, **claims}))]
    log = open(LOGS / "oidc-provider-mock.txt", "wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *users], stdout=log, stderr=log
    )
    wait_until_answering(f"http://localhost:{port}/.well-known/openid-configuration")
    relay = Relay(f"http://127.0.0.1:{port}", seen)
    yield relay
    relay.close()
    process.terminate()
    process.wait(10)
    log.close()


@pytest.fixture(scope="module")
def portal(provider, home, tmp_path_factory):
    """The portal, told by its environment alone where to sign in."""
    port = unused_port()
    environment = {
        "AZURE_AD_OIDC_AUTHORITY": provider.url,
        "AZURE_AD_CLIENT_ID": "portal",
        "AZURE_AD_CLIENT_SECRET": "a-secret-for-the-mock-provider",
        "WEB_PUBLIC_BASE_URL": f"http://localhost:{port}",
        "WEB_SIGN_IN_SCOPES": "email",
    }
    data = tmp_path_factory.mktemp("data") / "portal.sqlite"
    process = Portal("--no-emulator", "--data", data, home=home, environment=environment, port=port)
    assert process.url == f"http://localhost:{port}"
    yield process
    process.stop_cleanly()


def authorize(browser, subject):
    """Answers the mock's page as one of its users."""
    browser.fill(pages.MOCK_SUBJECT, subject)
    browser.follow(browser.driver.find_element(By.XPATH, pages.MOCK_AUTHORIZE))


@pytest.fixture
def browser(chromium):
    """The browser; the mock's own pages take a style sheet from elsewhere, so only the portal's are watched."""
    chromium.forget_everything()
    yield chromium
    chromium.collect()


def test_a_person_signs_in_with_their_role(browser, portal, provider):
    browser.go(portal.url + "/policies?from=link")
    assert browser.url.startswith(provider.url)
    authorize(browser, "alex")
    browser.wait_for_path("/policies?from=link")
    assert browser.status == 200
    assert "Alex Kim" in browser.text
    browser.go(portal.url + "/queue")
    assert browser.status == 403


def test_the_profile_is_what_userinfo_says(browser, portal, provider):
    before = len(provider.requests_to("/userinfo"))
    browser.go(portal.url + "/me")
    authorize(browser, "alex")
    browser.wait_for_path("/me")
    assert "Alex Kim" in browser.text
    assert "alex@elsewhere.example" in browser.text
    assert len(provider.requests_to("/userinfo")) == before + 1
    browser.photograph("me-oidc")


def test_several_roles_open_several_pages(browser, portal):
    browser.go(portal.url + "/admin")
    authorize(browser, "robin")
    browser.wait_for_path("/admin")
    for path, status in (("/queue", 200), ("/policies", 403), ("/insights", 403)):
        browser.go(portal.url + path)
        assert browser.status == status, path


def test_nobody_without_a_role_gets_in(browser, portal):
    browser.go(portal.url + "/policies")
    authorize(browser, "nobody")
    browser.wait_for_path("/policies")
    assert browser.status == 403


def test_a_denied_sign_in_is_explained_and_can_be_tried_again(browser, portal):
    browser.go(portal.url + "/policies")
    browser.follow(browser.driver.find_element(By.XPATH, pages.MOCK_DENY))
    browser.wait(lambda: browser.url.startswith(portal.url), "the portal")
    assert browser.status < 500
    browser.photograph("denied-oidc")
    # The mock sends no state along with its refusal, so nobody can know which sign-in it belongs to.
    browser.click(pages.RETRY)
    authorize(browser, "alex")
    browser.wait(lambda: browser.url.startswith(portal.url), "the portal")
    browser.go(portal.url + "/policies")
    assert browser.status == 200


def test_signing_out_goes_by_the_provider(browser, portal, provider):
    browser.go(portal.url + "/policies")
    authorize(browser, "alex")
    browser.wait_for_path("/policies")
    browser.sign_out()
    browser.wait(lambda: browser.url.startswith(provider.url), "the provider's page")
    browser.follow(browser.driver.find_element(By.XPATH, pages.MOCK_END_SESSION))
    browser.wait(lambda: browser.url.startswith(portal.url + "/auth/signed-out"), "the page after signing out")
    browser.go(portal.url + "/policies")
    assert browser.url.startswith(provider.url)


def test_the_code_is_redeemed_with_a_verifier_and_never_twice(browser, portal, provider):
    before = len(provider.requests_to("/oauth2/token"))
    browser.go(portal.url + "/policies")
    asked = provider.requests_to("/oauth2/authorize")[-1].path
    assert "code_challenge_method=S256" in asked and "nonce=" in asked and "state=" in asked
    authorize(browser, "alex")
    browser.wait_for_path("/policies")
    redeemed = provider.requests_to("/oauth2/token")[before:]
    assert len(redeemed) == 1
    assert b"code_verifier=" in redeemed[0].body
