# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""MSAL for Python with certificates, assertions of other issuers, on behalf of, and agents, against the emulator."""

import json
import urllib.parse

import jwt
import msal
import pytest

from support import forms
from support.certificate import PASSPHRASE, Certificate
from support.process import Emulator
from support.seed import ADJUSTER, AGENT_ID, AGENTS_ID, AGENTS_SECRET, CLAIMS_API, CLAIMS_API_ID, CLAIMS_API_SECRET
from support.seed import NIGHTLY_ID, PAYMENTS_API, PORTAL_ID, PORTAL_SECRET, TENANT

REDIRECT = "http://localhost:5000/auth/callback"
SCOPES = [f"{CLAIMS_API}/.default"]
EXCHANGE = "api://AzureADTokenExchange/.default"


@pytest.fixture(scope="module")
def certificate():
    """The daemon's certificate."""
    return Certificate("daemon.harbourmutual.example")


@pytest.fixture(scope="module")
def emulator(home, tmp_path_factory, certificate):
    """An emulator that knows the daemon's certificate."""
    path = tmp_path_factory.mktemp("certificates") / "daemon.pem"
    path.write_text(certificate.pem)
    process = Emulator("--client-certificate", f"{NIGHTLY_ID}={path}", home=home)
    yield process
    process.stop_cleanly()


@pytest.fixture
def http(session, emulator):
    """A client that trusts the emulator's authority and nothing else."""
    session.verify = emulator.certificate
    return session


def application(emulator, http, client_id, credential, tenant=TENANT, **more):
    """MSAL's confidential client."""
    return msal.ConfidentialClientApplication(
        client_id, client_credential=credential, authority=f"{emulator.https}/{tenant}", instance_discovery=False,
        http_client=http, **more,
    )  # fmt: skip


def claims_of(result):
    """What the access token of a result says."""
    assert "access_token" in result, result
    return jwt.decode(result["access_token"], options={"verify_signature": False})


def sign_in(app, http, person, scopes, claims=None):
    """The authorization code flow with the pages answered in between, the second factor among them; MSAL's answer."""
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=REDIRECT, claims_challenge=claims)
    page = http.get(flow["auth_uri"], allow_redirects=False, timeout=30)
    answer = forms.answer_provider(http, page, person.username, person.password, until=REDIRECT)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query, keep_blank_values=True))
    return app.acquire_token_by_auth_code_flow(flow, query)


# Certificates


KINDS = [
    "PEM, PS256", "PEM, RS256 by thumbprint", "PEM, thumbprint and x5c", "PEM with a passphrase", "PFX", "PFX and x5c",
]  # fmt: skip


def credentials(certificate, folder):
    """The ways in which MSAL takes a certificate."""
    key = certificate.private_key()
    return {
        "PEM, PS256": {"private_key": key, "public_certificate": certificate.pem},
        "PEM, RS256 by thumbprint": {"private_key": key, "thumbprint": certificate.thumbprint},
        "PEM, thumbprint and x5c": {
            "private_key": key, "thumbprint": certificate.thumbprint, "public_certificate": certificate.pem,
        },
        "PEM with a passphrase": {
            "private_key": certificate.private_key(PASSPHRASE), "passphrase": PASSPHRASE,
            "thumbprint": certificate.thumbprint,
        },
        "PFX": {"private_key_pfx_path": certificate.pfx(folder), "passphrase": PASSPHRASE},
        "PFX and x5c": {
            "private_key_pfx_path": certificate.pfx(folder), "passphrase": PASSPHRASE, "public_certificate": True,
        },
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_signs_in(emulator, http, certificate, tmp_path, kind):
    app = application(emulator, http, NIGHTLY_ID, credentials(certificate, tmp_path)[kind])
    claims = claims_of(app.acquire_token_for_client(SCOPES))
    assert claims["roles"] == ["Claims.Read.All"]
    assert claims["azpacr"] == "2"
    # The assertion is used again for another token.
    assert claims_of(app.acquire_token_for_client(["https://graph.microsoft.com/.default"]))["appidacr"] == "2"


def test_the_authority_may_be_named_by_domain(emulator, http, certificate):
    credential = {"private_key": certificate.private_key(), "public_certificate": certificate.pem}
    app = application(emulator, http, NIGHTLY_ID, credential, tenant="harbourmutual.example")
    assert claims_of(app.acquire_token_for_client(SCOPES))["tid"] == TENANT


def test_an_unknown_certificate_is_refused(emulator, http):
    stranger = Certificate("stranger.example")
    credential = {"private_key": stranger.private_key(), "public_certificate": stranger.pem}
    result = application(emulator, http, NIGHTLY_ID, credential).acquire_token_for_client(SCOPES)
    assert result["error"] == "invalid_client"
    assert result["error_codes"] == [700027]


def test_an_overridden_claim_is_read(emulator, http, certificate):
    credential = {"private_key": certificate.private_key(), "thumbprint": certificate.thumbprint}
    app = application(emulator, http, NIGHTLY_ID, credential, client_claims={"sub": PORTAL_ID})
    assert app.acquire_token_for_client(SCOPES)["error_codes"] == [50048]


def test_a_certificate_is_trusted_by_subject_name_and_issuer(home, session, tmp_path):
    authority = Certificate("authority.example", is_authority=True)
    seed = {
        "tenants": [{"id": TENANT, "displayName": "Harbour Mutual", "domains": ["harbourmutual.example"]}],
        "applications": [{
            "clientID": NIGHTLY_ID, "displayName": "Nightly", "homeTenant": TENANT,
            "trustedSubjects": [{"subjectName": "daemon.example", "authority": authority.pem}],
        }],
        "servicePrincipals": [{"tenant": TENANT, "application": NIGHTLY_ID}],
    }  # fmt: skip
    (tmp_path / "seed.json").write_text(json.dumps(seed))
    process = Emulator("--seed", tmp_path / "seed.json", home=home)
    session.verify = process.certificate
    for leaf, code in [
        (Certificate("daemon.example", issuer=authority), None),
        (Certificate("daemon.example", issuer=authority), None),
        (Certificate("other.example", issuer=authority), 700030),
        (Certificate("daemon.example"), 700030),
    ]:
        credential = {
            "private_key": leaf.private_key(), "thumbprint": leaf.thumbprint, "public_certificate": leaf.pem,
        }  # fmt: skip
        app = application(process, session, NIGHTLY_ID, credential)
        result = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])
        assert result.get("error_codes", [None]) == [code], result
    session.close()
    process.stop_cleanly()


# Assertions of another issuer


def workload_token(emulator, http, subject="system:serviceaccount:claims:nightly", cluster="harbour-cluster"):
    """A token of a made-up cluster, as its file would hold it."""
    answer = http.get(f"{emulator.https}/workload/{cluster}/token", params={"subject": subject}, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_workload_signs_in_by_a_token_of_its_cluster(emulator, http):
    asked = []

    def assertion(context):
        asked.append(context)
        return workload_token(emulator, http)

    app = application(emulator, http, NIGHTLY_ID, {"client_assertion": assertion})
    claims = claims_of(app.acquire_token_for_client(SCOPES))
    assert claims["roles"] == ["Claims.Read.All"]
    assert claims["azpacr"] == "2"
    assert asked[0]["client_id"] == NIGHTLY_ID


@pytest.mark.parametrize(
    "more, code",
    [({"subject": "system:serviceaccount:claims:other"}, 700213), ({"cluster": "elsewhere"}, 700211)],
)
def test_another_workload_is_refused(emulator, http, more, code):
    app = application(
        emulator, http, NIGHTLY_ID, {"client_assertion": lambda: workload_token(emulator, http, **more)}
    )
    result = app.acquire_token_for_client(SCOPES)
    assert result["error"] == "invalid_client"
    assert result["error_codes"] == [code]


# On behalf of


def test_an_api_calls_graph_on_behalf_of_its_caller(emulator, http):
    portal = application(emulator, http, PORTAL_ID, PORTAL_SECRET)
    caller = sign_in(portal, http, ADJUSTER, [f"{CLAIMS_API}/Claims.Read"])
    api = application(emulator, http, CLAIMS_API_ID, CLAIMS_API_SECRET)
    result = api.acquire_token_on_behalf_of(caller["access_token"], ["https://graph.microsoft.com/User.Read"])
    claims = claims_of(result)
    assert claims["appid"] == CLAIMS_API_ID
    assert claims["upn"] == ADJUSTER.username
    me = http.get(
        f"{emulator.https}/v1.0/me", headers={"Authorization": f"Bearer {result['access_token']}"}, timeout=30
    )
    assert me.json()["displayName"] == ADJUSTER.display_name
    # MSAL asks for offline_access by itself, so the API has an account with a refresh token now.
    [account] = api.get_accounts()
    fresh = api.acquire_token_silent_with_error(
        ["https://graph.microsoft.com/User.Read"], account, force_refresh=True
    )
    assert claims_of(fresh)["upn"] == ADJUSTER.username


@pytest.mark.parametrize("which, code", [("id_token", 240002), ("graph", 500131)])
def test_another_token_is_no_assertion(emulator, http, which, code):
    portal = application(emulator, http, PORTAL_ID, PORTAL_SECRET)
    scope = "User.Read" if which == "graph" else f"{CLAIMS_API}/Claims.Read"
    caller = sign_in(portal, http, ADJUSTER, [scope])
    api = application(emulator, http, CLAIMS_API_ID, CLAIMS_API_SECRET)
    token = caller["id_token" if which == "id_token" else "access_token"]
    result = api.acquire_token_on_behalf_of(token, ["https://graph.microsoft.com/User.Read"])
    assert result["error"] == "invalid_grant"
    assert result["error_codes"] == [code]


def test_a_policy_sends_its_claims_through_the_api_to_the_person(emulator, http):
    portal = application(emulator, http, PORTAL_ID, PORTAL_SECRET, client_capabilities=["CP1"])
    caller = sign_in(portal, http, ADJUSTER, [f"{CLAIMS_API}/Claims.Read"])
    assert claims_of(caller)["xms_cc"] == ["cp1"]
    api = application(emulator, http, CLAIMS_API_ID, CLAIMS_API_SECRET)
    refused = api.acquire_token_on_behalf_of(caller["access_token"], [f"{PAYMENTS_API}/.default"])
    assert refused["error"] == "interaction_required"
    assert refused["suberror"] == "basic_action"
    challenge = json.loads(refused["claims"])
    assert challenge["access_token"]["capolids"]["essential"] is True
    # The person is asked for the second factor only: the browser is still signed in.
    stepped_up = sign_in(portal, http, ADJUSTER, [f"{CLAIMS_API}/Claims.Read"], claims=refused["claims"])
    assert claims_of(stepped_up)["amr"] == ["pwd", "mfa"]
    result = api.acquire_token_on_behalf_of(stepped_up["access_token"], [f"{PAYMENTS_API}/.default"])
    assert claims_of(result)["scp"] == "Payments.Settle"
    assert claims_of(result)["acrs"] == ["c1"]


def test_a_silent_request_hears_of_the_policy(emulator, http):
    portal = application(emulator, http, PORTAL_ID, PORTAL_SECRET)
    sign_in(portal, http, ADJUSTER, ["User.Read"])
    [account] = portal.get_accounts()
    refused = portal.acquire_token_silent_with_error([f"{PAYMENTS_API}/Payments.Settle"], account)
    assert refused["error"] == "invalid_grant"
    assert refused["error_codes"] == [50076]
    sign_in(portal, http, ADJUSTER, ["User.Read"], claims=refused["claims"])
    result = portal.acquire_token_silent_with_error([f"{PAYMENTS_API}/Payments.Settle"], account)
    assert claims_of(result)["scp"] == "Payments.Settle"


# Agents


def test_an_agent_acts_for_a_person_in_three_legs(emulator, http):
    blueprint = application(emulator, http, AGENTS_ID, AGENTS_SECRET)

    def assertion(_context):
        return blueprint.acquire_token_for_client([EXCHANGE], fmi_path=AGENT_ID)["access_token"]

    agent = application(emulator, http, AGENT_ID, {"client_assertion": assertion})
    instance = agent.acquire_token_for_client([EXCHANGE])
    assert claims_of(instance)["azp"] == AGENT_ID
    result = agent.acquire_token_by_user_federated_identity_credential(
        ["https://graph.microsoft.com/User.Read"], instance["access_token"], username=ADJUSTER.username
    )
    claims = claims_of(result)
    assert claims["upn"] == ADJUSTER.username
    assert claims["appid"] == AGENT_ID
    [account] = agent.get_accounts()
    assert account["account_source"] == "user_fic"
    by_object_id = agent.acquire_token_by_user_federated_identity_credential(
        [f"{CLAIMS_API}/Claims.Read"], instance["access_token"], user_object_id=claims["oid"]
    )
    assert claims_of(by_object_id)["scp"] == "Claims.Read"
    fresh = agent.acquire_token_silent_with_error(
        ["https://graph.microsoft.com/User.Read"], account, force_refresh=True
    )
    assert claims_of(fresh)["upn"] == ADJUSTER.username
