# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""MSAL for Python against the emulator over https, with the emulator's own certificate authority."""

import urllib.parse

import jwt
import msal
import pytest
import requests

from support import forms
from support.seed import ADJUSTER, CLAIMS_API, CUSTOMER, FORMER, GUEST, NIGHTLY_ID, NIGHTLY_SECRET, PORTAL_ID
from support.seed import PORTAL_SECRET, TENANT

REDIRECT = "http://localhost:5000/auth/callback"
GRAPH = "https://graph.microsoft.com"


@pytest.fixture
def authority(emulator):
    """The tenant's authority, over https."""
    return f"{emulator.https}/{TENANT}"


@pytest.fixture
def http(session, emulator):
    """A client that trusts the emulator's authority and nothing else."""
    session.verify = emulator.certificate
    return session


def application(authority, http, client_id=PORTAL_ID, secret=PORTAL_SECRET, **more):
    """MSAL's confidential client."""
    return msal.ConfidentialClientApplication(
        client_id, client_credential=secret, authority=authority, instance_discovery=False, http_client=http, **more
    )


def sign_in(app, http, person, scopes=("User.Read",), **more):
    """The authorization code flow, with the pages answered in between; MSAL's answer."""
    flow = app.initiate_auth_code_flow(list(scopes), redirect_uri=REDIRECT, **more)
    page = http.get(flow["auth_uri"], allow_redirects=False, timeout=30)
    answer = forms.answer_provider(http, page, person.username, person.password, until=REDIRECT)
    assert isinstance(answer, str), f"the provider stays at {answer.url}:\n{answer.text[:2000]}"
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query, keep_blank_values=True))
    return app.acquire_token_by_auth_code_flow(flow, query)


@pytest.mark.parametrize("person", [CUSTOMER, ADJUSTER, GUEST], ids=repr)
def test_a_person_signs_in_by_authorization_code(authority, http, person):
    app = application(authority, http)
    result = sign_in(app, http, person)
    assert "error" not in result, result
    claims = result["id_token_claims"]
    assert claims["preferred_username"] == person.username
    assert claims["name"] == person.display_name
    assert claims["tid"] == TENANT
    assert claims.get("roles", []) == ([person.role] if person.role else [])
    [account] = app.get_accounts()
    assert account["username"] == person.username
    assert account["home_account_id"] == f"{claims['oid']}.{TENANT}"


def test_tokens_are_refreshed_silently(authority, http):
    app = application(authority, http)
    first = sign_in(app, http, CUSTOMER)
    [account] = app.get_accounts()
    cached = app.acquire_token_silent(["User.Read"], account)
    assert cached["access_token"] == first["access_token"]
    fresh = app.acquire_token_silent_with_error(["User.Read"], account, force_refresh=True)
    assert "error" not in fresh, fresh
    assert fresh["access_token"] != first["access_token"]
    again = app.acquire_token_silent_with_error(["User.Read"], account, force_refresh=True)
    assert again["access_token"] not in (first["access_token"], fresh["access_token"])


def test_a_refresh_token_gets_tokens_for_another_api(authority, http):
    app = application(authority, http)
    sign_in(app, http, CUSTOMER)
    [account] = app.get_accounts()
    result = app.acquire_token_silent_with_error([f"{CLAIMS_API}/Claims.Read"], account)
    assert "error" not in result, result
    assert "Claims.Read" in result["scope"]


def test_the_access_token_opens_graph(authority, http, emulator):
    result = sign_in(application(authority, http), http, CUSTOMER)
    bearer = {"Authorization": f"Bearer {result['access_token']}"}
    me = http.get(f"{emulator.https}/v1.0/me", headers=bearer, timeout=30)
    assert me.status_code == 200
    assert me.json()["displayName"] == CUSTOMER.display_name
    for wrong in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Bearer {result['id_token']}"}):
        assert http.get(f"{emulator.https}/v1.0/me", headers=wrong, timeout=30).status_code == 401


def test_a_nightly_job_gets_a_token_of_its_own(authority, http):
    app = application(authority, http, NIGHTLY_ID, NIGHTLY_SECRET)
    result = app.acquire_token_for_client([f"{CLAIMS_API}/.default"])
    assert "error" not in result, result
    claims = jwt.decode(result["access_token"], options={"verify_signature": False})
    assert claims["roles"] == ["Claims.Read.All"]
    assert "scp" not in claims
    assert app.acquire_token_for_client([f"{CLAIMS_API}/.default"])["token_source"] == "cache"


def test_a_wrong_secret_is_refused_with_the_platforms_envelope(authority, http):
    app = application(authority, http, NIGHTLY_ID, "not-the-secret-at-all")
    result = app.acquire_token_for_client([f"{CLAIMS_API}/.default"])
    assert result["error"] == "invalid_client"
    assert 7000215 in result["error_codes"]
    assert result["error_description"].startswith("AADSTS7000215")
    for member in ("timestamp", "trace_id", "correlation_id"):
        assert result[member]


def test_an_unknown_client_is_refused_with_the_platforms_envelope(authority, http):
    app = application(authority, http, "00000000-1111-2222-3333-444444444444", "some-secret-or-other")
    result = app.acquire_token_for_client([f"{CLAIMS_API}/.default"])
    assert result["error"] in ("unauthorized_client", "invalid_client")
    assert 700016 in result["error_codes"]


def test_a_code_works_once(authority, http):
    app = application(authority, http)
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REDIRECT)
    page = http.get(flow["auth_uri"], allow_redirects=False, timeout=30)
    answer = forms.answer_provider(http, page, CUSTOMER.username, CUSTOMER.password, until=REDIRECT)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query))
    assert "access_token" in app.acquire_token_by_auth_code_flow(dict(flow), dict(query))
    again = app.acquire_token_by_auth_code_flow(dict(flow), dict(query))
    assert again["error"] == "invalid_grant"
    assert 54005 in again["error_codes"] or 70000 in again["error_codes"]


def test_a_code_needs_its_verifier(authority, http):
    app = application(authority, http)
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REDIRECT)
    page = http.get(flow["auth_uri"], allow_redirects=False, timeout=30)
    answer = forms.answer_provider(http, page, CUSTOMER.username, CUSTOMER.password, until=REDIRECT)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query))
    flow["code_verifier"] = "A" * 43
    result = app.acquire_token_by_auth_code_flow(flow, query)
    assert result["error"] == "invalid_grant"
    assert 501481 in result["error_codes"]


def test_a_redirect_address_that_is_not_registered_is_never_redirected_to(authority, http):
    app = application(authority, http)
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri="https://elsewhere.example/auth/callback")
    page = http.get(flow["auth_uri"], allow_redirects=False, timeout=30)
    assert not page.is_redirect
    assert "AADSTS50011" in page.text


def test_a_disabled_account_is_refused(authority, http):
    app = application(authority, http)
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REDIRECT)
    page = http.get(flow["auth_uri"], allow_redirects=False, timeout=30)
    answer = forms.send_person(http, page, FORMER)
    assert "AADSTS50057" in answer.text or "locked" in answer.text or "disabled" in answer.text


@pytest.mark.parametrize("which", ["id_token", "claims_api", "app_token"])
def test_pyjwt_verifies_the_tokens(authority, http, emulator, which):
    if which == "app_token":
        app = application(authority, http, NIGHTLY_ID, NIGHTLY_SECRET)
        token = app.acquire_token_for_client([f"{CLAIMS_API}/.default"])["access_token"]
    else:
        app = application(authority, http)
        scopes = [f"{CLAIMS_API}/Claims.Read"] if which == "claims_api" else ["User.Read"]
        token = sign_in(app, http, CUSTOMER, scopes)["access_token" if which == "claims_api" else "id_token"]
    metadata = http.get(f"{authority}/v2.0/.well-known/openid-configuration", timeout=30).json()
    assert metadata["issuer"].startswith(emulator.https)
    keys = jwt.PyJWKSet.from_dict(http.get(metadata["jwks_uri"], timeout=30).json())
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "RS256"
    key = keys[header["kid"]]
    audience = jwt.decode(token, options={"verify_signature": False})["aud"]
    claims = jwt.decode(
        token, key, algorithms=["RS256"], audience=audience, issuer=[metadata["issuer"], f"{emulator.https}/{TENANT}/"],
        options={"require": ["exp", "iat", "nbf", "aud", "iss", "sub", "tid"]},
    )  # fmt: skip
    assert (claims["aud"] == PORTAL_ID) == (which == "id_token")
    head, body, signature = token.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        changed = signature[:-8] + ("A" * 8 if signature[-8:] != "A" * 8 else "B" * 8)
        jwt.decode(f"{head}.{body}.{changed}", key, algorithms=["RS256"], audience=audience)


def test_https_needs_the_emulators_authority(emulator):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{emulator.https}/common/v2.0/.well-known/openid-configuration", timeout=30)


def test_instance_discovery_knows_the_emulator(emulator, http, authority):
    answer = http.get(
        f"{emulator.https}/common/discovery/instance",
        params={"api-version": "1.1", "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize"},
        timeout=30,
    )
    assert answer.status_code == 200
    assert answer.json()["tenant_discovery_endpoint"]
    assert isinstance(answer.json()["metadata"], list)
