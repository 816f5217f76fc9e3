// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Faults of the assertions that people of federated domains bring.
extension PlatformError {
    /// It is no assertion, or not of the version that the grant names.
    static func samlMalformed(_ why: String) -> PlatformError {
        PlatformError(
            code: 50013,
            error: "invalid_grant",
            text: "Assertion failed validation: \(quoted(why)).",
            hasPage: true
        )
    }

    /// It was changed on its way, or signed by somebody else.
    static let samlSignatureWrong = PlatformError(
        code: 50013,
        error: "invalid_grant",
        text: "Assertion failed signature validation. It is not as the federation server of the domain wrote it.",
        hasPage: true
    )

    /// It is meant for somebody else.
    static let samlAudienceWrong = PlatformError(
        code: 500_131,
        error: "invalid_grant",
        text: "Assertion audience is not the platform. Ask the federation server for a token for "
            + "'\(SAMLAssertion.audience)'.",
        hasPage: true
    )

    /// It is too old, or too new.
    static let samlExpired = PlatformError(
        code: 500_133,
        error: "invalid_grant",
        text: "Assertion is not within its valid time range.",
        hasPage: true
    )

    /// It is about nobody, or its server speaks for another domain.
    static let samlSubjectUnknown = PlatformError(
        code: 50013,
        error: "invalid_grant",
        text: "Assertion failed validation: its subject is no account of the domain that its issuer speaks for.",
        hasPage: true
    )
}
