# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The portal with a data file, stopped or killed and started again: nobody who was signed in notices."""

import re
import signal
import stat

import pytest

from support import pages
from support.process import Portal, Process, unused_port
from support.seed import CUSTOMER

#: A signed token.
TOKEN = re.compile(rb"eyJ[\w-]{10,}\.[\w-]{20,}\.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_people_stay_signed_in_across_a_restart(home, tmp_path, browser, number):
    data = tmp_path / "portal.sqlite"
    ports = {"port": unused_port(), "emulator_port": unused_port()}
    first = Portal("--data", data, home=home, **ports)
    browser.sign_in_at(first, CUSTOMER, "/me")
    assert CUSTOMER.display_name in browser.text
    if number == signal.SIGKILL:
        first.stop(number)
    else:
        first.stop_cleanly(number)
    browser.collect()
    before = len(browser.requested)
    second = Portal("--data", data, home=home, **ports)
    try:
        for path in ("/me", "/policies", "/me"):
            browser.go(second.url + path)
            browser.wait_for_path(path)
            assert CUSTOMER.display_name in browser.one(pages.PERSON).text
        browser.collect()
        asked = [url for url in browser.requested[before:] if url.startswith(second.emulator)]
        assert asked == [], "the provider was asked for nothing"
        browser.sign_out()
    finally:
        second.stop_cleanly()
    # The third one knows that they have signed out.
    third = Portal("--data", data, home=home, **ports)
    try:
        browser.go(third.url + "/")
        assert browser.one(pages.SIGN_IN)
    finally:
        third.stop_cleanly()


def test_what_outlives_the_process_is_for_its_owner_alone_and_sealed(home, tmp_path, browser):
    data = tmp_path / "portal.sqlite"
    portal = Portal("--data", data, home=home)
    try:
        browser.sign_in_at(portal, CUSTOMER, "/me")
        secrets = [tmp_path / f"portal.sqlite.{name}" for name in ("keys", "emulator")]
        assert [stat.S_IMODE(path.stat().st_mode) for path in secrets] == [0o600, 0o600]
        written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        for cookie in browser.cookies():
            assert cookie["value"].encode() not in written
        assert not TOKEN.search(written), "no token is written as it is"
    finally:
        portal.stop_cleanly()


def test_a_key_file_that_others_can_read_is_said_in_a_sentence(home, tmp_path):
    keys = tmp_path / "portal.sqlite.keys"
    keys.write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    keys.chmod(0o644)
    ports = ["--port", 0, "--emulator-port", 0, "--emulator-https-port", 0]
    process = Process("insurance-portal", *ports, "--data", tmp_path / "portal.sqlite", home=home)
    assert process.wait_until_exit() not in (0, None)
    said = process.output()
    assert str(keys) in said and "chmod 600" in said and "AAECAw" not in said
