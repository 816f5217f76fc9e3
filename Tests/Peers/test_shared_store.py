# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""Two portals behind one address, with their sessions and tokens in one PostgreSQL: as good as one, and none the worse
when the server is away for a while. `Scripts/with-postgres` starts it."""

import base64
import concurrent.futures
import contextlib
import functools
import json
import os
import re
import secrets
import subprocess
import time
import urllib.parse

import pytest
import requests

from support import forms, pages
from support.forms import PAGE
from support.load import Load, SignIns, browse, look
from support.process import Portal, Process, unused_port
from support.relay import Balancer, Relay
from support.seed import ADMIN, CUSTOMER, PORTAL_ID, PORTAL_SECRET, ROLES, TENANT

#: How long a request may take while the server is away: an error comes at once, and is not waited for.
QUICK = 3.0


@pytest.fixture(scope="module")
def server(seen):
    """The PostgreSQL server: its connection string, and stopping and starting it."""
    assert "MSAL_TEST_POSTGRES" in os.environ, "run these tests with Scripts/with-postgres, as Scripts/test does"
    uri = os.environ["MSAL_TEST_POSTGRES"]
    seen.add("password of the store", urllib.parse.urlsplit(uri).password)

    class Server:
        address = uri

        @staticmethod
        @contextlib.contextmanager
        def away(how):
            control = os.environ["MSAL_TEST_POSTGRES_CONTROL"]
            subprocess.run([control, how], check=True, timeout=120)
            try:
                yield
            finally:
                subprocess.run([control, "start"], check=True, timeout=120)

    return Server


@pytest.fixture(scope="module")
def provider(emulator, seen):
    """The emulator behind a relay that records everything."""
    relay = Relay(emulator.http, seen)
    yield relay
    relay.close()


@pytest.fixture(scope="module")
def site(provider, server, home, seen):
    """Two portals behind one address: each request goes to the other one than the request before."""
    balancer = Balancer(seen)
    environment = {
        "AZURE_AD_AUTHORITY": f"{provider.url}/{TENANT}",
        "AZURE_AD_CLIENT_ID": PORTAL_ID,
        "AZURE_AD_CLIENT_SECRET": PORTAL_SECRET,
        "GRAPH_BASE_URL": provider.url,
        "WEB_PUBLIC_BASE_URL": balancer.url,
        "WEB_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WEB_STORE": server.address,
    }
    portals = []
    for _ in range(2):
        port = unused_port()
        portals.append(Portal("--no-emulator", home=home, environment=environment, port=port))
        balancer.upstreams.append(f"http://localhost:{port}")
    balancer.portals = portals
    yield balancer
    for portal in portals:
        portal.stop_cleanly()
    balancer.close()


@pytest.fixture(autouse=True)
def forget(site, provider):
    """What earlier tests sent is not counted."""
    provider.alter = None
    provider.exchanges.clear()
    site.exchanges.clear()
    yield
    provider.alter = None


def token_requests(provider, grant):
    """The token requests of a kind that the provider has got."""
    sent = [urllib.parse.parse_qs(exchange.body.decode()) for exchange in provider.requests_to("/oauth2/v2.0/token")]
    return [fields for fields in sent if fields["grant_type"] == [grant]]


def get(client, url):
    """A page, without following redirects."""
    return client.get(url, headers=PAGE, allow_redirects=False, timeout=60)


def signed_in_people(site, seen):
    """Somebody of each role, with the cookies of a browser that has signed in."""
    people = []
    for person in ROLES:
        with requests.Session() as client:
            client.trust_env = False
            assert forms.sign_in(seen.watch(client), site.url + "/me", person).status_code == 200
            people.append((person, client.cookies.get_dict()))
    return people


@pytest.mark.parametrize("person", ROLES, ids=repr)
def test_a_sign_in_at_one_is_one_at_both(site, provider, session, person):
    answer = forms.sign_in(session, site.url + "/me", person)
    assert answer.status_code == 200 and person.display_name in answer.text
    site.exchanges.clear()
    for _ in range(4):
        for path in ("/me", person.page):
            answer = get(session, site.url + path)
            assert answer.status_code == 200 and person.display_name in answer.text
        # An odd number of requests: the next round begins at the other one.
        assert get(session, site.url + "/").status_code == 200
    served = [(exchange.path, exchange.upstream) for exchange in site.exchanges]
    for path in ("/me", person.page, "/"):
        assert {upstream for asked, upstream in served if asked == path} == set(site.upstreams)
    assert len(token_requests(provider, "authorization_code")) == 1
    assert token_requests(provider, "refresh_token") == [], "the token that one got serves both"


def test_a_person_in_a_browser_notices_nothing(site, provider, browser):
    browser.sign_in_at(site, CUSTOMER, "/me")
    for path in ("/policies", "/me", "/", "/me", "/policies"):
        browser.go(site.url + path)
        browser.wait_for_path(path)
        assert CUSTOMER.display_name in browser.one(pages.PERSON).text
    assert {exchange.upstream for exchange in site.exchanges} == set(site.upstreams)
    browser.sign_out()
    for path in ("/", "/"):
        browser.go(site.url + path)
        assert browser.one(pages.SIGN_IN)


def test_a_token_that_both_need_anew_is_asked_for_once(site, provider, session):
    def short_lived(exchange):
        if "/oauth2/v2.0/token" in exchange.path and b"authorization_code" in exchange.body:
            answer = json.loads(exchange.answer_body)
            exchange.answer_body = json.dumps({**answer, "expires_in": 8}).encode()

    provider.alter = short_lived
    assert forms.sign_in(session, site.url + "/me", CUSTOMER).status_code == 200
    provider.alter = None
    for _ in range(2):
        assert get(session, site.url + "/me").status_code == 200
    assert token_requests(provider, "refresh_token") == []
    # It is good for eight seconds, and renewed in the last quarter of them: the way time passes outside of tests.
    time.sleep(8)
    cookies = session.cookies.get_dict()
    with concurrent.futures.ThreadPoolExecutor(16) as crowd:
        calls = [crowd.submit(requests.get, site.url + "/me", headers=PAGE, cookies=cookies, timeout=60) for _ in range(32)]
        answers = [call.result() for call in calls]
    assert [answer.status_code for answer in answers] == [200] * 32
    assert all(CUSTOMER.display_name in answer.text for answer in answers)
    assert {exchange.upstream for exchange in site.exchanges[-32:]} == set(site.upstreams)
    assert len(token_requests(provider, "refresh_token")) == 1


def test_a_sign_out_at_one_is_one_at_both(site, session):
    page = forms.sign_in(session, site.url + "/me", CUSTOMER)
    cookies = session.cookies.get_dict()
    form = next(form for form in forms.forms_of(page) if "sign-out" in form.action)
    signed_out = forms.send(session, page, form)
    assert signed_out.status_code in (200, 302, 303)
    # The cookie as it was, so that it is the store that knows.
    for _ in range(4):
        answer = requests.get(site.url + "/me", headers=PAGE, cookies=cookies, allow_redirects=False, timeout=60)
        assert answer.status_code in (302, 303) and "/auth/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_server_that_is_away_costs_an_error_page_and_nobody_their_session(site, server, seen, how, capsys):
    with contextlib.ExitStack() as open_clients:
        people = signed_in_people(site, seen)
        load = Load(
            ("page", functools.partial(browse, site.url + path, person, cookies))
            for person, cookies in people
            for path in ("/me", person.page)
        )
        try:
            load.wait_for("page", 200, at_least=40)
            with server.away(how):
                load.wait_for("page", 503, at_least=40)
                for _ in range(2):
                    stranger = requests.get(site.url + "/", headers=PAGE, timeout=60)
                    assert stranger.status_code == 200, "a page for everybody needs no store"
                    member = requests.get(site.url + "/me", headers=PAGE, cookies=people[0][1], timeout=60)
                    assert member.status_code == 503 and "<h1" in member.text
            # Each of the two portals finds out by itself that the server is back.
            load.wait_for_quiet(40)
        finally:
            load.stop()
        assert load.strangers == [], "nothing but pages and error pages"
        assert load.slowest_failures["page"] < QUICK
        for person, cookies in people:
            for _ in range(2):
                answer = requests.get(
                    site.url + "/me", headers=PAGE, cookies=cookies, allow_redirects=False, timeout=60
                )
                assert answer.status_code == 200 and person.display_name in answer.text
        newcomer = open_clients.enter_context(requests.Session())
        newcomer.trust_env = False
        assert forms.sign_in(seen.watch(newcomer), site.url + "/me", ADMIN).status_code == 200
    assert all(portal.process.poll() is None for portal in site.portals)
    with capsys.disabled():
        print(f"\n{how}: {load}; the slowest failure took {load.slowest_failures['page']:.2f} s")


def test_a_server_that_dies_while_people_sign_in_and_refresh_loses_nobody(site, provider, server, seen, capsys):
    def due_at_once(exchange):
        if "/oauth2/v2.0/token" in exchange.path and exchange.status == 200:
            answer = json.loads(exchange.answer_body)
            exchange.answer_body = json.dumps({**answer, "expires_in": 1}).encode()

    begin = time.monotonic()
    page = site.url + "/me"
    provider.alter = due_at_once
    people = signed_in_people(site, seen)
    newcomers = [(person, SignIns(page, person, seen.watch)) for person in ROLES]
    jobs = [("sign-in", sign_in) for _, sign_in in newcomers]
    jobs += [("page", functools.partial(browse, page, person, cookies)) for person, cookies in people]
    load = Load([*jobs, ("public page", functools.partial(look, site.url + "/"))])

    def wait_for_renewals():
        goal = len(token_requests(provider, "refresh_token")) + 2 * len(ROLES)
        load.wait_until(lambda: len(token_requests(provider, "refresh_token")) >= goal, "renewals")

    try:
        for _ in range(2):
            load.wait_for("sign-in", 200, at_least=4)
            load.wait_for("page", 200, at_least=40)
            wait_for_renewals()
            with server.away("kill"):
                load.wait_for("sign-in", 503, at_least=4)
                load.wait_for("page", 503, at_least=40)
                load.wait_for("public page", 200, at_least=4)
            load.wait_for_quiet(40)
            load.wait_for("sign-in", 200, at_least=4)
            wait_for_renewals()
    finally:
        load.stop()
    assert load.strangers == [], "pages and error pages, nobody sent to sign in again, and public pages throughout"
    assert load.slowest_failures["page"] < QUICK
    # The second for which the last tokens are good: the way time passes outside of tests.
    time.sleep(1)
    everybody = people + [(person, cookies) for person, sign_in in newcomers for cookies in sign_in.acknowledged]
    sign_ins = len(token_requests(provider, "authorization_code"))
    renewals = len(token_requests(provider, "refresh_token"))
    with concurrent.futures.ThreadPoolExecutor(8) as crowd:
        # One after the other comes to another of the two portals.
        calls = [crowd.submit(browse, page, *one) for one in everybody for _ in range(2)]
        assert [call.result() for call in calls] == [(200, None)] * len(calls)
    assert len(token_requests(provider, "authorization_code")) == sign_ins
    assert len(token_requests(provider, "refresh_token")) >= renewals + len(ROLES), "everybody's refresh token is good"
    refused = [exchange for exchange in provider.requests_to("/oauth2/v2.0/token") if exchange.status != 200]
    assert refused == []
    assert all(portal.process.poll() is None for portal in site.portals)
    with capsys.disabled():
        print(
            f"\nkilled twice: {load}; {len(everybody)} browsers still signed in, {renewals} renewals, "
            f"{time.monotonic() - begin:.0f} s"
        )


#: Stores that cannot be used: what is wrong with the address, and what the one sentence says.
WRONG = {
    "password": (lambda uri: re.sub(r":[^:@/]+@", ":seek-wrong@", uri), "its password is wrong"),
    "database": (lambda uri: uri.rsplit("/", 1)[0] + "/nowhere", 'no database "nowhere"'),
    "form": (lambda _: "postgresql://seek-wrong:[", "cannot be read"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_store_that_cannot_be_used_is_said_in_a_sentence(home, server, name):
    change, said = WRONG[name]
    environment = {
        "AZURE_AD_TENANT_ID": TENANT,
        "AZURE_AD_CLIENT_ID": PORTAL_ID,
        "AZURE_AD_CLIENT_SECRET": PORTAL_SECRET,
        "WEB_PUBLIC_BASE_URL": "http://localhost:8080",
        "WEB_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WEB_STORE": change(server.address),
        "LOG_LEVEL": "warning",
    }
    process = Process("insurance-portal", "--port", 0, "--no-emulator", home=home, environment=environment)
    assert process.wait_until_exit() == 78
    assert said in process.output()
    assert len(process.output().strip().splitlines()) == 1
    assert "seek-wrong" not in process.output()
    assert urllib.parse.urlsplit(server.address).password not in process.output()


def test_a_shared_store_needs_shared_keys(home, server):
    environment = {
        "AZURE_AD_TENANT_ID": TENANT,
        "AZURE_AD_CLIENT_ID": PORTAL_ID,
        "AZURE_AD_CLIENT_SECRET": PORTAL_SECRET,
        "WEB_PUBLIC_BASE_URL": "http://localhost:8080",
        "WEB_STORE": server.address,
    }
    process = Process("insurance-portal", "--port", 0, "--no-emulator", home=home, environment=environment)
    assert process.wait_until_exit() == 78
    assert "WEB_KEYS" in process.output()


def test_a_portal_starts_without_its_store_and_uses_it_later(home, server, provider, session):
    port = unused_port()
    environment = {
        "AZURE_AD_AUTHORITY": f"{provider.url}/{TENANT}",
        "AZURE_AD_CLIENT_ID": PORTAL_ID,
        "AZURE_AD_CLIENT_SECRET": PORTAL_SECRET,
        "GRAPH_BASE_URL": provider.url,
        "WEB_PUBLIC_BASE_URL": f"http://localhost:{port}",
        "WEB_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WEB_STORE": server.address,
    }
    with server.away("stop"):
        portal = Portal("--no-emulator", home=home, environment=environment, port=port)
        assert get(session, portal.url + "/").status_code == 200
    deadline = time.monotonic() + 30
    while (page := forms.sign_in(session, portal.url + "/me", CUSTOMER)).status_code == 503:
        assert time.monotonic() < deadline
        # The portal's own time: it looks for a store that was away every now and then.
        time.sleep(0.2)
    assert page.status_code == 200 and CUSTOMER.display_name in page.text
    portal.stop_cleanly()
