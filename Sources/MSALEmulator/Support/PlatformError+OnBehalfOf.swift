// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Faults of grants that show another token: on behalf of, and an agent's federated credential.
extension PlatformError {
    /// The assertion was not signed by this platform.
    static let grantSignature = PlatformError(
        code: 50013,
        error: "invalid_grant",
        text: "Assertion failed signature validation. [Reason - The key was not found.]",
        hasPage: true
    )

    /// The assertion's time is not now.
    static func grantTime(now: Date, from: Date?, until: Date?) -> PlatformError {
        PlatformError(
            code: 500133,
            error: "invalid_grant",
            text: "Assertion is not within its valid time range. Ensure that the access token is not expired before "
                + "using it for user assertion, or request a new token. Current time: \(Timestamp.platform(now)), "
                + "valid from \(from.map { Timestamp.platform($0) } ?? "?"), "
                + "until \(until.map { Timestamp.platform($0) } ?? "?").",
            hasPage: true
        )
    }

    /// The assertion is for another application than the one that shows it.
    static func grantAudience(_ audience: String, _ client: Application) -> PlatformError {
        PlatformError(
            code: 500131,
            error: "invalid_grant",
            text: "Assertion audience does not match the Client app presenting the assertion. The audience in the "
                + "assertion was '\(quoted(audience))' and the expected audience is '\(client.id)' or one of the "
                + "Application URIs of this application.",
            hasPage: true
        )
    }

    /// An ID token says who signed in, and lets nobody act for them.
    static let grantOfIDToken = PlatformError(
        code: 240002,
        error: "invalid_grant",
        text: "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant. Send the access "
            + "token that the caller showed.",
        hasPage: true
    )

    /// There is nobody behind an application's own token.
    static func grantOfApplication(_ client: Application) -> PlatformError {
        PlatformError(
            code: 7_000_114,
            error: "invalid_grant",
            text: "Application '\(client.id)' is not allowed to make application on-behalf-of calls: the assertion is "
                + "an app-only token.",
            hasPage: true
        )
    }

    /// No resource was asked where exactly one is needed.
    static let scopeOfNoResource = PlatformError(
        code: 700023,
        error: "invalid_scope",
        text: "The provided value for the input parameter 'scope' is not valid because it contains no resource."
    )
}
