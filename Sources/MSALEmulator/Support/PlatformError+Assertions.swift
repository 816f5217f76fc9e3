// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes

/// Faults of client assertions, signed by the client itself or by another issuer.
extension PlatformError {
    /// A token that cannot be read.
    static func tokenMalformed(_ why: String) -> PlatformError {
        PlatformError(
            code: 50027,
            error: "invalid_request",
            text: "JWT token is invalid or malformed. \(why)"
        )
    }

    /// No key of the application signed the assertion.
    static func assertionKeyUnknown(_ reason: String, _ thumbprint: [UInt8]?) -> PlatformError {
        let name = thumbprint.map { Hexadecimal.encode($0).uppercased() } ?? "none"
        return credential(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered on application, or "
                + "did not sign it. [Reason - \(reason), Thumbprint of key used by client: '\(quoted(name))']"
        )
    }

    /// The assertion's time is not now.
    static func assertionTime(now: Date, from: Date?, until: Date?) -> PlatformError {
        let start = from.map { Timestamp.platform($0) } ?? "the beginning"
        let end = until.map { Timestamp.platform($0) } ?? "no expiry time given"
        return credential(
            700024,
            "Client assertion is not within its valid time range. Current time: \(Timestamp.platform(now)), assertion "
                + "valid from \(start), expiry time of assertion \(end)."
        )
    }

    /// The assertion is for somebody else.
    static func assertionAudience(_ audience: String) -> PlatformError {
        credential(
            700023,
            "Client assertion audience claim '\(quoted(audience))' does not match Realm issuer. It must be the token "
                + "endpoint, or the issuer."
        )
    }

    /// The assertion names several audiences.
    static func assertionAudiences(_ count: Int) -> PlatformError {
        credential(
            5_002_741,
            "Number of audience values in the provided client credential exceed maximum allowed. \(count) audience "
                + "values provided, maximum allowed is 1."
        )
    }

    /// Issuer and subject are not one.
    static let assertionSubjectDiffers = credential(
        50048,
        "Subject must match Issuer claim in the client assertion."
    )

    /// The assertion is another application's.
    static func assertionOfOtherClient(_ issuer: String, _ client: GUID) -> PlatformError {
        credential(
            700021,
            "Client assertion application identifier '\(quoted(issuer))' doesn't match 'client_id' parameter "
                + "'\(client)'."
        )
    }

    /// The certificate's own time is not now.
    static let certificateExpired = credential(
        1_000_502,
        "The provided certificate is not within its specified validity period."
    )

    /// Nobody trusts the certificate's subject.
    static func certificateSubjectUnknown(_ names: [String]) -> PlatformError {
        credential(
            700030,
            "Invalid certificate - subject name in certificate is not authorized, or no trusted authority issued it. "
                + "Names in the certificate: '\(quoted(names.prefix(10).joined(separator: ", ")))'."
        )
    }

    /// The assertion was shown before.
    static func assertionRepeated(_ reason: String) -> PlatformError {
        credential(50012, "Authentication failed: the client assertion must be used once. \(reason)")
    }

    /// An assertion of a type that is not emulated.
    static func assertionTypeUnknown(_ type: String) -> PlatformError {
        credential(50012, "Authentication failed: the client_assertion_type '\(quoted(type))' is not supported.")
    }

    /// A fault of a credential.
    static func credential(_ code: Int, _ text: String) -> PlatformError {
        PlatformError(code: code, error: "invalid_client", text: text, hasPage: true, status: .unauthorized)
    }
}
