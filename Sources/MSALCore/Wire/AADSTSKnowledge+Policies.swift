// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AADSTSKnowledge {
    /// What a policy asks for or forbids: 53000 to 54999 and what belongs to those.
    static let policies: [AADSTSExplanation] = [
        AADSTSExplanation(
            53000,
            "A policy asks for a device that complies with the organisation's rules.",
            "Use such a device, or enrol this one.",
            at: Place.devices
        ),
        AADSTSExplanation(
            53001,
            "A policy asks for a device that is joined to the organisation's domain.",
            "Use such a device.",
            at: Place.devices
        ),
        AADSTSExplanation(
            53002,
            "A policy allows approved applications only, and this is none of them.",
            "Use an approved application, or have the policy changed.",
            at: Place.policies
        ),
        AADSTSExplanation(
            53003,
            "A conditional access policy blocks the sign-in.",
            "Ask an administrator which policy it was.",
            at: Place.policies
        ),
        AADSTSExplanation(
            530_032,
            "The tenant's security policy blocks the sign-in.",
            "Ask the tenant's administrator; nothing in the application changes it.",
            at: Place.policies
        ),
        AADSTSExplanation(
            530_034,
            "A delegated administrator was blocked because the account is at risk.",
            "Have the risk dealt with in the tenant that the account comes from.",
            at: "Entra admin center: Identity Protection, Risky users."
        ),
        AADSTSExplanation(
            530_035,
            "The tenant's security defaults block the sign-in.",
            "Register for multi-factor authentication and use a modern way to sign in.",
            at: "Entra admin center: Overview, Properties, Security defaults."
        ),
        AADSTSExplanation(
            53004,
            "Multi-factor authentication cannot be registered, since the sign-in looks suspicious.",
            "Register from a known place, or ask an administrator.",
            at: "Entra admin center: Identity Protection, Risky sign-ins."
        ),
        AADSTSExplanation(
            53010,
            "A policy does not let multi-factor authentication be registered from this place or device.",
            "Register from a place or device that the organisation trusts.",
            at: Place.policies
        ),
        AADSTSExplanation(
            53011,
            "The account is blocked because it is at risk in its home tenant.",
            "Have the home tenant's administrator deal with the risk.",
            at: "Entra admin center: Identity Protection, Risky users."
        ),
        AADSTSExplanation(
            54005,
            "The authorization code was redeemed before.",
            "Start the sign-in anew, and complete each flow once.",
            at: "Where the flow is kept between its two legs."
        ),
    ]

    /// What people and administrators agreed to: 65000 to 65999 and what belongs to those.
    static let consent: [AADSTSExplanation] = [
        AADSTSExplanation(
            65001,
            "Consent for the application is missing.",
            "Sign in again and consent, or ask an administrator to.",
            at: Place.consent
        ),
        AADSTSExplanation(
            65002,
            "Nobody can consent between these two applications; the API's owner must authorise the client beforehand.",
            "Have the client added to the API's authorised client applications.",
            at: Place.exposed
        ),
        AADSTSExplanation(
            65004,
            "Consent was refused.",
            "Try again and accept, or use another account.",
            at: Place.consent
        ),
        AADSTSExplanation(
            65005,
            "The application asks for access to a resource that its registration does not list.",
            "Add the resource to its API permissions.",
            at: Place.permissions
        ),
        AADSTSExplanation(
            650_052,
            "The tenant has no subscription to, or no installation of, a service that the application needs.",
            "Have an administrator subscribe to it or install it.",
            at: Place.permissions
        ),
        AADSTSExplanation(
            650_054,
            "The application asks for permissions to a resource that was removed or is not available.",
            "Remove the permissions from the registration, or install the resource in the tenant.",
            at: Place.permissions
        ),
        AADSTSExplanation(
            650_056,
            "The registration lists no permission to this resource, nobody consented, or the request names another application.",
            "Check client ID, permissions and consent.",
            at: Place.permissions
        ),
        AADSTSExplanation(
            650_057,
            "The resource that is asked for is not among those that the registration lists.",
            "List it, or ask for one that is listed.",
            at: Place.permissions
        ),
    ]
}
