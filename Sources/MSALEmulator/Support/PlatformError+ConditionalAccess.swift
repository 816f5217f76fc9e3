// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// What conditional access asks for, and faults of asking for it.
extension PlatformError {
    /// A second factor is needed; the claims, sent back to the authorization endpoint, ask for it.
    static func secondFactorNeeded(_ policies: [ConditionalAccessPolicy], error: String) -> PlatformError {
        let names = policies.map { quoted($0.displayName) }.joined(separator: ", ")
        let claims: JSONValue = [
            "access_token": [
                "capolids": ["essential": true, "values": .array(policies.map { .string($0.id.text) })]
            ]
        ]
        return PlatformError(
            code: 50076,
            error: error,
            text: "Due to a configuration change made by your administrator, or because you moved to a new location, "
                + "you must use multi-factor authentication. Policies: \(names).",
            suberror: "basic_action",
            claims: String(decoding: claims.serialized(), as: UTF8.self),
            hasPage: true
        )
    }

    /// The person refused the second factor.
    static let secondFactorDenied = PlatformError(
        code: 500121,
        error: "access_denied",
        text: "Authentication failed during strong authentication request.",
        hasPage: true
    )

    /// The parameter `claims` cannot be read.
    static func claimsMalformed(_ why: String) -> PlatformError {
        malformed("The parameter 'claims' is malformed. \(quoted(why))")
    }
}
