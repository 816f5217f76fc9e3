# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""A sign-in without a browser: forms are read from the pages and sent back, the way a person's browser would."""

import html.parser
import urllib.parse

from . import pages

#: What a browser asks for when a person follows a link.
PAGE = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}

FIELDS = {"input", "button", "select", "textarea"}


class Form:
    """A form of a page: where it is sent, and its fields."""

    def __init__(self, action, method):
        self.action, self.method = action, method.lower()
        #: The values that are sent as they are, by name.
        self.values = {}
        #: The names of the fields that people fill in, by id.
        self.names = {}
        #: Ids, names and values of the buttons, in order; the first is the one that the enter key presses.
        self.buttons = []

    def has(self, identifier):
        """Whether the form has a visible field or button of that id."""
        return identifier in self.names or any(identifier == button[0] for button in self.buttons)


class Forms(html.parser.HTMLParser):
    """All forms of a page."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.forms.append(Form(values.get("action") or "", values.get("method") or "get"))
        elif tag in FIELDS and self.forms:
            form, kind = self.forms[-1], values.get("type") or ("submit" if tag == "button" else "text")
            if kind == "submit":
                form.buttons.append((values.get("id"), values.get("name"), values.get("value") or ""))
            elif values.get("name") and kind not in ("button", "image", "checkbox", "radio"):
                form.values[values["name"]] = values.get("value") or ""
                if values.get("id") and kind != "hidden":
                    form.names[values["id"]] = values["name"]


def forms_of(answer):
    """The forms of an answer's page."""
    return Forms(answer.text).forms


def send(session, answer, form, **filled):
    """Sends a form by its first button, with some fields filled in by id; redirects are not followed."""
    for identifier, text in filled.items():
        form.values[form.names[identifier]] = text
    if form.buttons and form.buttons[0][1]:
        form.values[form.buttons[0][1]] = form.buttons[0][2]
    url = urllib.parse.urljoin(answer.url, form.action)
    if form.method == "get":
        return session.get(url, params=form.values, headers=PAGE, allow_redirects=False, timeout=30)
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(answer.url))
    headers = {**PAGE, "Origin": origin, "Referer": answer.url}
    return session.post(url, data=form.values, headers=headers, allow_redirects=False, timeout=30)


def follow(session, answer, until=None):
    """Follows redirects; stops before an address that begins with `until`, giving the address."""
    while answer.is_redirect:
        url = urllib.parse.urljoin(answer.url, answer.headers["Location"])
        if until and url.startswith(until):
            return url
        answer = session.get(url, headers=PAGE, allow_redirects=False, timeout=30)
    return answer


def answer_provider(session, answer, username, password, until=None, stop=lambda answer: False):
    """Goes through the provider's pages; ends with the page, or the address, they lead to, or one to stop at."""
    for _ in range(6):
        answer = follow(session, answer, until)
        if isinstance(answer, str) or stop(answer):
            return answer
        form = next((form for form in forms_of(answer) if form.has(pages.SUBMIT) or form.has(pages.PASSWORD)), None)
        posted = next((form for form in forms_of(answer) if {"code", "state"} <= set(form.values)), None)
        if posted and until is None:
            answer = send(session, answer, posted)
        elif form is None:
            return answer
        else:
            wanted = {pages.USERNAME: username, pages.PASSWORD: password}
            answer = send(session, answer, form, **{name: text for name, text in wanted.items() if form.has(name)})
    raise AssertionError(f"the sign-in goes round in circles at {answer.url}:\n{answer.text[:2000]}")


def sign_in(session, url, person):
    """Opens a page that needs a sign-in, signs in, and gives the page."""
    answer = session.get(url, headers=PAGE, allow_redirects=False, timeout=30)
    return answer_provider(session, answer, person.username, person.password)


def send_person(session, answer, person):
    """Fills in a person's name and password at the provider, and gives the page that follows."""
    for _ in range(3):
        answer = follow(session, answer)
        form = next((form for form in forms_of(answer) if form.has(pages.SUBMIT)), None)
        wanted = {pages.USERNAME: person.username, pages.PASSWORD: person.password}
        known = {name: text for name, text in wanted.items() if form is not None and form.has(name)}
        if not known:
            return answer
        answer = send(session, answer, form, **known)
        if pages.PASSWORD in known:
            return follow(session, answer)
    return answer
