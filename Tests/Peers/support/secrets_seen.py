# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""Every secret that the tests come across, and the search for them in the logs."""

import json
import pathlib
import re
import urllib.parse

from . import seed

#: Parameters and members whose values never belong into a log.
SECRET_NAMES = {
    "access_token", "assertion", "client_assertion", "client_secret", "code", "code_verifier", "csrf_token",
    "ctx", "device_code", "id_token", "id_token_hint", "login_hint", "logout_hint", "loginfmt", "nonce", "otc", "passwd", "password",
    "refresh_token", "state", "user_code", "user_federated_identity_credential", "username",
}  # fmt: skip

#: A value shorter than this could stand in a log by chance.
SHORTEST = 8


class SecretsSeen:
    """Values by kind; filled by the browser, the clients and the relays while the tests run."""

    def __init__(self):
        self._kinds = {}
        for person in seed.PEOPLE:
            self.add("password", person.password)
            self.add("user name", person.username)
        for secret in (seed.PORTAL_SECRET, seed.NIGHTLY_SECRET, seed.CLAIMS_API_SECRET, seed.AGENTS_SECRET):
            self.add("client secret", secret)

    def add(self, kind, value):
        """Remembers one value."""
        if isinstance(value, str) and len(value) >= SHORTEST:
            self._kinds.setdefault(value, kind)

    def kinds(self):
        """How many values of each kind were seen."""
        counts = {}
        for kind in self._kinds.values():
            counts[kind] = counts.get(kind, 0) + 1
        return counts

    def add_url(self, url):
        """Remembers the secret parameters of an address, in the query and in the fragment."""
        parts = urllib.parse.urlsplit(url)
        for text in (parts.query, parts.fragment):
            self.add_form(text)

    def add_form(self, text):
        """Remembers the secret fields of a form."""
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        for name, value in urllib.parse.parse_qsl(text or ""):
            if name in SECRET_NAMES:
                self.add(name, value)

    def add_json(self, text):
        """Remembers the secret members of a JSON object."""
        try:
            members = json.loads(text)
        except ValueError:
            return
        if isinstance(members, dict):
            for name, value in members.items():
                if name in SECRET_NAMES:
                    self.add(name, value)

    def add_headers(self, headers):
        """Remembers cookies, credentials and the secrets of the address in a location, from name and value pairs."""
        for name, value in headers:
            name = name.lower()
            # Chromium joins fields of one name with line feeds.
            for line in value.split("\n"):
                if name == "set-cookie":
                    self.add("cookie", line.split(";")[0].partition("=")[2].strip('"'))
                elif name == "cookie":
                    for pair in line.split(";"):
                        self.add("cookie", pair.partition("=")[2].strip().strip('"'))
                elif name == "authorization":
                    self.add("authorization", line.partition(" ")[2])
                elif name == "location":
                    self.add_url(line)

    def watch(self, session):
        """Remembers what a session of `requests` sends and receives."""

        def remember(response, **_):
            self.add_url(response.request.url)
            self.add_headers(response.request.headers.items())
            self.add_form(response.request.body)
            self.add_headers(response.headers.items())
            for cookie in response.cookies:
                self.add("cookie", cookie.value.strip('"'))
            if "json" in response.headers.get("Content-Type", ""):
                self.add_json(response.text)

        session.hooks["response"].append(remember)
        return session

    def found_in(self, text):
        """The secrets that stand in a text, each as its kind and the line it stands in."""
        found = []
        for value, kind in self._kinds.items():
            for form in {value, urllib.parse.quote(value, safe="")}:
                at = text.find(form)
                if at >= 0:
                    start = text.rfind("\n", 0, at) + 1
                    line = text[start : text.find("\n", at)].replace(form, f"<{kind}>")
                    found.append(f"{kind} in: {line[:300]}")
                    break
        for pattern, kind in SHAPES:
            match = pattern.search(text)
            if match:
                found.append(f"{kind}, by its shape: {match.group(0)[:12]}…")
        return found


#: What secrets look like, whoever made them.
SHAPES = [
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"), "a token"),
    (re.compile(r"(?i)(?<![\w.])(?:code|state|client_secret|refresh_token)=[A-Za-z0-9._~-]{12,}"), "a parameter"),
    (re.compile(r"(?i)\bbearer [A-Za-z0-9._~+/-]{12,}"), "an authorization field"),
    (re.compile(r"(?i)\b(?:set-)?cookie: ?\S+=\S{8,}"), "a cookie field"),
]


def text_of(log):
    """A log without the lines that print the example accounts, which is what those are for."""
    lines = pathlib.Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(line for line in lines if not re.match(r"^\s*\S+@\S+\s+\S+\s+\S+\s*$", line)) + "\n"
