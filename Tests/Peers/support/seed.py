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


class Person:
    """An account of the built-in directory."""

    def __init__(self, name, password, role, display_name, page):
        self.name = name
        self.username = f"{name}@{DOMAIN}"
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

ROLES = [CUSTOMER, ADJUSTER, UNDERWRITER, ADMIN]
PEOPLE = [*ROLES, GUEST, FORMER]
