# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The `msal` tool on a desktop of its own, with a browser that only notes where it was sent."""

import os
import subprocess
import time

from support import forms
from support.process import PRODUCTS
from support.seed import COMMAND_LINE_ID, TENANT

#: A browser that only notes where it was sent.
XDG_OPEN = """#!/bin/sh
printf '%s' "$1" > "$(dirname "$0")/opened.new" && mv "$(dirname "$0")/opened.new" "$(dirname "$0")/opened"
"""


class Tool:
    """The `msal` tool on a desktop of its own."""

    def __init__(self, folder, emulator):
        self.folder = folder
        self.programs = folder / "programs"
        self.programs.mkdir()
        browser = self.programs / "xdg-open"
        browser.write_text(XDG_OPEN)
        browser.chmod(0o755)
        foreign = ("AZURE_", "SSH_", "WSL_", "WEB_", "NO_COLOR")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self.environment = {
            **kept,
            "XDG_DATA_HOME": str(folder / "data"),
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "DISPLAY": ":0",
            "AZURE_AD_AUTHORITY": f"{emulator.http}/{TENANT}",
            "AZURE_AD_CLIENT_ID": COMMAND_LINE_ID,
        }

    def start(self, *arguments, **environment):
        """Starts the tool."""
        variables = {**self.environment, **environment}
        return subprocess.Popen(
            [str(PRODUCTS / "msal"), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={name: value for name, value in variables.items() if value is not None},
        )  # fmt: skip

    def finish(self, process, stdin="", code=0):
        """Waits for it, and insists on its exit code."""
        process.out, process.err = process.communicate(stdin, timeout=60)
        assert process.returncode == code, f"{process.args}: {process.returncode}\n{process.out}\n{process.err}"
        assert "Fatal error" not in process.err
        return process

    def run(self, *arguments, stdin="", code=0, **environment):
        """Runs it to its end."""
        return self.finish(self.start(*arguments, **environment), stdin, code)

    def opened(self):
        """The address that a browser was opened with."""
        path = self.programs / "opened"
        for _ in range(600):
            if path.exists():
                url = path.read_text()
                path.unlink()
                return url
            # The tool's own time: nothing tells that a browser was opened but the file.
            time.sleep(0.05)
        raise AssertionError("no browser was opened")

    def login(self, session, person, *arguments, **environment):
        """`msal login` with somebody at the browser; the process and the page they end on."""
        process = self.start("login", *arguments, **environment)
        page = session.get(self.opened(), headers=forms.PAGE, allow_redirects=False, timeout=30)
        page = forms.answer_provider(session, page, person.username, person.password)
        return self.finish(process), page

    def redirected(self, redirection, *arguments, code=0):
        """Runs it with its standard streams led elsewhere, as a shell does."""
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {redirection}', "sh", str(PRODUCTS / "msal"), *map(str, arguments)],
            capture_output=True, text=True, env=self.environment, timeout=60,
        )  # fmt: skip
        assert done.returncode == code, f"{arguments} {redirection}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done
