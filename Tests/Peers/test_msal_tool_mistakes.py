# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""What the `msal` tool cannot use: each mistake has its exit code and a sentence, and none makes it crash."""

import json
import stat

import jwt
import pytest

from support.certificate import PASSPHRASE, Certificate
from support.process import Emulator
from support.seed import CLAIMS_API, NIGHTLY_ID, NIGHTLY_SECRET, TENANT
from support.tool import Tool

MEBIBYTE = 1 << 20
APPLICATION = ["token", "--client-credentials", "--client-id", NIGHTLY_ID, "--scope", f"{CLAIMS_API}/.default"]


@pytest.fixture(scope="module")
def certificate():
    """The certificate of the application that runs by night."""
    return Certificate("daemon.harbourmutual.example")


@pytest.fixture(scope="module")
def emulator(home, tmp_path_factory, certificate):
    """An emulator that knows the certificate."""
    path = tmp_path_factory.mktemp("certificates") / "daemon.pem"
    path.write_text(certificate.pem)
    process = Emulator("--client-certificate", f"{NIGHTLY_ID}={path}", home=home)
    yield process
    process.stop_cleanly()


@pytest.fixture
def tool(tmp_path, emulator):
    return Tool(tmp_path, emulator)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["accounts", "--cache", "x", "--sqlite", "y"], "--cache and --sqlite name two places"),
        (["cache", "export", "--sqlite", "y"], "--sqlite needs --key-file"),
        ([*APPLICATION, "--send-x5c"], "belong to --client-certificate"),
        ([*APPLICATION, "--client-certificate-passphrase-env", "P"], "belong to --client-certificate"),
        ([*APPLICATION, "--account", "ada@contoso.example"], "--account is for tokens of somebody who signed in"),
        (["token", "--scope", "x", "--on-behalf-of-file", "f", "--account", "a"], "--account is for tokens"),
        (["token", "--scope", "x", "--on-behalf-of-file", "-", "--client-secret-file", "-"], "can be read once"),
    ],
)
def test_options_that_exclude_each_other_are_64(tool, arguments, words):
    done = tool.run(*arguments, code=64)
    assert words in done.err and done.out == ""


def test_a_signature_is_somebodys(tool):
    token = jwt.encode({"iss": "nobody"}, "k" * 32, algorithm="HS256")
    done = tool.run("decode", "--verify", stdin=token, code=64, AZURE_AD_AUTHORITY=None)
    assert "--verify needs the provider" in done.err and done.out == ""


@pytest.mark.parametrize("command", [["decode", "-"], [*APPLICATION, "--client-secret-file", "-"]])
def test_more_than_a_mebibyte_is_not_read(tool, command):
    assert "more than a megabyte in the standard input" in tool.run(*command, stdin="x" * (MEBIBYTE + 1), code=1).err
    assert "megabyte" not in tool.run(*command, stdin="x" * MEBIBYTE, code=1).err
    large = tool.folder / "large"
    large.write_text("x" * (MEBIBYTE + 1))
    done = tool.run(*[large if argument == "-" else argument for argument in command], code=1)
    assert f"more than a megabyte in {large}" in done.err


@pytest.mark.parametrize("content", ["", " \n\t\n"])
def test_an_empty_secret_is_none(tool, content):
    path = tool.folder / "secret"
    path.write_text(content)
    assert f"There is no secret in {path}." in tool.run(*APPLICATION, "--client-secret-file", path, code=1).err
    done = tool.run(*APPLICATION, "--client-secret-file", "-", "--json", stdin=content, code=1)
    assert json.loads(done.out)["error"]["message"] == "There is no secret in the standard input."


def test_a_secret_that_is_not_there_is_named(tool):
    done = tool.run(*APPLICATION, "--client-secret-env", "NIGHTLY", code=1)
    assert "The environment variable NIGHTLY is not set." in done.err
    assert "is not set" in tool.run(*APPLICATION, "--client-secret-env", "NIGHTLY", NIGHTLY="", code=1).err
    path = tool.folder / "none"
    done = tool.run(*APPLICATION, "--client-secret-file", path, code=1)
    assert f"The file {path} cannot be read." in done.err


def test_a_database_that_is_not_there_is_not_made(tool):
    path = tool.folder / "none.sqlite"
    done = tool.run("accounts", "--sqlite", path, "--key-file", tool.folder / "keys", code=1)
    assert f"There is no file {path}." in done.err and not path.exists()


@pytest.mark.parametrize(
    ("ending", "without", "with_another"),
    [
        ("pem", "and no passphrase was given", "that the passphrase does not open"),
        ("pfx", "and none was given", "does not open with the passphrase"),
    ],
)
def test_a_certificate_opens_with_its_passphrase_alone(tool, certificate, ending, without, with_another):
    path = tool.folder / "daemon.pem"
    path.write_text(certificate.pem + certificate.private_key(PASSPHRASE))
    if ending == "pfx":
        path = certificate.pfx(tool.folder)
    named = [*APPLICATION, "--force-refresh", "--json", "--client-certificate", path]
    arguments = [*named, "--client-certificate-passphrase-env", "NIGHTLY"]
    assert json.loads(tool.run(*arguments, NIGHTLY=PASSPHRASE).out)["tenantID"] == TENANT
    wrong = tool.run(*arguments, NIGHTLY="another passphrase", code=1)
    assert str(path) in wrong.err and with_another in wrong.err
    assert "another passphrase" not in wrong.err + wrong.out
    assert without in tool.run(*named, code=1).err


def test_an_unknown_certificate_is_the_providers_to_refuse(tool):
    stranger = Certificate("daemon.harbourmutual.example")
    path = tool.folder / "stranger.pem"
    path.write_text(stranger.pem + stranger.private_key())
    done = tool.run(*APPLICATION, "--client-certificate", path, "--json", code=1)
    assert json.loads(done.out)["error"]["serverCode"] == "invalid_client"


@pytest.mark.parametrize(
    "command",
    [
        ["cache", "import", "-"], ["decode"], [*APPLICATION, "--client-secret-file", "-"],
        ["token", "--scope", "x", "--on-behalf-of-file", "-"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("redirection", ["< /", "<&-"])
def test_a_standard_input_that_cannot_be_read_is_1(tool, command, redirection):
    tool.environment["AZURE_AD_CLIENT_SECRET"] = NIGHTLY_SECRET
    done = tool.redirected(redirection, *command, code=1)
    assert done.stderr == "Error: The standard input cannot be read.\n"


def test_an_empty_standard_input_is_no_cache(tool):
    done = tool.redirected("< /dev/null", "cache", "import", "-", code=1)
    assert done.stderr == "Error: There is no token in -.\n"


@pytest.mark.parametrize("command", [["cache", "export"], ["explain", "AADSTS50011"], ["cache", "list", "--json"]])
def test_an_output_that_is_full_is_1(tool, command):
    done = tool.redirected("> /dev/full", *command, code=1)
    assert done.stderr.startswith("Error: The standard output cannot be written: ")
    assert not done.stderr.endswith("..\n")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["cache", "export"], 0), (["accounts"], 0), (["token", "--scope", "x"], 1), (["token"], 64),
        (["decode", "/nowhere"], 1), ([*APPLICATION, "--client-secret-env", "NIGHTLY"], 0),
    ],
)  # fmt: skip
def test_a_closed_standard_error_is_nobodys_loss(tool, command, code):
    tool.environment["NIGHTLY"] = NIGHTLY_SECRET
    tool.redirected("2>&-", *command, code=code)


def test_an_export_replaces_nothing_but_files(tool):
    link = tool.folder / "link"
    link.symlink_to(tool.folder / "target")
    for path in [tool.folder, link, "/dev/null"]:
        assert "is a folder, a link or a device" in tool.run("cache", "export", path, code=1).err
    assert link.is_symlink()


def test_an_export_goes_into_a_folder_that_is_there(tool):
    path = tool.folder / "none" / "cache.json"
    done = tool.run("cache", "export", path, code=1)
    assert f"The file {path} cannot be written: No such file or directory." in done.err and done.out == ""
    assert not path.parent.exists()
    there = tool.folder / "cache.json"
    tool.run("cache", "export", there)
    assert there.read_text() == "{}" and stat.S_IMODE(there.stat().st_mode) == 0o600
