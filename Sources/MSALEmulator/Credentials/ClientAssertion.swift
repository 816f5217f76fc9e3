// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// A `client_assertion`, taken apart and not verified (RFC 7523 §2.2).
///
/// It is read as leniently as the platform does: real clients pad thumbprints, break the lines of certificates, and write
/// times as texts or with fractions.
struct ClientAssertion: Sendable {
    /// What `client_assertion_type` must say.
    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    /// The algorithms that are accepted.
    static let algorithms: Set<JWSAlgorithm> = [.ps256, .rs256]
    /// How far clocks may be apart, in seconds.
    static let clockSkew: TimeInterval = 300
    /// How long an assertion may be: the certificates of a chain are in it.
    private static let maximumLength = 65_536

    /// The token.
    let token: UnverifiedJWT
    /// What it says.
    let claims: JWTClaims
    /// The members of the header.
    private let header: JSONValue

    /// Takes an assertion apart.
    init(_ compact: String) throws(PlatformError) {
        do {
            token = try UnverifiedJWT(compact, maximumLength: Self.maximumLength)
            claims = try token.unverifiedClaims()
            let head = Base64URL.decode(compact.prefix { $0 != "." }) ?? []
            header = try JSONValue(parsing: head)
        } catch {
            throw .tokenMalformed(error.message)
        }
        guard Self.algorithms.contains(token.header.algorithm) else {
            throw .tokenMalformed("The algorithm must be PS256 or RS256.")
        }
    }

    /// The SHA-1 thumbprint of the certificate (`x5t`).
    var sha1: [UInt8]? { thumbprint("x5t") }
    /// The SHA-256 thumbprint of the certificate (`x5t#S256`).
    var sha256: [UInt8]? { thumbprint("x5t#S256") }

    /// The certificates that came along (`x5c`), the signer's first: a list, or one as a bare text.
    var certificates: [ClientCertificate] {
        let texts = header["x5c"]?.arrayValue ?? header["x5c"].map { [$0] } ?? []
        return texts.compactMap { value in
            value.stringValue
                .flatMap { Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }
                .flatMap { try? ClientCertificate(der: Array($0)) }
        }
    }

    /// The moment of a claim: a number, with a fraction or not, or a text that is one.
    func moment(_ name: String) -> Date? {
        let value = claims[name]
        let seconds = value?.doubleValue ?? value?.stringValue.flatMap { Double($0) }
        // Up to the year 9999, beyond which dates cannot be written in errors.
        guard let seconds, (0...253_402_300_799).contains(seconds) else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }

    /// Checks the times; `exp` must be there, `nbf` need not.
    func checkTime(at now: Date) throws(PlatformError) {
        guard let end = moment("exp") else { throw .assertionTime(now: now, from: moment("nbf"), until: nil) }
        let start = moment("nbf")
        let isMalformed = start == nil && claims["nbf"] != nil
        guard !isMalformed, end + Self.clockSkew > now, (start ?? .distantPast) - Self.clockSkew <= now else {
            throw .assertionTime(now: now, from: start, until: end)
        }
    }

    /// A thumbprint of the header.
    private func thumbprint(_ name: String) -> [UInt8]? {
        guard let text = header[name]?.stringValue else { return nil }
        return Base64URL.decode(text.filter { $0 != "=" && !$0.isWhitespace })
    }
}
