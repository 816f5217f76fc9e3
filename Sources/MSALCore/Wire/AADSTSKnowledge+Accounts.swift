// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AADSTSKnowledge {
    /// Who signs in, with which application and at which resource: up to 50099 and what belongs to those.
    static let accounts: [AADSTSExplanation] = [
        AADSTSExplanation(
            16000,
            "Several accounts are signed in, or the one that is does not belong to this tenant.",
            "Let the person choose an account, with the prompt 'select_account' or a login hint.",
            at: "The prompt and the login hint of the flow."
        ),
        AADSTSExplanation(
            16002,
            "The session that the request names by 'sid' is not there.",
            "Leave 'sid' out or pass a login hint, and sign in.",
            at: "The extra parameters of the flow."
        ),
        AADSTSExplanation(
            160_021,
            "The application asked for a session that has ended or never was.",
            "Start the sign-in without naming a session.",
            at: "The extra parameters of the flow."
        ),
        AADSTSExplanation(
            28002,
            "A scope that was sent with the code is not valid.",
            "Ask for the scopes with which the sign-in was started, spelled as the API publishes them.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            28003,
            "The scope that was sent with the code is empty.",
            "Name at least one scope, or leave the parameter out.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            50001,
            "The resource is disabled or is not installed in the tenant.",
            "Check the resource's identifier, and have an administrator install and enable it.",
            at: Place.properties
        ),
        AADSTSExplanation(
            500_011,
            "The resource does not exist in the tenant.",
            "Check the scope's application ID URI, and that the API is installed in the tenant.",
            at: Place.exposed
        ),
        AADSTSExplanation(
            500_021,
            "The network's tenant restrictions do not let anybody reach this tenant.",
            "Have the network's administrator allow the tenant, or use another network.",
            at: Place.guests
        ),
        AADSTSExplanation(
            500_022,
            "The tenant restrictions that a proxy adds to requests name no tenant that may be used.",
            "Have the network's administrator check the header that the proxy sets.",
            at: Place.guests
        ),
        AADSTSExplanation(
            50005,
            "A policy does not support the platform that the device reports.",
            "Use a supported device, or have the policy changed.",
            at: Place.policies
        ),
        AADSTSExplanation(
            50011,
            "The redirect URI is not registered for the application.",
            "Add it to the registration under Authentication, letter for letter.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            50012,
            "The client's certificate or assertion was not accepted.",
            "Check that the certificate is registered, still valid, and that its private key signs the assertion.",
            at: Place.certificates
        ),
        AADSTSExplanation(
            50013,
            "The token that was to be exchanged on behalf of its user is not valid.",
            "Pass on the access token that the API received, unchanged: it must be meant for this application.",
            at: Place.exposed
        ),
        AADSTSExplanation(
            500_133,
            "The token that was to be exchanged on behalf of its user has expired, or is not valid yet.",
            "Have the caller come with a fresh token, and check the clocks.",
            at: Place.call
        ),
        AADSTSExplanation(
            50014,
            "The guest has not accepted the invitation.",
            "Have the guest open the invitation, or send a new one.",
            at: Place.person
        ),
        AADSTSExplanation(
            50020,
            "The account belongs to another tenant and is no guest in this one.",
            "Invite it as a guest, or sign in with an account of the tenant.",
            at: Place.tenant
        ),
        AADSTSExplanation(
            50027,
            "A token in the request is not a well-formed JWT.",
            "Pass the token as it was received, without quotes, spaces or a 'Bearer' before it.",
            at: Place.call
        ),
        AADSTSExplanation(
            50034,
            "The account does not exist in the tenant.",
            "Check the user name and the tenant.",
            at: Place.person
        ),
        AADSTSExplanation(
            50048,
            "Subject and issuer of the client assertion are not the same.",
            "Set both to the client ID; the library does so in the assertions it makes.",
            at: "The callback that provides the client assertion."
        ),
        AADSTSExplanation(
            50049,
            "The platform does not know the authority's host.",
            "Check the host; for a private cloud, configure instance discovery.",
            at: Place.instance
        ),
        AADSTSExplanation(
            50050,
            "The question about the authority's host was malformed.",
            "Check that the authority is of the form https://host/tenant.",
            at: Place.instance
        ),
        AADSTSExplanation(
            50053,
            "The account is locked after too many tries, or the sign-in came from a blocked address.",
            "Wait, or have an administrator unlock it and look at the address.",
            at: Place.logs
        ),
        AADSTSExplanation(
            50055,
            "The password has expired.",
            "Sign in again and choose a new one.",
            at: Place.person
        ),
        AADSTSExplanation(
            50056,
            "The account has no password, or one that the platform cannot check.",
            "Sign in the way the account is meant to, or have a password set.",
            at: Place.methods
        ),
        AADSTSExplanation(
            50057,
            "The account is disabled.",
            "Ask an administrator to enable it.",
            at: Place.person
        ),
        AADSTSExplanation(
            50058,
            "Nobody is signed in at the identity provider.",
            "Sign in with a page instead of silently.",
            at: "The prompt of the flow."
        ),
        AADSTSExplanation(
            50059,
            "Neither the request nor the account tells which tenant is meant.",
            "Name the tenant in the authority.",
            at: Place.tenant
        ),
        AADSTSExplanation(
            50072,
            "The account must register for multi-factor authentication before it can go on.",
            "Sign in again and follow the steps on the page.",
            at: Place.methods
        ),
        AADSTSExplanation(
            50074,
            "Multi-factor authentication is needed.",
            "Sign in again and complete it.",
            at: Place.policies
        ),
        AADSTSExplanation(
            50076,
            "A policy asks for multi-factor authentication.",
            "Sign in again and complete it.",
            at: Place.policies
        ),
        AADSTSExplanation(
            50078,
            "The last multi-factor authentication is too long ago.",
            "Sign in again and complete it.",
            at: Place.policies
        ),
        AADSTSExplanation(
            50079,
            "The account must register for multi-factor authentication.",
            "Sign in again and follow the steps on the page.",
            at: Place.methods
        ),
        AADSTSExplanation(
            50089,
            "The sign-in page was open for too long.",
            "Start the sign-in anew.",
            at: Place.logs
        ),
        AADSTSExplanation(
            50097,
            "The device must prove itself.",
            "Sign in from a device that is registered with the tenant.",
            at: Place.devices
        ),
    ]
}
