# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The built products as processes: started on free ports, waited for, ended with a signal."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[3]
PRODUCTS = ROOT / ".build" / "debug"
ARTIFACTS = ROOT / "artifacts"
LOGS = ARTIFACTS / "logs"

#: How long a process may take to end; the promise is a second, and this machine may be busy.
SHUTDOWN_LIMIT = 1.0
#: How long one may take to be ready: the portal of a debug build makes its data first.
STARTUP_LIMIT = 90.0

ADDRESS = re.compile(r"https?://localhost:\d+")
ACCOUNT = re.compile(r"^\s*(\S+@\S+)\s+(\S+)\s+(\S+)\s*$")
CERTIFICATE = re.compile(r"(/\S+\.pem)")


class Process:
    """A product that runs, with everything it prints kept in files of its own."""

    count = 0
    #: All that were started, so that none outlives the tests.
    started = []

    def __init__(self, product, *arguments, home, environment=None):
        Process.count += 1
        LOGS.mkdir(parents=True, exist_ok=True)
        self.name = product
        stem = f"{Process.count:02}-{product}"
        self.outputs = [LOGS / f"{stem}.out.log", LOGS / f"{stem}.err.log"]
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AZURE_AD_", "WEB_", "GRAPH_", "XDG_"))
        }
        # The data folder keeps the development authority of these tests away from the user's own.
        kept.update({"XDG_DATA_HOME": str(home), "LOG_LEVEL": "trace"}, **(environment or {}))
        self.lines = []
        self._changed = threading.Condition()
        with open(self.outputs[1], "wb") as errors:
            self.process = subprocess.Popen(
                [str(PRODUCTS / product), *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=kept, cwd=home,
            )  # fmt: skip
        Process.started.append(self)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with open(self.outputs[0], "w", encoding="utf-8") as copy:
            for line in self.process.stdout:
                text = line.decode("utf-8", "replace").rstrip("\n")
                copy.write(text + "\n")
                copy.flush()
                with self._changed:
                    self.lines.append(text)
                    self._changed.notify_all()
        with self._changed:
            self.lines.append(None)
            self._changed.notify_all()

    def wait_for(self, find, limit=STARTUP_LIMIT):
        """The first value that `find` makes of the printed lines; fails when the process ends or the limit is reached."""
        deadline = time.monotonic() + limit
        with self._changed:
            while True:
                printed = [line for line in self.lines if line is not None]
                value = find(printed)
                if value:
                    return value
                if None in self.lines:
                    raise AssertionError(f"{self.name} ended:\n{self.output()}")
                if not self._changed.wait(deadline - time.monotonic()):
                    raise AssertionError(f"{self.name} printed nothing of what was waited for:\n{self.output()}")

    def output(self):
        """All it printed, on both streams."""
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in self.outputs)

    def wait_until_exit(self, limit=STARTUP_LIMIT):
        """Its exit code, when it ends by itself."""
        code = self.process.wait(limit)
        self._reader.join(limit)
        return code

    def stop(self, number=signal.SIGTERM):
        """Ends it with a signal; the exit code and the seconds it took."""
        start = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"{self.name} did not end within 20 seconds") from None
        self._reader.join(5)
        return self.process.returncode, time.monotonic() - start

    def stop_cleanly(self, number=signal.SIGTERM):
        """Ends it, and insists on a clean and quick end."""
        assert self.process.poll() is None, f"{self.name} had ended before:\n{self.output()[-4000:]}"
        code, seconds = self.stop(number)
        assert code == 0, f"{self.name} ended with code {code}:\n{self.output()[-4000:]}"
        assert seconds < SHUTDOWN_LIMIT, f"{self.name} took {seconds:.1f} s to end"

    def accounts(self):
        """The accounts it printed: account, password and role, a line each."""
        return [ACCOUNT.match(line).groups() for line in self.lines if line and ACCOUNT.match(line)]


class Emulator(Process):
    """`msal emulator`."""

    def __init__(self, *arguments, home, **more):
        ports = () if "--port" in arguments else ("--port", 0, "--https-port", 0)
        super().__init__("msal", "emulator", *ports, *arguments, home=home, **more)
        self.http = self.wait_for(lambda lines: address(lines, "http://"))
        self.https = self.wait_for(lambda lines: address(lines, "https://"))
        self.certificate = self.wait_for(lambda lines: first(CERTIFICATE, lines))
        wait_until_answering(f"{self.http}/common/v2.0/.well-known/openid-configuration")


class Portal(Process):
    """`insurance-portal`; with the emulator in the same process unless told otherwise."""

    def __init__(self, *arguments, home, environment=None, port=0, emulator_port=0):
        ports = ["--port", port]
        if "--no-emulator" not in arguments:
            ports += ["--emulator-port", emulator_port, "--emulator-https-port", 0]
        super().__init__("insurance-portal", *ports, *arguments, home=home, environment=environment)
        #: Where people reach it, as it prints.
        self.url = self.wait_for(lambda lines: address(not_about_emulator(lines), "http"))
        # Behind a proxy the printed address is the proxy's.
        wait_until_answering(f"{f'http://localhost:{port}' if port else self.url}/healthz")
        self.emulator = address([line for line in self.lines if line and "mulator" in line], "http://")


def not_about_emulator(lines):
    """The lines that speak of the portal itself."""
    return [line for line in lines if "mulator" not in line]


def address(lines, scheme):
    """The first address with a scheme in some lines."""
    for line in lines:
        for match in ADDRESS.findall(line):
            if match.startswith(scheme):
                return match
    return None


def first(pattern, lines):
    """The first match in some lines."""
    return next((match.group(1) for match in map(pattern.search, lines) if match), None)


def wait_until_answering(url, limit=STARTUP_LIMIT):
    """Waits until an address answers 200."""
    deadline = time.monotonic() + limit
    while True:
        try:
            answer = requests.get(url, timeout=5, allow_redirects=False)
            if answer.status_code == 200:
                return answer
            problem = answer.status_code
        except requests.RequestException as error:
            problem = error
        assert time.monotonic() < deadline, f"{url} did not get ready: {problem}"
        # The process's own time: nothing tells that a port is open.
        time.sleep(0.05)


def unused_port():
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
