# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""What all peer tests share: the running products, the browser, the secrets seen so far."""

import shutil

import pytest
import requests

from support.browser import SCREENSHOTS, Browser
from support.process import LOGS, Emulator, Portal, Process
from support.secrets_seen import SecretsSeen


def pytest_collection_modifyitems(items):
    """Tests marked `last` go last; the others keep their order."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A skipped test is a failed one: what it needs has to be installed."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.name} was skipped, and nothing may be: {report.longrepr}"
    return report


def pytest_sessionfinish():
    """Whatever a failed test left running ends here."""
    for process in Process.started:
        if process.process.poll() is None:
            process.process.kill()


@pytest.fixture(scope="session", autouse=True)
def seen():
    """The secrets seen in this run; logs and pictures of earlier runs are removed."""
    for folder in (LOGS, SCREENSHOTS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    return SecretsSeen()


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A home folder for the products, so that nothing of this machine's user is read or written."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def emulator(home):
    """`msal emulator` on free ports."""
    process = Emulator(home=home)
    yield process
    process.stop_cleanly()


@pytest.fixture(scope="session")
def portal(home, tmp_path_factory):
    """`insurance-portal` with its own emulator, on free ports."""
    process = Portal("--data", tmp_path_factory.mktemp("data") / "portal.sqlite", home=home)
    yield process
    process.stop_cleanly()


@pytest.fixture
def session(seen):
    """A client that follows nothing by itself and keeps cookies."""
    with requests.Session() as client:
        # A REQUESTS_CA_BUNDLE of this machine would win over what a test says whom to trust.
        client.trust_env = False
        yield seen.watch(client)


@pytest.fixture(scope="session")
def chromium(seen):
    """One Chromium for all tests."""
    with_javascript = Browser(seen)
    yield with_javascript
    with_javascript.quit()


@pytest.fixture
def browser(chromium):
    """Chromium with an empty profile; afterwards nothing must have gone to another host, nor upset the console."""
    chromium.forget_everything()
    yield chromium
    chromium.collect()
    assert chromium.foreign_requests() == []
    assert chromium.complaints() == []
