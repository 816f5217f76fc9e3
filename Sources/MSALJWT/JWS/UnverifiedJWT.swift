// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A token taken apart but not verified: nobody knows yet who wrote it.
///
/// ``JSONWebKeySet/verify(_:allowing:)`` turns it into a ``VerifiedJWT``, and nothing else does.
public struct UnverifiedJWT: Sendable, CustomStringConvertible {
    /// The signed message.
    let message: CompactJWS

    /// Takes a token apart.
    ///
    /// - Parameters:
    ///   - compact: the token, as it was received.
    ///   - maximumLength: the most bytes to look at.
    /// - Throws: ``JWTError/Code/tooLarge``, ``JWTError/Code/encrypted``, ``JWTError/Code/unsupportedHeader``,
    ///   ``JWTError/Code/algorithmNotAllowed`` for `none`, else ``JWTError/Code/malformed``.
    public init(_ compact: String, maximumLength: Int = 16_384) throws(JWTError) {
        message = try CompactJWS(compact, maximumLength: maximumLength)
        guard !message.payload.isEmpty else { throw CompactJWS.empty("payload") }
    }

    /// What the token says about its signature.
    public var header: JWSHeader { message.header }

    /// What the token says, whoever wrote it: to look at, never to decide on.
    ///
    /// - Throws: ``JWTError/Code/json``.
    public func unverifiedClaims() throws(JWTError) -> JWTClaims {
        try JWTClaims(parsing: message.payload)
    }

    /// The kind of value, without anything of the token.
    public var description: String {
        "UnverifiedJWT(\(header.algorithm.isSupported ? header.algorithm.rawValue : "?"))"
    }
}

extension JWSAlgorithm {
    /// Whether this library can verify with it.
    var isSupported: Bool { Self.supported.contains(self) }
}
