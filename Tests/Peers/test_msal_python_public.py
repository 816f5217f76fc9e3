# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""MSAL for Python as a public client of the emulator: device code with its page, passwords, federated people."""

import json
import threading
import urllib.parse

import jwt
import msal
import pytest
import requests.adapters

from support import forms, pages
from support.process import ROOT, Emulator
from support.seed import ADJUSTER, BROKER, CLAIMS_API, COMMAND_LINE_ID, CUSTOMER, FORMER, PAYMENTS_API, TENANT

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated for public client:DeprecationWarning")


class Port443(requests.adapters.HTTPAdapter):
    """Brings requests for port 443 to the emulator: MSAL drops the port when it asks the user realm."""

    def __init__(self, base):
        super().__init__()
        self._base = base

    def send(self, request, **more):
        """Sends to the real port."""
        parts = urllib.parse.urlsplit(request.url)
        if parts.port is None:
            request.url = self._base + parts.path + ("?" + parts.query if parts.query else "")
        return super().send(request, **more)


@pytest.fixture
def http(session, emulator):
    """A client that trusts the emulator's authority and nothing else."""
    session.verify = emulator.certificate
    session.mount("https://localhost", Port443(emulator.https))
    return session


def application(emulator, http, client_id=COMMAND_LINE_ID):
    """MSAL's public client."""
    return msal.PublicClientApplication(
        client_id, authority=f"{emulator.https}/{TENANT}", instance_discovery=False, http_client=http
    )


@pytest.fixture
def app(emulator, http):
    """The built-in public client."""
    return application(emulator, http)


def once(app, flow):
    """One poll; MSAL would go on until the flow is over."""
    return app.acquire_token_by_device_flow(flow, exit_condition=lambda flow: True)


def type_code(person_browser, flow, person, choice):
    """A person opens the page, types the code in its own way, signs in, and presses a button; the last page."""
    page = person_browser.get(flow["verification_uri"], headers=forms.PAGE, timeout=30)
    [form] = forms.forms_of(page)
    code = flow["user_code"]
    page = forms.send(person_browser, page, form, **{pages.DEVICE_CODE: f" {code[:4].lower()}-{code[4:].lower()} "})
    page = forms.answer_provider(person_browser, page, person.username, person.password, until=None, stop=is_question)
    [form] = forms.forms_of(page)
    form.buttons = [button for button in form.buttons if button[0] == choice]
    return forms.send(person_browser, page, form)


def is_question(page):
    """Whether a page asks whether the device may have it."""
    return "Are you trying to sign in to" in page.text


@pytest.fixture
def person_browser(emulator, seen):
    """The browser of a person, which shares nothing with the program."""
    with requests.Session() as client:
        client.trust_env = False
        client.verify = emulator.certificate
        yield seen.watch(client)


def test_a_device_is_let_in(app, person_browser):
    flow = app.initiate_device_flow(["User.Read"])
    assert flow["expires_in"] == 900 and flow["interval"] == 5
    assert flow["user_code"] in flow["message"] and flow["verification_uri"] in flow["message"]
    assert once(app, flow)["error"] == "authorization_pending"
    page = type_code(person_browser, flow, ADJUSTER, pages.SUBMIT)
    assert "You have signed in to Harbour Mutual Command Line" in page.text
    result = once(app, flow)
    assert "error" not in result, result
    assert result["id_token_claims"]["preferred_username"] == ADJUSTER.username
    [account] = app.get_accounts()
    assert account["username"] == ADJUSTER.username
    other = app.acquire_token_silent_with_error([f"{CLAIMS_API}/Claims.Read"], account)
    assert "error" not in other, other
    assert once(app, flow)["error_codes"] == [54005]


def test_msal_waits_for_the_person(app, person_browser):
    flow = app.initiate_device_flow(["User.Read"])
    answers = []
    waiter = threading.Thread(target=lambda: answers.append(app.acquire_token_by_device_flow(flow)))
    waiter.start()
    type_code(person_browser, flow, CUSTOMER, pages.SUBMIT)
    waiter.join(60)
    [result] = answers
    assert result["id_token_claims"]["preferred_username"] == CUSTOMER.username


def test_a_person_refuses(app, person_browser):
    flow = app.initiate_device_flow(["User.Read"])
    page = type_code(person_browser, flow, ADJUSTER, pages.BACK)
    assert "The sign-in was cancelled" in page.text
    result = once(app, flow)
    assert result["error"] == "authorization_declined"
    assert result["error_codes"] == [70018]
    assert not app.get_accounts()


def test_a_code_of_another_application_is_refused(app, emulator, http):
    flow = app.initiate_device_flow(["User.Read"])
    flow["device_code"] = flow["device_code"][:-4] + "AAAA"
    assert once(app, flow)["error"] == "bad_verification_code"


def test_an_unknown_application_gets_no_code(emulator, http):
    unknown = application(emulator, http, "00000000-1111-2222-3333-444444444444")
    assert unknown.initiate_device_flow(["User.Read"])["error_codes"] == [700016]


def test_a_strict_emulator_slows_msal_down(home, session):
    emulator = Emulator("--strict", home=home)
    try:
        session.verify = emulator.certificate
        app = application(emulator, session)
        flow = app.initiate_device_flow(["User.Read"])
        assert [once(app, flow)["error"] for _ in range(2)] == ["authorization_pending", "slow_down"]
    finally:
        # A connection by TLS that is kept open holds the emulator up for as long as it waits for the client to say goodbye.
        session.close()
        emulator.stop_cleanly()


def test_a_device_is_let_in_by_a_browser(browser, app, emulator):
    flow = app.initiate_device_flow(["User.Read"])
    # Chromium does not trust the development authority; the same pages are there by plain http.
    browser.go(f"{emulator.http}/devicelogin")
    browser.photograph("device-code")
    browser.fill(f"#{pages.DEVICE_CODE}", "WRONGCODE")
    browser.click(f"#{pages.SUBMIT}")
    assert browser.has("#codeError")
    browser.photograph("device-code-wrong")
    browser.fill(f"#{pages.DEVICE_CODE}", flow["user_code"].lower())
    browser.press_enter(f"#{pages.DEVICE_CODE}")
    browser.name_account(ADJUSTER.username)
    browser.photograph("device-password")
    browser.give_password(ADJUSTER.password)
    assert browser.heading == "Are you trying to sign in to Harbour Mutual Command Line?"
    assert ADJUSTER.username in browser.text
    browser.photograph("device-confirm")
    browser.click(f"#{pages.SUBMIT}")
    assert browser.heading == "You have signed in to Harbour Mutual Command Line"
    browser.photograph("device-done")
    assert once(app, flow)["id_token_claims"]["preferred_username"] == ADJUSTER.username
    second = app.initiate_device_flow(["User.Read"])
    browser.go(f"{emulator.http}/devicelogin")
    browser.fill(f"#{pages.DEVICE_CODE}", second["user_code"])
    browser.click(f"#{pages.SUBMIT}")
    browser.photograph("device-account")
    browser.click("button.tile")
    browser.click(f"#{pages.BACK}")
    assert browser.heading == "The sign-in was cancelled"
    browser.photograph("device-cancelled")
    assert once(app, second)["error"] == "authorization_declined"


def test_the_start_page_tells_who_is_federated(browser, emulator):
    browser.go(f"{emulator.http}/")
    assert "federated" in browser.text and BROKER.username in browser.text
    assert COMMAND_LINE_ID in browser.text and f"{emulator.http}/devicelogin" in browser.text
    browser.photograph("emulator-start")


@pytest.mark.parametrize("person", [CUSTOMER, BROKER], ids=repr)
def test_a_person_gets_tokens_by_password(app, person):
    result = app.acquire_token_by_username_password(person.username, person.password, ["User.Read"])
    assert "error" not in result, result
    assert result["id_token_claims"]["preferred_username"] == person.username
    claims = jwt.decode(result["access_token"], options={"verify_signature": False})
    assert claims["appidacr"] == "0"
    [account] = app.get_accounts()
    fresh = app.acquire_token_silent_with_error(["User.Read"], account, force_refresh=True)
    assert "error" not in fresh, fresh


def test_a_password_that_is_wrong_is_refused(app):
    result = app.acquire_token_by_username_password(CUSTOMER.username, "not-the-password", ["User.Read"])
    assert result["error"] == "invalid_grant"
    assert result["error_codes"] == [50126]


def test_a_person_who_is_not_there_is_refused(app):
    result = app.acquire_token_by_username_password("nobody@harbourmutual.example", "whatever", ["User.Read"])
    assert result["error_codes"] == [50034]
    assert result["suberror"] == "bad_token"


def test_a_disabled_account_gets_no_tokens_by_password(app):
    result = app.acquire_token_by_username_password(FORMER.username, FORMER.password, ["User.Read"])
    assert result["error_codes"] == [50057]


@pytest.mark.parametrize("person", [CUSTOMER, BROKER], ids=repr)
def test_a_second_factor_needs_a_page(app, person):
    result = app.acquire_token_by_username_password(
        person.username, person.password, [f"{PAYMENTS_API}/Payments.Settle"]
    )
    assert result["error_codes"] == [50076]
    assert result["suberror"] == "basic_action"


def test_a_wrong_password_of_a_federated_person_is_a_fault(app):
    with pytest.raises(RuntimeError, match="FailedAuthentication"):
        app.acquire_token_by_username_password(BROKER.username, "not-the-password", ["User.Read"])


def test_an_assertion_of_saml_2_is_taken(home, session, tmp_path):
    seed = json.loads((ROOT / "docs" / "emulator-seed.json").read_text(encoding="utf-8"))
    seed["tenants"][0]["federatedDomains"] = [{"name": "federated.example", "samlVersion": "2.0"}]
    seed["users"][0].update(userPrincipalName="eve@federated.example", password="<Eve>&\"'-Pass-1")
    seed["servicePrincipals"][0]["roleAssignments"] = []
    seed["applications"][0]["allowPublicClient"] = True
    client_id = seed["applications"][0]["clientID"]
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(seed), encoding="utf-8")
    emulator = Emulator("--seed", path, home=home)
    try:
        session.verify = emulator.certificate
        session.mount("https://localhost", Port443(emulator.https))
        app = msal.PublicClientApplication(
            client_id, authority=f"{emulator.https}/contoso.example", instance_discovery=False, http_client=session
        )
        result = app.acquire_token_by_username_password("eve@federated.example", "<Eve>&\"'-Pass-1", ["User.Read"])
        assert "error" not in result, result
        assert result["id_token_claims"]["preferred_username"] == "eve@federated.example"
    finally:
        # A connection by TLS that is kept open holds the emulator up for as long as it waits for the client to say goodbye.
        session.close()
        emulator.stop_cleanly()
