# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""Everything these tests know about the pages: element ids, selectors and texts, in one place."""

# The provider's sign-in page, whose ids are those of the real one.
USERNAME = "i0116"
PASSWORD = "i0118"
SUBMIT = "idSIButton9"
# Gives up on the page that asks for the name, goes back to it on the page that asks for the password.
BACK = "idBtn_Back"
# Gives up on the page that asks for the password.
CANCEL = "cancelSignIn"
# The code of a device, on the page where people type it.
DEVICE_CODE = "otc"
PROVIDER_ERROR = "[role=alert], #usernameError, #passwordError"

# All pages of the portal.
HEADING = "h1"
PERSON = "header .person-name"
SIGN_OUT = "form[action='/auth/sign-out'] button"
SIGN_IN = "a[href^='/auth/sign-in']"
CSRF_FIELD = "input[name=csrf_token]"
RETRY = "main a[href^='/auth/sign-in'], main a[href='/'], main form button"

# Reporting a claim.
REPORT_POLICY = "policy"
REPORT_CAUSE = "cause"
REPORT_DATE = "date"
REPORT_AMOUNT = "amount"
REPORT_ACCOUNT = "account"
REPORT_SUBMIT = "main form button[type=submit]"

# A customer's pages.
CLAIM_LINKS = "main table a[href^='/claims/']"
CLAIM_STATE = "main .state"

# The adjuster's pages.
QUEUE_LINKS = "main table th a"
SETTLE_FORM = "form[action$='/settle']"
SETTLE_AMOUNT = "form[action$='/settle'] [name=amount]"
SETTLE_SUBMIT = "form[action$='/settle'] button[type=submit]"
REJECT_REASON = "form[action$='/reject'] [name=reason]"
REJECT_SUBMIT = "form[action$='/reject'] button[type=submit]"

# The underwriter's and the administrator's pages.
CHARTS = "main svg.chart"
AUDIT_ROWS = "table[aria-labelledby=audit] tbody tr"
PEOPLE_ROWS = "table[aria-labelledby=people] tbody tr"

#: What the mock provider's page is operated by.
MOCK_SUBJECT = "input[name=sub]"
MOCK_AUTHORIZE = "//button[normalize-space()='Authorize']"
MOCK_DENY = "//button[normalize-space()='Deny']"
MOCK_END_SESSION = "//button[normalize-space()='End session']"
