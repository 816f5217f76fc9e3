// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// Why a protected resource does not answer.
struct GraphError: Error, Sendable {
    /// The status.
    let status: HTTPResponse.Status
    /// Graph's word for it.
    let code: String
    /// The sentence.
    let message: String
    /// The `error` of the challenge (RFC 6750 §3.1); nil when no token came.
    var challenge: String?

    /// No token at all: the challenge has no error code then (RFC 6750 §3.1).
    static let noToken = GraphError(
        status: .unauthorized,
        code: "InvalidAuthenticationToken",
        message: "Access token is empty."
    )

    /// The token came in a way that is not allowed.
    static func malformed(_ message: String) -> GraphError {
        GraphError(
            status: .badRequest,
            code: "InvalidAuthenticationToken",
            message: message,
            challenge: "invalid_request"
        )
    }

    /// The token is of no use here.
    static func invalid(_ message: String) -> GraphError {
        GraphError(
            status: .unauthorized,
            code: "InvalidAuthenticationToken",
            message: message,
            challenge: "invalid_token"
        )
    }

    /// The token has not the scope.
    static func insufficient(_ scope: String) -> GraphError {
        GraphError(
            status: .forbidden,
            code: "Authorization_RequestDenied",
            message: "Insufficient privileges to complete the operation. It needs the scope \(scope).",
            challenge: "insufficient_scope"
        )
    }

    /// Graph's envelope.
    func answer(_ trace: Trace, base: BaseURL) -> Answer {
        let inner: JSONValue = [
            "date": .string(Timestamp.graph(trace.time)),
            "request-id": .string(trace.traceID.text),
            "client-request-id": .string(trace.correlationID.text),
        ]
        let json = OrderedJSON([
            "error": ["code": .string(code), "message": .string(message), "innerError": inner]
        ])
        var answer = Answer.json(json, status: status).notStored()
        if status != .notFound {
            var value =
                "Bearer realm=\"\", authorization_uri=\"\(base)/common/oauth2/v2.0/authorize\", "
                + "client_id=\"\(MicrosoftGraph.clientID)\""
            if let challenge { value += ", error=\"\(challenge)\"" }
            answer.headers[.wwwAuthenticate] = value
        }
        return answer
    }
}

/// A token for Graph, checked, and what it says.
struct BearerToken: Sendable {
    /// The person; nil for an application's own token.
    let user: User?
    /// The application.
    let clientID: GUID
    /// The scopes.
    let scopes: [String]

    /// Checks a token: signature, audience, times, person.
    init(_ compact: String, _ platform: Platform) throws(GraphError) {
        let claims: JWTClaims
        do {
            claims = try platform.keys.verifier.verify(UnverifiedJWT(compact)).claims
        } catch {
            throw .invalid("The token cannot be verified: \(error.message)")
        }
        guard claims.audience.count == 1, claims.audience.contains(where: Self.isGraph) else {
            throw .invalid("Invalid audience.")
        }
        let now = platform.now()
        guard let expires = claims.expiresAt, expires > now else {
            throw .invalid("Lifetime validation failed, the token is expired.")
        }
        guard let start = claims.notBefore, start <= now else { throw .invalid("The token is not yet valid.") }
        guard let tenant = claims.tenantID.flatMap({ platform.directory.tenant($0) }),
            let clientID = (claims["appid"] ?? claims["azp"])?.stringValue.flatMap({ GUID($0) })
        else { throw .invalid("The token lacks claims.") }
        self.clientID = clientID
        scopes = claims["scp"]?.stringValue?.split(separator: " ").map { String($0) } ?? []
        guard claims["scp"] != nil else {
            user = nil
            return
        }
        guard let user = claims.objectID.flatMap({ GUID($0) }).flatMap(platform.directory.user),
            user.isEnabled, user.tenantID == tenant.id
        else { throw .invalid("The account of the token does not exist or is disabled.") }
        self.user = user
    }

    /// Takes the token from the header, or from the form of a POST (RFC 6750 §2), never from the query.
    static func find(_ incoming: Incoming) throws(GraphError) -> String {
        let values = incoming.headers[values: .authorization]
        let body = incoming.method == .post ? (try? incoming.form())?["access_token"] : nil
        guard values.count < 2, values.isEmpty || body == nil else { throw .malformed("Send the token once.") }
        guard let value = values.first else {
            guard let body else { throw .noToken }
            return body
        }
        let parts = value.split(separator: " ")
        guard parts.first?.lowercased() == "bearer" else { throw .noToken }
        guard parts.count == 2 else { throw .malformed("The Authorization header must be 'Bearer' and a token.") }
        return String(parts[1])
    }

    /// Whether an audience means Graph.
    private static func isGraph(_ audience: String) -> Bool {
        let audience = audience.hasSuffix("/") ? String(audience.dropLast()) : audience
        return audience == MicrosoftGraph.identifierURI || audience == MicrosoftGraph.clientID
    }
}
