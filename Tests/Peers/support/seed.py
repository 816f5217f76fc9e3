# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""What the built-in directory of the emulator holds, and what the portal shows to whom."""

TENANT = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
DOMAIN = "harbourmutual.example"

PORTAL_ID = "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6"
PORTAL_SECRET = "portal-development-secret"
NIGHTLY_ID = "2b4d6f80-1a3c-4e5f-9b7d-c0e2a4f6b8d1"
NIGHTLY_SECRET = "nightly-development-secret"
CLAIMS_API = "api://harbour-claims"
CLAIMS_API_ID = "9a1b3c5d-7e2f-4a6b-8c0d-1e3f5a7b9c2d"
CLAIMS_API_SECRET = "claims-api-development-secret"
PAYMENTS_API = "api://harbour-payments"
AGENTS_ID = "6e8a0c2d-4f3b-4d5e-9a7c-8b1d3f5e7a9c"
AGENTS_SECRET = "agents-development-secret"
AGENT_ID = "8a0c2e4f-6b5d-4f7a-8c9e-9d3f5b7a1c2e"
COMMAND_LINE_ID = "3e5a7c91-2b4d-4f60-8a1c-d3e5f7a9b1c4"


class Person:
    """An account of the built-in directory."""

    def __init__(self, name, password, role, display_name, page, domain=DOMAIN):
        self.name = name
        self.username = f"{name}@{domain}"
        self.password = password
        self.role = role
        self.display_name = display_name
        #: The page that this role and no other may see.
        self.page = page

    def __repr__(self):
        return self.name


CUSTOMER = Person("customer", "Customer-Pass-1", "Customer", "Mara Lindqvist", "/policies")
ADJUSTER = Person("adjuster", "Adjuster-Pass-1", "Claims.Adjuster", "Tobias Okafor", "/queue")
UNDERWRITER = Person("underwriter", "Underwriter-Pass-1", "Policy.Underwriter", "Ines Marchetti", "/insights")
ADMIN = Person("admin", "Admin-Pass-1", "Portal.Admin", "Ravi Thornbury", "/admin")
GUEST = Person("guest", "Guest-Pass-1", None, "Nele Fairweather", None)
FORMER = Person("former", "Former-Pass-1", None, "Oskar Pellegrin", None)
#: Of the federated domain: the password is shown to its federation server.
BROKER = Person("broker", "Broker-Pass-1", None, "Amaru Castellanos", None, domain=f"brokers.{DOMAIN}")

ROLES = [CUSTOMER, ADJUSTER, UNDERWRITER, ADMIN]
PEOPLE = [*ROLES, GUEST, FORMER, BROKER]
