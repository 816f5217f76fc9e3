# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""One token cache, used by MSAL for Python and by `msal` in turn, after a sign-in at the emulator."""

import json
import os
import stat
import subprocess
import urllib.parse

import msal
import pytest
import requests

from support import forms
from support.process import PRODUCTS
from support.seed import ADJUSTER, CLAIMS_API, CUSTOMER, NIGHTLY_ID, NIGHTLY_SECRET, PORTAL_ID, PORTAL_SECRET, TENANT

REDIRECT = "http://localhost:5000/auth/callback"


class PlainAdapter(requests.adapters.HTTPAdapter):
    """Sends by http what MSAL for Python wants to send by https.

    It insists on https, the `msal` tool trusts no development authority, and tokens of both must have one issuer.
    """

    def send(self, request, **more):
        request.url = request.url.replace("https://", "http://", 1)
        answer = super().send(request, **more)
        if request.url.endswith("/.well-known/openid-configuration"):
            metadata = {
                name: value.replace("http://", "https://", 1) if name.endswith("_endpoint") else value
                for name, value in answer.json().items()
            }
            answer._content = json.dumps(metadata).encode()
        return answer


class Tool:
    """The `msal` tool with a data folder of its own."""

    def __init__(self, folder, emulator):
        self.folder = folder
        self.authority = f"{emulator.http}/{TENANT}"

    def run(self, *arguments, stdin="", code=0):
        """Runs the tool and insists on its exit code; what it printed."""
        environment = {**os.environ, "XDG_DATA_HOME": str(self.folder), "PORTAL_SECRET": PORTAL_SECRET}
        done = subprocess.run(
            [str(PRODUCTS / "msal"), *map(str, arguments)],
            input=stdin, capture_output=True, text=True, env=environment, timeout=60,
        )  # fmt: skip
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def token(self, *arguments, code=0):
        """`msal token` for the portal."""
        done = self.run(
            "token", "--authority", self.authority, "--client-id", PORTAL_ID, "--client-secret-env", "PORTAL_SECRET",
            "--scope", "User.Read", "--json", "--show-token", *arguments, code=code,
        )  # fmt: skip
        return json.loads(done.stdout) if code == 0 else done

    def listing(self):
        """`msal cache list`, for programs."""
        return json.loads(self.run("cache", "list", "--json").stdout)


@pytest.fixture
def tool(tmp_path, emulator):
    return Tool(tmp_path, emulator)


@pytest.fixture
def http(session, emulator):
    """A client that sends to the emulator's plain port what was meant for https there."""
    session.mount(emulator.http.replace("http://", "https://"), PlainAdapter())
    return session


def application(emulator, http, cache, client_id=PORTAL_ID, secret=PORTAL_SECRET):
    """MSAL's confidential client over a cache."""
    authority = emulator.http.replace("http://", "https://") + f"/{TENANT}"
    return msal.ConfidentialClientApplication(
        client_id, client_credential=secret, authority=authority, instance_discovery=False, http_client=http,
        token_cache=cache,
    )  # fmt: skip


def sign_in(app, http, person):
    """The authorization code flow; MSAL's answer."""
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REDIRECT)
    page = http.get(flow["auth_uri"], allow_redirects=False, timeout=30)
    answer = forms.answer_provider(http, page, person.username, person.password, until=REDIRECT)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query, keep_blank_values=True))
    result = app.acquire_token_by_auth_code_flow(flow, query)
    assert "error" not in result, result
    return result


@pytest.fixture
def python_cache(emulator, http):
    """What MSAL for Python has after a sign-in: its cache and its answer."""
    cache = msal.SerializableTokenCache()
    result = sign_in(application(emulator, http, cache), http, CUSTOMER)
    return cache, result


def import_python(tool, cache, *arguments):
    path = tool.folder / "python.json"
    path.write_text(cache.serialize())
    return tool.run("cache", "import", path, "--authority", tool.authority, *arguments).stdout


def test_a_cache_of_python_serves_silently_and_by_refresh(tool, python_cache):
    cache, result = python_cache
    report = import_python(tool, cache)
    assert "1 access token, 1 refresh token, 1 ID token, 1 account, 1 application" in report
    assert "passed over" not in report

    hit = tool.token()
    assert hit["source"] == "cache"
    assert hit["accessToken"] == result["access_token"]
    assert hit["username"] == CUSTOMER.username

    fresh = tool.token("--force-refresh")
    assert fresh["source"] == "provider"
    assert fresh["accessToken"] != result["access_token"]
    again = tool.token("--account", CUSTOMER.username)
    assert again["source"] == "cache"
    assert again["accessToken"] == fresh["accessToken"]


def test_a_cache_of_ours_serves_python_silently_and_by_refresh(tool, python_cache, emulator, http):
    import_python(tool, python_cache[0])
    ours = tool.token("--force-refresh")
    path = tool.folder / "ours.json"
    warning = tool.run("cache", "export", path).stderr
    assert "plain text" in warning
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    cache = msal.SerializableTokenCache()
    cache.deserialize(path.read_text())
    app = application(emulator, http, cache)
    [account] = app.get_accounts()
    assert account["username"] == CUSTOMER.username
    hit = app.acquire_token_silent_with_error(["User.Read"], account)
    assert hit["token_source"] == "cache"
    assert hit["access_token"] == ours["accessToken"]
    fresh = app.acquire_token_silent_with_error(["User.Read"], account, force_refresh=True)
    assert "error" not in fresh, fresh
    assert fresh["token_source"] == "identity_provider"
    other = app.acquire_token_silent_with_error([f"{CLAIMS_API}/Claims.Read"], account)
    assert "error" not in other, other

    # And back: what Python has renewed serves here.
    tool.run("cache", "clear", "--yes")
    import_python(tool, cache)
    assert tool.token()["accessToken"] == fresh["access_token"]


def test_python_finds_an_exported_token_by_its_key(tool, python_cache, emulator, http):
    import_python(tool, python_cache[0])
    ours = json.loads(tool.run("cache", "export").stdout)
    theirs = json.loads(python_cache[0].serialize())
    for section in ("AccessToken", "IdToken", "Account", "AppMetadata"):
        assert set(ours[section]) == set(theirs[section]), section
    [ours], [theirs] = ours["AccessToken"].values(), theirs["AccessToken"].values()
    assert ours == theirs


def test_an_applications_own_token_goes_both_ways(tool, emulator, http):
    cache = msal.SerializableTokenCache()
    app = application(emulator, http, cache, NIGHTLY_ID, NIGHTLY_SECRET)
    result = app.acquire_token_for_client([f"{CLAIMS_API}/.default"])
    import_python(tool, cache)
    [token] = tool.listing()["tokens"]
    assert (token["clientID"], token["homeAccountID"], token["tenantID"]) == (NIGHTLY_ID, "", TENANT)
    back = msal.SerializableTokenCache()
    back.deserialize(tool.run("cache", "export").stdout)
    again = application(emulator, http, back, NIGHTLY_ID, NIGHTLY_SECRET).acquire_token_for_client(
        [f"{CLAIMS_API}/.default"]
    )
    assert again["token_source"] == "cache"
    assert again["access_token"] == result["access_token"]


def test_a_list_names_people_and_tokens_and_no_secret(tool, python_cache, emulator, http):
    cache, result = python_cache
    http.cookies.clear()
    sign_in(application(emulator, http, cache), http, ADJUSTER)
    import_python(tool, cache)
    text = tool.run("cache", "list").stdout
    assert CUSTOMER.username in text and ADJUSTER.username in text and PORTAL_ID in text
    listing = tool.listing()
    assert {account["username"] for account in listing["accounts"]} == {CUSTOMER.username, ADJUSTER.username}
    assert [token["kind"] for token in listing["tokens"]] == ["access", "refresh"] * 2
    for secret in (result["access_token"], result["refresh_token"], result["id_token"]):
        assert secret not in text and secret not in json.dumps(listing)
        for path in tool.folder.rglob("*"):
            assert path.name == "python.json" or not path.is_file() or secret.encode() not in path.read_bytes(), path
    several = tool.token(code=1)
    assert "several accounts" in several.stderr


def test_what_cannot_be_done_is_said_in_a_sentence(tool, python_cache):
    assert "Nobody has signed in" in tool.token(code=1).stderr
    assert "not a token cache" in tool.run("cache", "import", "-", stdin="[]", code=1).stderr
    assert "cannot be read" in tool.run("cache", "import", tool.folder / "none.json", code=1).stderr
    assert "no token" in tool.run("cache", "import", "-", stdin="{}", code=1).stderr
    import_python(tool, python_cache[0])
    assert "no such account" in tool.token("--account", "nobody@contoso.example", code=1).stderr
    assert "--yes" in tool.run("cache", "clear", code=1).stderr
    assert len(tool.listing()["accounts"]) == 1
    assert "forgotten" in tool.run("cache", "clear", "--yes").stdout
    assert tool.listing()["accounts"] == []
    assert tool.run("cache", "export").stdout.strip() == "{}"
