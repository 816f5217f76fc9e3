# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""A real Chromium, and what a person does with it."""

import base64
import json
import os
import shutil
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from . import pages
from .process import ARTIFACTS

SCREENSHOTS = ARTIFACTS / "screenshots"
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
BROWSERS += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
DRIVERS = ["chromedriver", "/usr/lib/chromium/chromedriver", "/usr/lib/chromium-browser/chromedriver"]

#: How long a page may take; debug builds on a busy machine are slow.
PATIENCE = 20


def program(variable, candidates):
    """The path of a program: what a variable of the environment says, or the first candidate that is there."""
    for candidate in [os.environ.get(variable), *candidates]:
        found = candidate and shutil.which(candidate)
        if found:
            return found
    raise AssertionError(f"none of {candidates} was found; run Scripts/setup test")


class Browser:
    """One Chromium with a profile of its own."""

    def __init__(self, seen, javascript=True, trusted_certificate=None):
        os.environ["SE_OFFLINE"] = "true"
        options = webdriver.ChromeOptions()
        options.binary_location = program("CHROMIUM", BROWSERS)
        options.add_argument("--headless=new")
        options.add_argument("--window-size=1280,900")
        options.add_argument("--disable-dev-shm-usage")
        options.add_argument("--disable-background-networking")
        options.add_argument("--no-first-run")
        # The mock provider's page asks another host for a style sheet; no test leaves this machine.
        options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1")
        options.add_argument("--hide-scrollbars")
        options.add_argument("--lang=en-GB")
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        if not javascript:
            setting = "profile.managed_default_content_settings.javascript"
            options.add_experimental_option("prefs", {setting: 2})
        if trusted_certificate:
            options.add_argument(f"--ignore-certificate-errors-spki-list={spki(trusted_certificate)}")
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        service = Service(executable_path=program("CHROMEDRIVER", DRIVERS))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(60)
        self.driver.set_script_timeout(30)
        self._seen = seen
        self._has_javascript = javascript
        #: Addresses of all requests of the current test, in order.
        self.requested = []
        #: Status by address, of the answers of the current test.
        self.statuses = {}
        #: What the console said in the current test.
        self.console = []

    # Going and looking

    def go(self, url):
        """Opens an address."""
        self.driver.get(url)
        return self

    @property
    def url(self):
        """The address of the page, without its fragment."""
        return self.driver.current_url.partition("#")[0]

    @property
    def path(self):
        """Path and query of the page."""
        parts = urllib.parse.urlsplit(self.url)
        return parts.path + ("?" + parts.query if parts.query else "")

    @property
    def text(self):
        """All text of the page that a person sees."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def heading(self):
        """The first heading."""
        return self.one(pages.HEADING).text

    @property
    def status(self):
        """The status the page came with."""
        self.collect()
        return self.statuses.get(self.url)

    def one(self, selector):
        """The first element; fails after some time without one."""
        return self.wait(lambda: next(iter(self.all(selector)), None), f"{selector} on the page")

    def all(self, selector):
        """All elements."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def has(self, selector):
        """Whether there is such an element now."""
        return bool(self.all(selector))

    def visible(self, identifier):
        """The element of an id, if it can be seen."""
        return next((found for found in self.driver.find_elements(By.ID, identifier) if found.is_displayed()), None)

    def wait(self, condition, what):
        """Waits until a condition holds, and gives its value."""
        ignored = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05, ignored_exceptions=(Exception,))
        try:
            return ignored.until(lambda _: condition())
        except Exception as error:
            text = "\n".join(self.text.splitlines()[:30])
            raise AssertionError(f"waited in vain for {what}; at {self.url} stands:\n{text}") from error

    def wait_for_path(self, path):
        """Waits until the page of a path and query is there."""
        self.wait(lambda: self.path == path, f"the page {path}")

    # Doing

    def fill(self, selector, text):
        """Writes into a field."""
        field = self.one(selector)
        field.clear()
        field.send_keys(text)

    def press_enter(self, selector):
        """Presses the enter key in a field, and waits for the page that follows."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        self.one(selector).send_keys("\n")
        self.wait(lambda: is_gone(page), "the next page")

    def click(self, selector):
        """Clicks, and waits for the page that follows."""
        self.follow(self.one(selector))

    def follow(self, element):
        """Clicks an element, and waits until its page has gone."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()
        self.wait(lambda: is_gone(page), "the next page")

    def name_account(self, username):
        """The first step at the provider: who are you."""
        self.wait(lambda: self.visible(pages.USERNAME) or self.visible(pages.PASSWORD), "the sign-in page")
        if self.visible(pages.USERNAME):
            self.visible(pages.USERNAME).clear()
            self.visible(pages.USERNAME).send_keys(username)
            if not self.visible(pages.PASSWORD):
                self.follow(self.visible(pages.SUBMIT))

    def give_password(self, password):
        """The second step at the provider."""
        self.wait(lambda: self.visible(pages.PASSWORD), "the field for the password")
        self.visible(pages.PASSWORD).send_keys(password)
        self.follow(self.visible(pages.SUBMIT))

    def sign_in(self, person):
        """Both steps, from the provider's page on."""
        self.name_account(person.username)
        self.give_password(person.password)
        # Without scripts, the page that posts the answer waits for a click.
        if not self._has_javascript and self.visible(pages.SUBMIT) and not self.visible(pages.PASSWORD):
            self.follow(self.visible(pages.SUBMIT))

    def sign_in_at(self, portal, person, path="/me"):
        """Opens a page of the portal that needs a sign-in, signs in, and waits for that page."""
        self.go(portal.url + path)
        self.sign_in(person)
        self.wait_for_path(path)

    def sign_out(self):
        """The button on every page."""
        self.click(pages.SIGN_OUT)

    def fetch(self, path, method="GET", headers=None, body=None):
        """What the page's own script would get: status, final address and text, cookies going along."""
        script = """
            const [path, method, headers, body, done] = arguments;
            fetch(path, {method, headers: headers || {}, body, redirect: "manual", credentials: "same-origin"})
                .then(async answer => done({status: answer.status, type: answer.type, text: await answer.text()}))
                .catch(error => done({status: -1, type: String(error), text: ""}));
        """
        return self.driver.execute_async_script(script, path, method, headers, body)

    # Tabs and cookies

    def new_tab(self):
        """Opens a tab, and turns to it; its handle."""
        self.driver.switch_to.new_window("tab")
        return self.driver.current_window_handle

    def turn_to(self, handle):
        """Turns to a tab."""
        self.driver.switch_to.window(handle)

    def cookies(self):
        """All cookies of the profile, whatever path and host they belong to."""
        return self.driver.execute_cdp_cmd("Storage.getCookies", {})["cookies"]

    def put_cookie(self, cookie):
        """Puts a cookie back as it was."""
        kept = {name: cookie[name] for name in ("name", "value", "domain", "path", "secure", "httpOnly")}
        if "sameSite" in cookie:
            kept["sameSite"] = cookie["sameSite"]
        self.driver.execute_cdp_cmd("Storage.setCookies", {"cookies": [kept]})

    def forget_everything(self):
        """Makes the profile as new: one empty tab, no cookies."""
        first, *others = self.driver.window_handles
        for handle in others:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(first)
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Storage.clearCookies", {})
        self.collect()
        self.requested, self.statuses, self.console = [], {}, []

    # Looking closely

    def collect(self):
        """Reads what the network and the console did since the last call; secrets are remembered for the logs."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            self._take(message["method"], message.get("params", {}))
        self.console += self.driver.get_log("browser")
        for cookie in self.cookies():
            self._seen.add("cookie", cookie["value"])

    def _take(self, method, event):
        if method == "Network.requestWillBeSent":
            request = event["request"]
            self.requested.append(request["url"] + request.get("urlFragment", ""))
            self._seen.add_url(request["url"])
            self._seen.add_form(request.get("postData"))
            redirect = event.get("redirectResponse")
            if redirect:
                self.statuses[redirect["url"]] = redirect["status"]
                self._seen.add_headers(redirect.get("headers", {}).items())
        elif method in ("Network.requestWillBeSentExtraInfo", "Network.responseReceivedExtraInfo"):
            self._seen.add_headers(event.get("headers", {}).items())
        elif method == "Network.responseReceived":
            self.statuses[event["response"]["url"]] = event["response"]["status"]

    def foreign_requests(self):
        """Requests of the current test that went to another host than this machine."""
        self.collect()
        own = {"localhost", "127.0.0.1", None}
        schemes = ("http", "https", "ws", "wss")
        parts = [urllib.parse.urlsplit(url) for url in self.requested]
        return [part.geturl() for part in parts if part.scheme in schemes and part.hostname not in own]

    def complaints(self):
        """What the console complained about, but for answers that a test asked for (a 403 is logged there too)."""
        self.collect()
        severe = [entry["message"] for entry in self.console if entry["level"] == "SEVERE"]
        return [message for message in severe if "responded with a status of" not in message]

    def photograph(self, name):
        """Two pictures of the whole page, as on a desktop and as on a phone; on a phone nothing may stick out."""
        for device, width, height, is_phone in (("desktop", 1280, 900, False), ("phone", 390, 844, True)):
            metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": width, "height": min(size["height"], 6000), "scale": 1}
            picture = self.driver.execute_cdp_cmd(
                "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
            )
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            (SCREENSHOTS / f"{name}-{device}.png").write_bytes(base64.b64decode(picture["data"]))
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            assert size["width"] <= width + 1, f"{name} is {size['width']} wide on a {device} of {width}"

    def quit(self):
        """Ends the browser."""
        self.driver.quit()


def is_gone(element):
    """Whether the page of an element has been left."""
    try:
        element.is_enabled()
        return False
    except Exception:
        return True


def spki(certificate):
    """The hash by which Chromium can be told to trust one certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
    return base64.b64encode(digest.finalize()).decode()
