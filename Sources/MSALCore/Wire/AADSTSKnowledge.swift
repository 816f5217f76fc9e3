// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What the numbers behind `AADSTS` mean.
///
/// They explain; nothing is decided by them, as the platform demands.
enum AADSTSKnowledge {
    /// Cause and cure, a sentence each.
    struct Explanation: Sendable, Hashable {
        var cause: String
        var cure: String
    }

    /// The explanation of a number; nil for an unknown one.
    static func explanation(of number: Int) -> Explanation? {
        table[number].map { Explanation(cause: $0.0, cure: $0.1) }
    }

    private static let table: [Int: (String, String)] = [
        50011: (
            "The redirect URI is not registered for the application.",
            "Add it to the registration under Authentication, letter for letter."
        ),
        50034: ("The account does not exist in the tenant.", "Check the user name and the tenant."),
        50053: ("The account is locked after too many tries.", "Wait, or have an administrator unlock it."),
        50055: ("The password has expired.", "Sign in again and choose a new one."),
        50057: ("The account is disabled.", "Ask an administrator to enable it."),
        50058: ("Nobody is signed in at the identity provider.", "Sign in."),
        50074: ("Multi-factor authentication is needed.", "Sign in again and complete it."),
        50076: ("A policy asks for multi-factor authentication.", "Sign in again and complete it."),
        50079: ("The account must register for multi-factor authentication.", "Sign in again and follow the steps."),
        50105: (
            "The account is not assigned to the application.",
            "Assign it, or a group of its, under Enterprise applications."
        ),
        50126: ("The user name or the password is wrong.", "Try again with the right ones."),
        50173: ("The sign-in was revoked, by a password change for example.", "Sign in again."),
        50194: (
            "The application is registered for one tenant but was used on a multi-tenant authority.",
            "Set the authority to the tenant, or register the application for several."
        ),
        500011: (
            "The resource does not exist in the tenant.",
            "Check the scope's application ID URI, and that the API is installed in the tenant."
        ),
        53003: ("A conditional access policy blocks the sign-in.", "Ask an administrator which policy it was."),
        54005: ("The authorization code was redeemed before.", "Start the sign-in anew."),
        65001: ("Consent for the application is missing.", "Sign in again and consent, or ask an administrator to."),
        65004: ("Consent was refused.", "Try again and accept, or use another account."),
        700016: (
            "The application does not exist in the tenant.",
            "Check the client ID and the tenant, and that the application was installed there."
        ),
        70008: ("The authorization code or refresh token has expired.", "Sign in again."),
        70011: ("A scope is malformed or not allowed.", "Check the spelling and do not mix '.default' with others."),
        700082: ("The refresh token was not used for too long.", "Sign in again."),
        7000215: (
            "The client secret is wrong.",
            "Use the secret's value, not its identifier, and check that it belongs to this application."
        ),
        7000218: (
            "The request has no client credential.",
            "Configure a client secret, or register the application as a public client."
        ),
        7000222: ("The client secret has expired.", "Create a new one in the registration and configure it."),
        90002: ("The tenant does not exist.", "Check the tenant's identifier or domain, and the cloud."),
        9002313: ("The request is malformed.", "Check the parameters that were added to it."),
        1002012: (
            "The scope of an application token must end in '/.default'.",
            "Ask for the resource's identifier followed by '/.default'."
        ),
    ]
}
