// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import MSALJWT

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A key that access tokens are bound to, so that a stolen token is worth nothing without it: signed HTTP requests.
///
/// A token request names the key (`req_cnf`, by ``TokenBinding/signedRequests(_:)``), the provider writes it into the token
/// (`cnf`, RFC 7800), and each request to the API is signed with it (draft-ietf-oauth-signed-http-request).
public struct ProofOfPossession: Sendable, CustomStringConvertible {
    private let signer: JWSSigner

    /// Makes a proof with a new key.
    ///
    /// - Parameter algorithm: what requests are signed with; RSASSA-PKCS1-v1_5 with SHA-256 unless told otherwise.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid` for an algorithm that is not supported.
    public init(algorithm: JWSAlgorithm = .rs256) throws(AuthenticationError) {
        do throws(JWTError) {
            let unnamed = try JWSSigner.generate(keyID: "", algorithm: algorithm)
            signer = try Self.named(unnamed.pemRepresentation, algorithm)
        } catch {
            throw Self.unusable(algorithm, error)
        }
    }

    /// Makes a proof with a key that is kept, so that its tokens outlive the process.
    ///
    /// - Parameters:
    ///   - pem: the key as PKCS #8, PKCS #1 or SEC 1 text, not encrypted.
    ///   - algorithm: what requests are signed with; it must fit the key.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    public init(pem: Secret, algorithm: JWSAlgorithm = .rs256) throws(AuthenticationError) {
        do throws(JWTError) {
            signer = try Self.named(pem.reveal(), algorithm)
        } catch {
            throw Self.unusable(algorithm, error)
        }
    }

    /// The key's name: its thumbprint (RFC 7638).
    public var keyID: String { signer.keyID }

    /// What a token request says about the key: the base64url of a JSON object with its name.
    public var requestConfirmation: String {
        Base64URL.encode(JSONValue.object(["kid": .string(keyID)]).serialized())
    }

    /// Signs a request to an API.
    ///
    /// - Parameters:
    ///   - request: the request; method, host and path are signed, fields and query are not.
    ///   - accessToken: the token that is bound to this key.
    ///   - nonce: the value that the API asked for (`nonce` of its challenge); none unless told otherwise.
    ///   - now: the time that goes into the signature; the machine's own unless told otherwise.
    /// - Returns: the value of the `Authorization` field.
    /// - Throws: ``AuthenticationError`` of kind `invalidCall` for a request without host and path.
    public func authorization(
        for request: HTTPRequest,
        accessToken: Secret,
        nonce: String? = nil,
        at now: Date = SystemTime().now
    ) throws(AuthenticationError) -> Secret {
        guard let host = request.authority, let path = request.path else {
            throw AuthenticationError(
                .invalidCall,
                .configurationInvalid,
                "A request without a host and a path cannot be signed. Set its authority and path first."
            )
        }
        var claims: [String: JSONValue] = [
            "at": .string(accessToken.reveal()),
            "ts": .integer(Int64(now.timeIntervalSince1970.rounded(.down))),
            "m": .string(request.method.rawValue),
            "u": .string(host),
            "p": .string(String(path.prefix { $0 != "?" })),
            "cnf": ["jwk": signer.publicKey.confirmationRepresentation()],
        ]
        claims["nonce"] = nonce.map { .string($0) }
        do throws(JWTError) {
            return Secret("PoP " + (try signer.sign(.object(claims), type: "pop")))
        } catch {
            throw Self.unusable(signer.algorithm, error)
        }
    }

    /// The algorithm and the key's name; nothing of the key.
    public var description: String { "ProofOfPossession(\(signer.algorithm), \(keyID))" }

    /// A signer that goes by its key's thumbprint.
    private static func named(_ pem: String, _ algorithm: JWSAlgorithm) throws(JWTError) -> JWSSigner {
        let thumbprint = try JWSSigner(pem: pem, keyID: "", algorithm: algorithm).publicKey.thumbprint
        return try JWSSigner(pem: pem, keyID: thumbprint, algorithm: algorithm)
    }

    private static func unusable(_ algorithm: JWSAlgorithm, _ underlying: JWTError) -> AuthenticationError {
        AuthenticationError(
            .misconfigured,
            .configurationInvalid,
            "There is no key of proof of possession for \(algorithm). Give a private key that fits, or another algorithm.",
            underlying: underlying
        )
    }
}

extension ProofOfPossession: CustomReflectable {
    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
