// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AADSTSKnowledge {
    /// How the sign-in went: 50100 to 50199 and what belongs to those.
    static let signIn: [AADSTSExplanation] = [
        AADSTSExplanation(
            50105,
            "The account is not assigned to the application.",
            "Assign it, or a group of its, under Enterprise applications.",
            at: Place.assignment
        ),
        AADSTSExplanation(
            50125,
            "The sign-in was interrupted so that the password can be reset or registered.",
            "Finish the steps on the page.",
            at: Place.methods
        ),
        AADSTSExplanation(
            50126,
            "The user name or the password is wrong.",
            "Try again with the right ones.",
            at: Place.logs
        ),
        AADSTSExplanation(
            50131,
            "A policy's condition is not met, such as the state of the device or the risk of the sign-in.",
            "Find the policy in the sign-in logs, and meet its condition.",
            at: Place.policies
        ),
        AADSTSExplanation(
            50132,
            "The session is not valid any more, since the password has expired or was changed.",
            "Sign in again.",
            at: Place.person
        ),
        AADSTSExplanation(
            50133,
            "The session was ended by a recent change of the password.",
            "Sign in again.",
            at: Place.person
        ),
        AADSTSExplanation(
            50140,
            "The sign-in was interrupted to ask whether to stay signed in.",
            "Answer the question on the page; if it repeats, report the correlation ID.",
            at: Place.logs
        ),
        AADSTSExplanation(
            50144,
            "The password of the on-premises directory has expired.",
            "Change it there, then sign in again.",
            at: Place.person
        ),
        AADSTSExplanation(
            50146,
            "The application has mapped claims but no signing key of its own.",
            "Give it a signing key, or accept mapped claims in the manifest of a single-tenant application.",
            at: Place.manifest
        ),
        AADSTSExplanation(
            501_461,
            "Mapped claims are only issued to an application that is asked for by its GUID or a verified domain.",
            "Ask for the application by its client ID, or give it a signing key of its own.",
            at: Place.manifest
        ),
        AADSTSExplanation(
            50147,
            "The size of the PKCE challenge is wrong.",
            "Let the library make it: it is the base64url of a SHA-256, 43 characters.",
            at: Place.call
        ),
        AADSTSExplanation(
            501_481,
            "The PKCE verifier does not fit the challenge with which the sign-in was started.",
            "Complete the flow that was started, with the answer that belongs to it.",
            at: "Where the flow is kept between its two legs."
        ),
        AADSTSExplanation(
            501_491,
            "The PKCE challenge is missing or not as long as it must be.",
            "Send the challenge that the library made, unchanged.",
            at: Place.call
        ),
        AADSTSExplanation(
            50155,
            "The device could not prove itself.",
            "Check that it is registered and enabled, then sign in again.",
            at: Place.devices
        ),
        AADSTSExplanation(
            50158,
            "A challenge of another service, such as its multi-factor authentication, was not met.",
            "Send the error's claims with the next sign-in.",
            at: Place.policies
        ),
        AADSTSExplanation(
            50173,
            "The sign-in was revoked, by a password change for example.",
            "Sign in again.",
            at: Place.logs
        ),
        AADSTSExplanation(
            50194,
            "The application is registered for one tenant but was used on a multi-tenant authority.",
            "Set the authority to the tenant, or register the application for several.",
            at: Place.accountTypes
        ),
        AADSTSExplanation(
            50196,
            "The application sent the same request so often that the platform takes it for a loop.",
            "Keep the tokens and acquire silently first; do not start a sign-in for each failure.",
            at: Place.call
        ),
        AADSTSExplanation(
            50199,
            "The sign-in was interrupted to ask whether this application was meant.",
            "Confirm it on the page.",
            at: Place.logs
        ),
    ]
}
