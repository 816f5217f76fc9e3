# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The portal's answers one by one: fields that keep pages safe, spoofed hosts, strange requests, programs."""

import sqlite3

import pytest
import requests

from support import forms
from support.process import Portal
from support.seed import ADJUSTER, CUSTOMER

HTML = {"Accept": "text/html,application/xhtml+xml"}

#: A field that every answer has, and what its value must contain.
SAFE = {
    "Content-Security-Policy": ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action"],
    "X-Content-Type-Options": ["nosniff"],
    "X-Frame-Options": ["DENY"],
    "Referrer-Policy": [""],
    "Permissions-Policy": [""],
}


def assert_safe(answer):
    """Every field is there, and the policy lets no inline script or style through."""
    for name, parts in SAFE.items():
        assert name in answer.headers, f"{name} is missing on {answer.status_code} {answer.url}"
        for part in parts:
            assert part in answer.headers[name], f"{name}: {answer.headers[name]}"
    assert "unsafe-" not in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers or "/" not in answer.headers["Server"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/no-such-page", 404),
        ("GET", "/auth/no-such-page", 404),
        ("GET", "/%zz", None),
        ("GET", "/auth/callback", 400),
        ("GET", "/auth/error", None),
        ("GET", "/auth/signed-out", 200),
        ("GET", "/me", None),
        ("GET", "/policies/1", None),
        ("POST", "/claims/new", None),
        ("POST", "/auth/sign-out", None),
        ("PUT", "/", None),
        ("DELETE", "/policies", None),
        ("OPTIONS", "/", None),
        ("HEAD", "/", 200),
    ],
)
def test_every_answer_carries_the_fields(portal, session, method, path, status):
    answer = session.request(method, portal.url + path, headers=HTML, allow_redirects=False, timeout=30)
    assert answer.status_code < 500
    assert status is None or answer.status_code == status
    assert_safe(answer)


def test_refusals_of_signed_in_people_carry_the_fields_and_are_not_stored(portal, session):
    page = forms.sign_in(session, portal.url + "/policies", CUSTOMER)
    assert page.status_code == 200
    for path, status in (("/queue", 403), ("/admin", 403), ("/no-such-page", 404), ("/policies", 200), ("/me", 200)):
        answer = session.get(portal.url + path, headers=HTML, allow_redirects=False, timeout=30)
        assert answer.status_code == status, path
        assert_safe(answer)
        assert "no-store" in answer.headers.get("Cache-Control", ""), path
    refused = session.post(portal.url + "/claims/new", data={"amount": "1"}, headers=HTML, timeout=30)
    assert refused.status_code == 403
    assert_safe(refused)


def test_a_broken_portal_answers_with_a_page_and_the_fields(home, session, tmp_path):
    data = tmp_path / "portal.sqlite"
    portal = Portal("--data", data, home=home)
    assert forms.sign_in(session, portal.url + "/policies", CUSTOMER).status_code == 200
    with sqlite3.connect(data) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'msal_%'")
        for (table,) in tables.fetchall():
            database.execute("PRAGMA foreign_keys = OFF")
            database.execute(f'ALTER TABLE "{table}" RENAME TO "lost {table}"')
    answer = session.get(portal.url + "/policies", headers=HTML, timeout=30)
    assert answer.status_code == 500
    assert "text/html" in answer.headers["Content-Type"]
    assert "SQL" not in answer.text and "lost" not in answer.text.lower().split("<main")[-1]
    assert_safe(answer)
    portal.stop_cleanly()


SPOOFED = [
    {"Host": "evil.example"},
    {"Host": "localhost.evil.example:80"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Original-Host": "evil.example", "X-Forwarded-Prefix": "/evil.example"},
]


@pytest.mark.parametrize("headers", SPOOFED, ids=lambda headers: next(iter(headers)))
@pytest.mark.parametrize("path", ["/me", "/auth/sign-in?return_to=/me", "/", "/auth/callback", "/auth/signed-out", "/nothing"])
def test_a_spoofed_host_changes_no_address(portal, session, headers, path):
    answer = session.get(portal.url + path, headers={**HTML, **headers}, allow_redirects=False, timeout=30)
    sent = "\n".join([answer.text, *(f"{name}: {value}" for name, value in answer.headers.items())])
    assert "evil.example" not in sent
    if "authorize" in answer.headers.get("Location", ""):
        own = requests.utils.quote(portal.url + "/auth/callback", safe="")
        assert own.lower() in answer.headers["Location"].lower()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "/%5cevil.example", "/%2fevil.example",
        "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)", "http:evil.example", "/..//evil.example", "evil.example",
    ],
)  # fmt: skip
def test_no_return_path_leads_away(portal, session, target):
    first = session.get(
        portal.url + "/auth/sign-in", params={"return_to": target}, headers=HTML, allow_redirects=False, timeout=30
    )
    assert first.status_code < 500
    if first.is_redirect:
        page = forms.answer_provider(session, first, CUSTOMER.username, CUSTOMER.password)
        assert page.url.startswith(portal.url + "/"), page.url
        assert not page.url.startswith(portal.url + "//")


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_programs_get_problem_documents(portal, session, accept):
    for path, status in (("/me", 401), ("/policies", 401)):
        answer = session.get(portal.url + path, headers={"Accept": accept}, allow_redirects=False, timeout=30)
        assert answer.status_code == status
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert answer.json()["status"] == status
        assert_safe(answer)
    forms.sign_in(session, portal.url + "/policies", CUSTOMER)
    answer = session.get(portal.url + "/queue", headers={"Accept": accept}, allow_redirects=False, timeout=30)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_scripts_of_a_page_are_not_sent_to_the_provider(portal, session):
    fetched = {"Accept": "*/*", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    answer = session.get(portal.url + "/me", headers=fetched, allow_redirects=False, timeout=30)
    assert answer.status_code == 401


def test_forms_need_their_token_and_their_origin(portal, session):
    page = forms.sign_in(session, portal.url + "/claims/new", CUSTOMER)
    form = next(form for form in forms.forms_of(page) if "csrf_token" in form.values and form.action == "/claims/new")
    token = form.values["csrf_token"]
    url, origin = portal.url + "/claims/new", {"Origin": portal.url}
    tries = [
        ({}, origin, 403),
        ({"csrf_token": "x" * len(token)}, origin, 403),
        ({"csrf_token": token}, {"Origin": "https://evil.example"}, 403),
        ({"csrf_token": token}, {"Origin": portal.url, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"csrf_token": token}, {"Origin": portal.url, "Sec-Fetch-Site": "same-origin"}, None),
    ]
    for fields, headers, status in tries:
        answer = session.post(url, data=fields, headers={**HTML, **headers}, allow_redirects=False, timeout=30)
        assert (answer.status_code == status) if status else (answer.status_code not in (403, 500)), (fields, headers)
    with requests.Session() as other:
        forms.sign_in(other, portal.url + "/claims/new", ADJUSTER)
        answer = other.post(url, data={"csrf_token": token}, headers={**HTML, **origin}, allow_redirects=False, timeout=30)
        assert answer.status_code == 403, "a token of another session"


def test_the_session_gets_a_new_name_at_each_sign_in(portal, session):
    planted = "planted-" + "A" * 35
    for name in ("session", "__Host-session"):
        session.cookies.set(name, planted, domain="localhost.local", path="/")
        session.headers["Cookie"] = f"session={planted}"
    answer = session.get(portal.url + "/", headers=HTML, timeout=30)
    assert planted not in str(answer.headers)
    del session.headers["Cookie"]
    session.cookies.clear()
    names = []
    for _ in range(2):
        forms.sign_in(session, portal.url + "/auth/sign-in?return_to=/policies", CUSTOMER)
        names.append(session.cookies.get("session"))
    assert None not in names and names[0] != names[1]
    with requests.Session() as old:
        old.headers["Cookie"] = f"session={names[0]}"
        answer = old.get(portal.url + "/policies", headers=HTML, allow_redirects=False, timeout=30)
        assert answer.status_code in (302, 303), "the session of before is over"


def test_a_huge_request_is_refused_without_harm(portal, session):
    for data in ({"account": "x" * 3_000_000}, {f"field{number}": "x" for number in range(20_000)}):
        try:
            answer = session.post(portal.url + "/claims/new", data=data, headers=HTML, allow_redirects=False, timeout=30)
            assert 300 <= answer.status_code < 500
        except requests.exceptions.ConnectionError:
            pass
    assert requests.get(portal.url + "/healthz", timeout=30).status_code == 200
