// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT

/// `/protected/{context}`: an API that wants a token of an authentication context, and challenges for it.
///
/// It takes a token for any API of this emulator, so that a client can be tried without one of its own.
struct ProtectedEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Answers what the token says, or with a claims challenge.
    func respond(to incoming: Incoming) throws -> Answer {
        let context = incoming.tenantName
        guard AuthenticationContext.isName(context) else { throw GraphError.contextUnknown }
        let claims = try claims(of: BearerToken.find(incoming))
        let contexts = claims["acrs"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard contexts.contains(context) else {
            return refusal(context, claims, incoming)
        }
        return Answer.json(
            OrderedJSON([
                "context": .string(context),
                "aud": .array(claims.audience.map { .string($0) }),
                "acrs": claims["acrs"],
                "amr": claims["amr"],
                "name": claims["name"],
            ])
        )
        .notStored()
    }

    /// Checks signature, kind and times.
    private func claims(of compact: String) throws(GraphError) -> JWTClaims {
        let claims: JWTClaims
        do {
            claims = try platform.keys.verifier.verify(UnverifiedJWT(compact)).claims
        } catch {
            throw .invalid("The token cannot be verified: \(error.message)")
        }
        let now = platform.now()
        guard AccessTokenKind(claims) != .identity else { throw .invalid("An ID token is no access token.") }
        guard let start = claims.notBefore, let end = claims.expiresAt, start <= now, now < end else {
            throw .invalid("Lifetime validation failed, the token is expired or not yet valid.")
        }
        return claims
    }

    /// A challenge for a client that said it can act on one (`cp1`), a plain refusal for any other.
    private func refusal(_ context: String, _ token: JWTClaims, _ incoming: Incoming) -> Answer {
        let message = "The token lacks the authentication context \(context)."
        let capabilities = token["xms_cc"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard capabilities.contains(where: { $0.lowercased() == ClientCapability.claimsChallenges }) else {
            let error = GraphError(status: .forbidden, code: "InsufficientClaims", message: message)
            return error.answer(incoming.trace, base: incoming.base)
        }
        let wanted: JSONValue = ["access_token": ["acrs": ["essential": true, "value": .string(context)]]]
        let error = GraphError(status: .unauthorized, code: "InsufficientClaims", message: message)
        var answer = error.answer(incoming.trace, base: incoming.base)
        answer.headers[.wwwAuthenticate] =
            "Bearer realm=\"\", authorization_uri=\"\(incoming.base)/common/oauth2/v2.0/authorize\", "
            + "client_id=\"\(token.audience.first ?? "")\", error=\"insufficient_claims\", "
            + "claims=\"\(Data(wanted.serialized()).base64EncodedString())\", cc_type=\"authcontext\""
        return answer
    }
}

extension GraphError {
    /// There is no such context.
    fileprivate static let contextUnknown = GraphError(
        status: .notFound,
        code: "NotFound",
        message: "Authentication contexts are called c1 to c99."
    )
}
