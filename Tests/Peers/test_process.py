# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The portal as a process: how it starts, what it says when it cannot, and how it ends."""

import signal
import socket

import pytest
import requests

from support.process import Emulator, Portal, Process
from support.seed import PORTAL_ID, ROLES, TENANT

#: What the logs are like when nobody asks for more.
QUIET = {"LOG_LEVEL": "warning"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_portal_within_a_second(home, number):
    portal = Portal(home=home)
    assert requests.get(portal.url, timeout=30).status_code == 200
    portal.stop_cleanly(number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_portal_with_connections_open(home, number):
    portal = Portal(home=home)
    host, port = portal.url.removeprefix("http://").split(":")
    with requests.Session() as client, socket.create_connection((host, int(port))) as half:
        assert client.get(portal.url, timeout=30).status_code == 200
        half.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        portal.stop_cleanly(number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_emulator_within_a_second(home, number):
    Emulator(home=home).stop_cleanly(number)


def test_port_0_picks_free_ports_and_prints_them(home):
    first, second = Portal(home=home), Portal(home=home)
    try:
        assert first.url != second.url
        assert first.emulator and second.emulator and first.emulator != second.emulator
        for portal in (first, second):
            assert requests.get(f"{portal.emulator}/{TENANT}/v2.0/.well-known/openid-configuration", timeout=30).ok
    finally:
        first.stop_cleanly()
        second.stop_cleanly()


def test_the_emulator_prints_an_account_for_each_role(emulator):
    printed = emulator.accounts()
    for person in ROLES:
        assert (person.username, person.password, person.role) in printed


@pytest.mark.parametrize("product", ["insurance-portal", "msal"])
def test_a_port_in_use_is_said_in_a_sentence(home, product):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        if product == "msal":
            process = Process("msal", "emulator", "--port", port, "--https-port", 0, home=home, environment=QUIET)
        else:
            ports = ["--emulator-port", 0, "--emulator-https-port", 0]
            process = Process("insurance-portal", "--port", port, *ports, home=home, environment=QUIET)
        assert process.wait_until_exit() not in (0, None)
    said = process.output()
    assert str(port) in said
    assert "--port" in said, "the message names the option that helps"
    errors = [line for line in said.splitlines() if line.strip()]
    assert len(errors) == 1, f"one sentence, and not:\n{said}"


def test_an_emulator_port_in_use_is_said_in_a_sentence(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = Process("insurance-portal", "--port", 0, "--emulator-port", port, "--emulator-https-port", 0, home=home)
        assert process.wait_until_exit() not in (0, None)
    assert str(port) in process.output() and "--emulator-port" in process.output()


def test_an_unknown_option_is_explained(home):
    process = Process("insurance-portal", "--no-such-option", home=home)
    assert process.wait_until_exit() not in (0, None)
    assert "--no-such-option" in process.output() and "Usage" in process.output()


def test_help_names_every_option(home):
    process = Process("insurance-portal", "--help", home=home)
    assert process.wait_until_exit() == 0
    for option in ("--port", "--emulator-port", "--emulator-https-port", "--no-emulator", "--data"):
        assert option in process.output()



#: Configurations with several faults each: every key at fault must be named in the one message.
WRONG = {
    "nothing set": ({}, ["AZURE_AD_CLIENT_ID", "AZURE_AD_CLIENT_SECRET", "WEB_PUBLIC_BASE_URL"]),
    "all malformed": (
        {
            "AZURE_AD_AUTHORITY": "not an address",
            "AZURE_AD_CLIENT_SECRET": "only-this-one-is-fine",
            "WEB_PUBLIC_BASE_URL": "http://portal.example",
            "WEB_KEYS": "dG9vIHNob3J0",
        },
        ["AZURE_AD_AUTHORITY", "AZURE_AD_CLIENT_ID", "WEB_PUBLIC_BASE_URL", "WEB_KEYS"],
    ),
    "plain http to a provider elsewhere": (
        {
            "AZURE_AD_OIDC_AUTHORITY": "http://provider.example",
            "AZURE_AD_CLIENT_ID": "portal",
            "AZURE_AD_CLIENT_SECRET": "only-this-one-is-fine",
            "WEB_PUBLIC_BASE_URL": "https://portal.example/with/a/path",
        },
        ["AZURE_AD_OIDC_AUTHORITY", "WEB_PUBLIC_BASE_URL"],
    ),
    "no keys on https": (
        {
            "AZURE_AD_TENANT_ID": TENANT,
            "AZURE_AD_CLIENT_ID": PORTAL_ID,
            "AZURE_AD_CLIENT_SECRET": "only-this-one-is-fine",
            "WEB_PUBLIC_BASE_URL": "https://portal.example",
        },
        ["WEB_KEYS"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_configuration_is_one_message_with_every_fault(home, name):
    environment, keys = WRONG[name]
    process = Process("insurance-portal", "--port", 0, "--no-emulator", home=home, environment=environment)
    assert process.wait_until_exit() not in (0, None)
    said = process.output()
    missing = [key for key in keys if key not in said]
    assert missing == [], f"not named: {missing}, in:\n{said}"
    assert "only-this-one-is-fine" not in said and "dG9vIHNob3J0" not in said, "values are never shown"
    assert "Fatal error" not in said
