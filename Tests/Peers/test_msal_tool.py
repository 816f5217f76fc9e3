# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The `msal` tool at the emulator: each command, each mistake, its exit codes, and what must never be printed."""

import base64
import json
import re
import socket
import urllib.parse

import jwt
import pytest
import requests

from support import forms, pages
from support.seed import (
    ADJUSTER, CLAIMS_API, CLAIMS_API_ID, CLAIMS_API_SECRET, COMMAND_LINE_ID, CUSTOMER, NIGHTLY_ID, NIGHTLY_SECRET,
    TENANT,
)  # fmt: skip
from support.tool import Tool


@pytest.fixture
def tool(tmp_path, emulator):
    return Tool(tmp_path, emulator)


@pytest.fixture
def signed_in(tool, session):
    """The tool after Mara has signed in with Graph's scope."""
    tool.login(session, CUSTOMER, "--scope", "User.Read")
    return tool


def holds_token(text):
    """Whether there is something like a token in a text."""
    return "eyJ" in text


def test_login_with_a_browser_keeps_tokens_and_shows_none(tool, session):
    done, page = tool.login(session, CUSTOMER, "--scope", "User.Read")
    assert "You have signed in. You may close this window." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert f"Signed in as {CUSTOMER.username}." in done.out
    assert not holds_token(done.out + done.err)
    assert "browser that has opened" in done.err
    kept = b"".join(path.read_bytes() for path in (tool.folder / "data").rglob("*") if path.is_file())
    # What is sealed is base64 and may hold any three letters; a dot is in tokens alone.
    assert kept and not re.search(rb"eyJ[\w-]+\.", kept), "sealed at rest"
    assert CUSTOMER.username.encode() not in kept, "sealed at rest"


def test_login_for_programs(tool, session):
    done, _ = tool.login(session, CUSTOMER, "--scope", "User.Read", "--json")
    answer = json.loads(done.out)
    assert answer["username"] == CUSTOMER.username
    assert answer["source"] == "provider"
    assert "accessToken" not in answer
    shown, _ = tool.login(session, CUSTOMER, "--scope", f"{CLAIMS_API}/Claims.Read", "--json", "--show-token")
    assert json.loads(shown.out)["accessToken"].count(".") == 2


def test_an_answer_with_another_state_is_refused_and_the_right_one_still_counts(tool, session):
    process = tool.start("login", "--scope", "User.Read")
    url = tool.opened()
    sent = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    here = sent["redirect_uri"]
    assert here.startswith("http://localhost:")
    wrong = requests.post(here, data={"code": "stolen", "state": "guessed"}, timeout=30)
    assert wrong.status_code == 400 and "stolen" not in wrong.text
    asked = requests.get(here, params={"code": "stolen", "state": sent["state"]}, timeout=30)
    assert asked.status_code == 400
    page = session.get(url, headers=forms.PAGE, allow_redirects=False, timeout=30)
    page = forms.answer_provider(session, page, CUSTOMER.username, CUSTOMER.password)
    assert page.status_code == 200 and "You have signed in" in page.text
    tool.finish(process)


def test_nobody_at_the_browser(tool):
    done = tool.run("login", "--scope", "User.Read", "--time-limit", 1, code=1)
    assert "Nobody has signed in within 1 seconds" in done.err


def test_over_ssh_login_gives_a_code(tool, emulator, session):
    process = tool.start("login", "--scope", "User.Read", SSH_CONNECTION="192.0.2.1 1 192.0.2.2 22")
    notice = process.stderr.readline()
    assert "another machine" in notice and "enter the code" in notice
    enter_code(session, emulator, notice, CUSTOMER)
    assert "Signed in as" in tool.finish(process).out
    assert not (tool.programs / "opened").exists()


def test_login_with_a_device_code(tool, emulator, session):
    process = tool.start("login", "--device-code", "--scope", "User.Read")
    enter_code(session, emulator, process.stderr.readline(), ADJUSTER)
    assert ADJUSTER.username in tool.finish(process).out


def enter_code(session, emulator, notice, person):
    """What a person does who was shown a code."""
    code = notice.split("enter the code ")[1].split()[0]
    page = session.get(f"{emulator.http}/devicelogin", headers=forms.PAGE, timeout=30)
    [form] = forms.forms_of(page)
    page = forms.send(session, page, form, **{pages.DEVICE_CODE: code})

    def is_question(page):
        return "Are you trying to sign in to" in page.text

    page = forms.answer_provider(session, page, person.username, person.password, stop=is_question)
    [form] = forms.forms_of(page)
    form.buttons = [button for button in form.buttons if button[0] == pages.SUBMIT]
    forms.send(session, page, form)


def test_token_is_silent_and_hidden(signed_in):
    done = signed_in.run("token", "--scope", "User.Read")
    assert "from     cache" in done.out and not holds_token(done.out + done.err)
    fresh = json.loads(signed_in.run("token", "--scope", "User.Read", "--force-refresh", "--json").out)
    assert fresh["source"] == "provider" and "accessToken" not in fresh
    shown = signed_in.run("token", "--scope", "User.Read", "--show-token").out
    assert holds_token(shown.splitlines()[-1])


def test_token_says_when_a_sign_in_is_needed(tool):
    done = tool.run("token", "--scope", "User.Read", code=1)
    assert "Nobody has signed in" in done.err and "msal login" in done.err
    answer = json.loads(tool.run("token", "--scope", "User.Read", "--json", code=1).out)
    assert "Nobody has signed in" in answer["error"]["message"]


def test_token_says_what_the_provider_refused(signed_in):
    done = signed_in.run("token", "--scope", "api://no-such-api/Read", "--json", code=1)
    error = json.loads(done.out)["error"]
    assert error["aadstsCodes"] and error["correlationID"]
    assert f"msal explain AADSTS{error['aadstsCodes'][0]}" in done.err


def test_token_for_an_application_by_secret(tool):
    arguments = ["token", "--client-credentials", "--client-id", NIGHTLY_ID, "--scope", f"{CLAIMS_API}/.default"]
    secret = tool.folder / "secret"
    secret.write_text(NIGHTLY_SECRET + "\n")
    first = json.loads(tool.run(*arguments, "--client-secret-file", secret, "--json").out)
    assert "username" not in first and first["tenantID"] == TENANT
    tool.run(*arguments, "--client-secret-file", "-", "--force-refresh", stdin=NIGHTLY_SECRET)
    tool.run(*arguments, "--client-secret-env", "NIGHTLY", NIGHTLY=NIGHTLY_SECRET)
    tool.run(*arguments, AZURE_AD_CLIENT_SECRET=NIGHTLY_SECRET)
    wrong = tool.run(*arguments, "--client-secret-env", "NIGHTLY", "--force-refresh", NIGHTLY="wrong-secret", code=1)
    assert "AADSTS7000215" in wrong.err and "wrong-secret" not in wrong.err + wrong.out


def test_token_on_behalf_of(tool, session):
    shown, _ = tool.login(session, CUSTOMER, "--scope", f"{CLAIMS_API}/Claims.Read", "--show-token", "--json")
    caller = json.loads(shown.out)["accessToken"]
    arguments = ["token", "--on-behalf-of-file", "-", "--client-id", CLAIMS_API_ID, "--scope", "User.Read", "--json"]
    answer = json.loads(tool.run(*arguments, stdin=caller, AZURE_AD_CLIENT_SECRET=CLAIMS_API_SECRET).out)
    assert answer["username"] == CUSTOMER.username and "accessToken" not in answer
    refused = tool.run(*arguments, stdin="eyJ.not.a-token", AZURE_AD_CLIENT_SECRET=CLAIMS_API_SECRET, code=1)
    assert json.loads(refused.out)["error"]["kind"]


def test_accounts_and_logout(signed_in, session):
    session.cookies.clear()
    signed_in.login(session, ADJUSTER, "--scope", "User.Read")
    rows = json.loads(signed_in.run("accounts", "--json").out)
    assert sorted(row["username"] for row in rows) == [ADJUSTER.username, CUSTOMER.username]
    assert all(row["clientIDs"] == [COMMAND_LINE_ID] for row in rows)
    assert CUSTOMER.username in signed_in.run("accounts").out
    assert "several accounts" in signed_in.run("logout", code=1).err
    assert "several accounts" in signed_in.run("token", "--scope", "User.Read", code=1).err
    assert CUSTOMER.username in signed_in.run("logout", "--account", CUSTOMER.username).out
    [left] = json.loads(signed_in.run("logout", "--all", "--json").out)["signedOut"]
    assert left["username"] == ADJUSTER.username
    assert json.loads(signed_in.run("accounts", "--json").out) == []
    assert "Nobody has signed in" in signed_in.run("accounts").out


def test_decode_explains_and_verifies(tool):
    arguments = ["--client-credentials", "--client-id", NIGHTLY_ID, "--scope", f"{CLAIMS_API}/.default"]
    token = tool.run("token", *arguments, "--show-token", AZURE_AD_CLIENT_SECRET=NIGHTLY_SECRET).out.splitlines()[-1]
    plain = tool.run("decode", stdin=f"Authorization: Bearer {token}\n").out
    assert "Not verified" in plain and "when the token ends" in plain and ", in " in plain
    good = tool.run("decode", "--verify", "-", stdin=token).out
    assert "Verified" in good
    answer = json.loads(tool.run("decode", "--verify", "--json", stdin=token).out)
    assert answer["verified"]["isSignatureGood"] and answer["verified"]["faults"] == []
    assert answer["claims"]["tid"] == TENANT and answer["meanings"]["tid"] == "the tenant"
    changed = token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB")
    bad = tool.run("decode", "--verify", stdin=changed, code=1).out
    assert "Refused" in bad and "did not sign" in bad


def forged(**claims):
    """A token that nobody at the provider signed."""
    return jwt.encode(claims, "k" * 32, algorithm="HS256")


def test_decode_obeys_nothing_that_a_token_says(tool):
    token = forged(name="\x1b[31mred\x1b]0;title\x07", exp=1, iat=10**30, roles=["a", {"b": 1}], nbf=-5, **{"\x1b": 1})
    done = tool.run("decode", stdin=token)
    assert "\x1b" not in done.out + done.err and "\x07" not in done.out
    assert "ago" in done.out


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", "é.é.é", "." * 5000, "a.b.c.d.e", "x" * 20000,
     base64.urlsafe_b64encode(b'{"alg":"RS256"}').decode().rstrip("=") + ".W10.AAAA"],
)  # fmt: skip
def test_decode_of_garbage(tool, text):
    done = tool.run("decode", stdin=text, code=1)
    assert done.out == "" and "token" in done.err


def test_a_token_as_an_argument_is_refused_unread(tool):
    done = tool.run("decode", forged(name="somebody"), code=1)
    assert "secret" in done.err and not holds_token(done.err)
    assert "cannot be read" in tool.run("decode", tool.folder / "none", code=1).err


def test_explain(tool):
    done = tool.run("explain", "AADSTS50011")
    assert "Cause" in done.out and "Cure" in done.out and "redirect" in done.out.lower()
    pasted = "AADSTS65001: not consented. Trace ID: 1234-5678 AADSTS50011"
    rows = json.loads(tool.run("explain", "--json", stdin=pasted).out)
    assert [row["code"] for row in rows] == ["AADSTS65001", "AADSTS50011"] and all(row["cure"] for row in rows)
    unknown = tool.run("explain", "AADSTS99999999", code=1)
    assert "Not known here" in unknown.out
    assert "no error number" in tool.run("explain", "nothing", "of", "the", "kind\x1b[2J", code=1).err
    assert "no error number" in tool.run("explain", code=1).err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["token"], "--scope"),
        (["token", "--scope", "x", "--client-credentials", "--on-behalf-of-file", "f"], "--on-behalf-of-file"),
        (["token", "--scope", "x", "--client-credentials"], "AZURE_AD_CLIENT_SECRET"),
        (["token", "--scope", "x", "--client-secret-env", "A", "--client-secret-file", "f"], "say one"),
        (["login", "--authority", "https://a.example/t", "--tenant", "t"], "say one"),
        (["login", "--device-code", "--prompt", "login"], "--device-code"),
        (["login", "--time-limit", "0"], "--time-limit"),
        (["logout", "--all", "--account", "a"], "say one"),
        (["no-such-command"], "no-such-command"),
        (["login", "--client-secret", "s"], "--client-secret"),
    ],
)
def test_wrong_usage_is_64(tool, arguments, word):
    assert word in tool.run(*arguments, code=64).err


@pytest.mark.parametrize("command", [["login"], ["token", "--scope", "x"], ["logout"]])
def test_what_is_not_named_is_asked_for(tool, command):
    assert "AZURE_AD_CLIENT_ID" in tool.run(*command, AZURE_AD_CLIENT_ID=None, code=64).err
    assert "AZURE_AD_TENANT_ID" in tool.run(*command, AZURE_AD_AUTHORITY=None, code=64).err


def test_a_provider_that_is_not_there_is_2(tool):
    with socket.socket() as deaf:
        # Bound and not listening: whoever connects is refused, and nobody else gets the port.
        deaf.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{deaf.getsockname()[1]}/{TENANT}"
        done = tool.run("login", "--device-code", "--authority", nobody, "--json", code=2)
    assert json.loads(done.out)["error"]["kind"] == "transient"


def test_an_authority_that_is_none_is_refused(tool):
    assert "http://login.example" in tool.run("login", "--authority", "http://login.example/t", code=1).err


def test_help_has_examples_and_exit_codes(tool):
    for command in ("login", "token", "logout", "decode", "explain"):
        said = tool.run(command, "--help").out
        assert f"msal {command}" in said and "Exit codes" in said
    assert "--generate-completion-script" in tool.run("--help").out
    assert "msal" in tool.run("--generate-completion-script", "bash").out
