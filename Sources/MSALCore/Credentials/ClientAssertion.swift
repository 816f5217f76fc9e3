// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import MSALJWT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The function that signs with a key which is kept elsewhere.
typealias SigningFunction = @Sendable (_ bytes: [UInt8], _ algorithm: JWSAlgorithm) async throws -> [UInt8]

/// A token with which an application proves that it has the key of a certificate (RFC 7523 §2.2).
struct ClientAssertion {
    /// How long an assertion is good for.
    static let lifetime: Duration = .seconds(600)

    /// What makes two assertions equal, apart from their times and identifiers.
    struct Content: Hashable, Sendable {
        var clientID: String
        var audience: String
        var algorithm: ClientAssertionOptions.Algorithm
        var thumbprint: CertificateThumbprint
        var sendsX5C: Bool
        var claims: [String: JSONValue]
    }

    /// What it says.
    let content: Content
    /// The certificate that it names.
    let certificate: ClientCertificate

    /// The header: which key, and how it was signed (RFC 7515 §4.1).
    private var header: JSONValue {
        var members: [String: JSONValue] = ["alg": .string(content.algorithm.name.rawValue), "typ": "JWT"]
        switch content.algorithm {
        case .ps256: members["x5t#S256"] = .string(certificate.sha256Thumbprint.base64URL)
        case .rs256: members["x5t"] = .string(certificate.sha1Thumbprint.base64URL)
        }
        if content.sendsX5C {
            members["x5c"] = .array(certificate.chain.map { .string(Base64.encode($0)) })
        }
        return .object(members)
    }

    /// The claims (RFC 7523 §3), with whole seconds for times.
    private func claims(at now: Date, identifier: String) -> JSONValue {
        let second = Int64(now.timeIntervalSince1970.rounded(.down))
        let own: [String: JSONValue] = [
            "iss": .string(content.clientID),
            "sub": .string(content.clientID),
            "aud": .string(content.audience),
            "jti": .string(identifier),
            "iat": .integer(second),
            "nbf": .integer(second),
            "exp": .integer(second + Self.lifetime.components.seconds),
        ]
        return .object(content.claims.merging(own) { _, own in own })
    }

    /// Signs the assertion with the certificate's own key, or elsewhere.
    ///
    /// - Parameters:
    ///   - function: signs elsewhere; nil for the certificate's own key.
    ///   - now: from when on the assertion is good.
    ///   - identifier: the assertion's own identifier.
    /// - Returns: the assertion.
    /// - Throws: ``AuthenticationError``, with the error of the function underneath.
    func sign(using function: SigningFunction?, at now: Date, identifier: String) async throws -> Secret {
        let input = JWSSigningInput(header: header, payload: claims(at: now, identifier: identifier).serialized())
        guard let function else { return Secret(input.compact(with: try ownSignature(over: input.bytes))) }
        let signature = try await CredentialCallback.value(of: "signs client assertions") {
            try await function(input.bytes, content.algorithm.name)
        }
        guard isValid(signature, over: input.bytes) else {
            throw AuthenticationError(
                .misconfigured,
                .certificateInvalid,
                "What signs client assertions returned something that is not a signature by the key of the "
                    + "\(certificate). Sign the bytes themselves by \(content.algorithm.name), with that key."
            )
        }
        return Secret(input.compact(with: signature))
    }

    /// The padding of the algorithm.
    private var padding: _RSA.Signing.Padding {
        switch content.algorithm {
        case .ps256: .PSS
        case .rs256: .insecurePKCS1v1_5
        }
    }

    /// Signs with the certificate's own key.
    private func ownSignature(over bytes: [UInt8]) throws(AuthenticationError) -> [UInt8] {
        let digest = SHA256.hash(data: bytes)
        guard let signature = try? certificate.privateKey?.signature(for: digest, padding: padding) else {
            throw certificate.origin.refusal(
                "holds no private key that signs.",
                cure: "Give one, or sign elsewhere with ClientCredential.signing."
            )
        }
        return [UInt8](signature.rawRepresentation)
    }

    /// Whether a signature is one by the certificate's key.
    private func isValid(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        certificate.publicKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature),
            for: SHA256.hash(data: bytes),
            padding: padding
        )
    }
}
