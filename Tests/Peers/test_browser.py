# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""A person in front of a real Chromium: what each role sees, does, and is kept from."""

import urllib.parse

import pytest

from support import pages
from support.browser import Browser
from support.seed import ADJUSTER, ADMIN, CUSTOMER, FORMER, GUEST, ROLES, UNDERWRITER

PROTECTED = [person.page for person in ROLES]


@pytest.mark.parametrize("person", ROLES, ids=repr)
def test_each_role_sees_its_page_and_no_other(browser, portal, person):
    browser.sign_in_at(portal, person, person.page)
    assert browser.status == 200
    assert person.display_name in browser.one(pages.PERSON).text
    browser.photograph(person.page.strip("/"))
    for path in PROTECTED:
        if path != person.page:
            browser.go(portal.url + path)
            assert browser.status == 403, f"{person} at {path}"
            assert browser.has("main a[href]"), "a page that refuses shows a way on"
    browser.photograph(f"forbidden-for-{person}")


@pytest.mark.parametrize("person", ROLES, ids=repr)
def test_the_profile_comes_from_graph_by_access_token(browser, portal, person):
    browser.sign_in_at(portal, person, "/me")
    assert person.display_name in browser.text
    assert "+44 20 7946 01" in browser.text, "the telephone number is known to Graph only"
    assert any(character.isdigit() for character in browser.text)
    if person is CUSTOMER:
        browser.photograph("me")


def test_the_printed_accounts_are_one_for_each_role(portal):
    printed = portal.accounts()
    for person in ROLES:
        assert (person.username, person.password, person.role) in printed


def test_everybody_sees_the_home_page(browser, portal):
    browser.go(portal.url + "/")
    assert browser.status == 200
    assert browser.has(pages.SIGN_IN)
    browser.photograph("home")


@pytest.mark.parametrize("person", [*ROLES, GUEST], ids=repr)
def test_the_home_page_of_a_signed_in_person_names_them(browser, portal, person):
    browser.go(portal.url + "/auth/sign-in?return_to=/")
    browser.sign_in(person)
    browser.wait_for_path("/")
    assert person.display_name in browser.text
    browser.photograph(f"home-{person}")


def test_an_account_without_a_role_is_signed_in_and_refused_everything(browser, portal):
    browser.sign_in_at(portal, GUEST, "/me")
    assert GUEST.display_name in browser.text
    for path in PROTECTED:
        browser.go(portal.url + path)
        assert browser.status == 403


def test_a_claim_goes_from_the_customer_to_the_adjuster_and_back(browser, portal):
    account = "A branch fell on the roof & broke <b>nine</b> tiles"
    browser.sign_in_at(portal, CUSTOMER, "/claims/new")
    browser.photograph("claims-new")
    browser.click(pages.REPORT_SUBMIT)
    assert browser.path == "/claims/new" and browser.has("[aria-invalid=true]"), "an empty report is not taken"
    browser.photograph("claims-new-faults")
    report_claim(browser, account, "123.45")
    assert account in browser.text
    claim = browser.path.partition("?")[0]
    assert claim.startswith("/claims/")
    browser.photograph("claim-reported")
    number = browser.one("main .eyebrow").text.split()[-1]
    browser.sign_out()

    browser.forget_everything()
    browser.sign_in_at(portal, ADJUSTER, "/queue")
    browser.go(find_in_queue(browser, number))
    assert account in browser.text
    browser.photograph("decision")
    browser.fill(pages.SETTLE_AMOUNT, "23.45")
    browser.click(pages.SETTLE_SUBMIT)
    assert browser.status == 200
    browser.photograph("settled")
    browser.sign_out()

    browser.forget_everything()
    browser.sign_in_at(portal, CUSTOMER, claim)
    assert "23.45" in browser.text and "Settled" in browser.one(pages.CLAIM_STATE).text
    browser.photograph("claim-settled")


def test_a_claim_is_rejected_with_a_reason_that_the_customer_reads(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/claims/new")
    report_claim(browser, "The cat pushed the vase off the table, twice", "50")
    claim, number = browser.path.partition("?")[0], browser.one("main .eyebrow").text.split()[-1]
    browser.forget_everything()
    browser.sign_in_at(portal, ADJUSTER, "/queue")
    browser.go(find_in_queue(browser, number))
    browser.fill(pages.REJECT_REASON, "Cats are not covered <script>alert(1)</script>")
    browser.click(pages.REJECT_SUBMIT)
    browser.forget_everything()
    browser.sign_in_at(portal, CUSTOMER, claim)
    assert "Cats are not covered <script>alert(1)</script>" in browser.text
    assert "Rejected" in browser.one(pages.CLAIM_STATE).text


def test_a_customer_reaches_nobody_elses_claims_or_policies(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    own = {link.get_attribute("href") for link in browser.all("main a[href]")}
    own = {urllib.parse.urlsplit(url).path for url in own}
    for kind in ("claims", "policies"):
        mine = sorted(path for path in own if path.startswith(f"/{kind}/") and path != "/claims/new")
        assert mine, f"the customer has {kind}"
        assert browser.fetch(mine[0])["status"] == 200
        for guess in [*range(1, 30), *range(400, 410), 1_000_000, -1, 0, "1%20or%201=1", "9" * 30]:
            path = f"/{kind}/{guess}"
            if path not in own:
                answer = browser.fetch(path)
                assert answer["status"] in (403, 404), f"{path}: {answer['status']}"


def test_the_underwriter_sees_figures_and_charts(browser, portal):
    browser.sign_in_at(portal, UNDERWRITER, "/insights")
    charts = browser.all(pages.CHARTS)
    assert len(charts) >= 2
    for chart in charts:
        assert chart.accessible_name, "a chart says what it shows"
        assert chart.size["height"] > 50 and chart.size["width"] > 100


def test_the_administrator_sees_people_and_the_audit_trail(browser, portal):
    browser.sign_in_at(portal, ADMIN, "/admin")
    assert len(browser.all(pages.AUDIT_ROWS)) > 0
    people = " ".join(row.text for row in browser.all(pages.PEOPLE_ROWS))
    assert ADMIN.display_name in people


def test_signing_out_ends_the_session_and_an_old_cookie_is_useless(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    before = browser.cookies()
    browser.sign_out()
    browser.wait_for_path("/auth/signed-out")
    assert browser.has("main a[href], main form"), "there is a way on"
    browser.photograph("signed-out")
    for cookie in before:
        browser.put_cookie(cookie)
    browser.go(portal.url + "/policies")
    assert not browser.url.startswith(portal.url), "the old cookie opened the page"
    assert browser.visible(pages.USERNAME) or browser.visible(pages.PASSWORD), "the provider's session ended too"


def test_signing_out_by_address_asks_first(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    browser.go(portal.url + "/auth/sign-out")
    browser.photograph("confirm-sign-out")
    browser.go(portal.url + "/policies")
    assert browser.status == 200 and browser.path == "/policies", "a link alone signs nobody out"
    browser.go(portal.url + "/auth/sign-out")
    browser.click("main form button")
    browser.wait_for_path("/auth/signed-out")


def test_a_second_sign_in_needs_no_password_while_the_provider_remembers(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    for cookie in browser.cookies():
        if "session" in cookie["name"] and "signin" not in cookie["name"]:
            browser.driver.execute_cdp_cmd(
                "Network.deleteCookies", {"name": cookie["name"], "domain": "localhost", "path": cookie["path"]}
            )
    browser.go(portal.url + "/policies?from=here")
    browser.wait_for_path("/policies?from=here")
    assert browser.status == 200


def test_a_wrong_password_stays_at_the_provider_and_the_right_one_goes_on(browser, portal):
    browser.go(portal.url + "/me")
    browser.name_account(CUSTOMER.username)
    browser.photograph("provider-password")
    browser.give_password("Not-The-Password-1")
    assert not browser.url.startswith(portal.url)
    assert browser.one(pages.PROVIDER_ERROR).text
    browser.photograph("provider-wrong-password")
    browser.sign_in(CUSTOMER)
    browser.wait_for_path("/me")


@pytest.mark.parametrize("username", ["nobody@harbourmutual.example", "<img src=x onerror=alert(1)>", "x@elsewhere.example"])
def test_an_unknown_account_is_told_so(browser, portal, username):
    browser.go(portal.url + "/me")
    browser.photograph("provider-username")
    browser.name_account(username)
    if browser.visible(pages.PASSWORD):
        browser.give_password("Whatever-It-Is-1")
    assert not browser.url.startswith(portal.url)
    assert browser.one(pages.PROVIDER_ERROR).text


def test_a_disabled_account_does_not_get_in(browser, portal):
    browser.go(portal.url + "/me")
    browser.name_account(FORMER.username)
    if browser.visible(pages.PASSWORD):
        browser.give_password(FORMER.password)
    assert browser.path != "/me"
    browser.go(portal.url + "/me")
    assert not browser.url.startswith(portal.url)


@pytest.mark.parametrize("step", ["name", "password"])
def test_cancelling_leads_to_a_page_that_offers_another_try(browser, portal, step):
    browser.go(portal.url + "/queue?state=open")
    if step == "password":
        browser.name_account(ADJUSTER.username)
    browser.click("#" + (pages.CANCEL if step == "password" else pages.BACK))
    browser.wait(lambda: browser.url.startswith(portal.url), "the portal")
    assert browser.status < 500
    browser.photograph("cancelled")
    browser.click(pages.RETRY)
    browser.sign_in(ADJUSTER)
    browser.wait_for_path("/queue?state=open")


@pytest.mark.parametrize(
    "path",
    ["/queue?state=open&order=oldest", "/queue?product=boat&region=North%20East", "/queue?q=a%2Bb%26c%3Dd&empty=&%C3%A9=1"],
)
def test_a_deep_link_survives_the_sign_in_with_its_query(browser, portal, path):
    browser.go(portal.url + path)
    browser.sign_in(ADJUSTER)
    browser.wait(lambda: browser.url.startswith(portal.url), "the portal")
    assert browser.path == path


def test_two_tabs_signing_in_at_once_each_get_where_they_wanted(browser, portal):
    first = browser.driver.current_window_handle
    browser.go(portal.url + "/policies?tab=first")
    browser.new_tab()
    browser.go(portal.url + "/me?tab=second")
    browser.sign_in(CUSTOMER)
    browser.wait_for_path("/me?tab=second")
    browser.turn_to(first)
    browser.sign_in(CUSTOMER)
    browser.wait_for_path("/policies?tab=first")


def test_the_back_button_after_a_sign_in_ends_in_no_loop(browser, portal):
    browser.go(portal.url + "/")
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    for _ in range(3):
        browser.driver.back()
        assert browser.status != 500 and browser.heading
    browser.go(portal.url + "/policies")
    assert browser.path == "/policies"


def test_a_repeated_answer_of_the_provider_is_explained(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/policies?again=1")
    browser.collect()
    answer = next(url for url in browser.requested if url.startswith(portal.url + "/auth/callback?"))
    browser.go(answer)
    assert browser.url.startswith(portal.url)
    assert browser.status in (200, 400)
    browser.forget_everything()
    browser.go(answer)
    assert browser.status == 400
    assert browser.has(pages.RETRY)
    browser.photograph("stray-answer")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?code=made-up&state=made-up",
        "?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=made-up",
        "?code=one&code=two&state=made-up",
        "?state=" + "x" * 6000,
    ],
    ids=["nothing", "made-up", "error-with-markup", "twice", "long"],
)
def test_a_stray_answer_is_explained(browser, portal, query):
    browser.go(portal.url + "/auth/callback" + query)
    assert browser.status == 400
    assert browser.heading
    assert browser.has(pages.RETRY)


def test_a_changed_state_is_refused_and_the_next_try_works(browser, portal):
    browser.go(portal.url + "/policies")
    browser.name_account(CUSTOMER.username)
    browser.collect()
    sent = next(url for url in browser.requested if "/authorize?" in url)
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(sent).query)["state"][0]
    changed = ("A" if state[0] != "A" else "B") + state[1:]
    browser.go(f"{portal.url}/auth/callback?code=some-code-or-other&state={changed}")
    assert browser.status == 400
    browser.click(pages.RETRY)
    browser.wait(lambda: browser.visible(pages.USERNAME) or browser.has(pages.SIGN_IN), "another try")


def test_forms_of_other_origins_are_refused(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/claims/new", "/auth/sign-out"):
        assert browser.fetch(path, "POST", form, "amount=1")["status"] == 403, path
    assert browser.fetch("/policies")["status"] == 200, "still signed in"


def test_nothing_that_scripts_can_read_holds_a_session(browser, portal):
    browser.sign_in_at(portal, CUSTOMER, "/policies")
    assert browser.driver.execute_script("return document.cookie") == ""
    assert browser.driver.execute_script("return Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    for cookie in browser.cookies():
        assert cookie["httpOnly"], cookie["name"]
        assert cookie.get("sameSite") in ("Lax", "Strict"), cookie["name"]


def test_everything_works_without_javascript(portal, seen):
    browser = Browser(seen, javascript=False)
    try:
        browser.sign_in_at(portal, CUSTOMER, "/policies")
        browser.go(portal.url + "/me")
        assert CUSTOMER.display_name in browser.text
        browser.sign_out()
        browser.wait(lambda: "signed out" in browser.text.lower(), "the page after signing out")
        assert browser.foreign_requests() == []
    finally:
        browser.collect()
        browser.quit()


def report_claim(browser, account, amount):
    """Fills in and sends the report of a claim; ends on the claim's page."""
    for name in (pages.REPORT_POLICY, pages.REPORT_CAUSE):
        browser.all(f"select[name={name}] option:not([value=''])")[0].click()
    day = browser.one(f"[name={pages.REPORT_DATE}]").get_attribute("max")
    browser.driver.execute_script("arguments[0].value = arguments[1]", browser.one(f"[name={pages.REPORT_DATE}]"), day)
    browser.fill(f"[name={pages.REPORT_AMOUNT}]", amount)
    browser.fill(f"[name={pages.REPORT_ACCOUNT}]", account)
    browser.click(pages.REPORT_SUBMIT)
    assert browser.path != "/claims/new", browser.text


def find_in_queue(browser, number):
    """The address of a claim in the adjuster's queue, whatever page of it the claim stands on."""
    for _ in range(60):
        for link in browser.all(pages.QUEUE_LINKS):
            if link.text.strip() == number:
                return link.get_attribute("href")
        further = browser.all("a[rel=next]")
        assert further, f"{number} is not in the queue"
        browser.follow(further[0])
    raise AssertionError(f"{number} is not on the first 60 pages of the queue")
