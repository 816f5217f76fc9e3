// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
package import MSALCore
package import MSALJWT
package import MSALTesting
package import Synchronization

/// An OpenID Connect provider that answers from memory, and counts what it is asked.
package final class ScriptedProvider: Sendable {
    /// What a test may change.
    package struct State {
        package var isDown = false
        package var claims: [String: JSONValue] = ["roles": ["Claims.Adjuster"]]
        package var hasEndSession = true
        package var tokenError: String?
        package var nonces: [String: String] = [:]
        package var nextCode = 0
    }

    /// Where it says it is.
    package let issuer: String
    /// What its endpoints lie below.
    package let base: String
    /// What an API behind it answers.
    package let api: @Sendable (TransportRequest) -> TransportResponse
    package let state = Mutex(State())
    package let time: ManualTime
    private static let signer = try? JWSSigner.generateRSA(keyID: "k1")

    package init(
        issuer: String = "https://id.example",
        base: String = "https://id.example",
        time: ManualTime,
        api: @escaping @Sendable (TransportRequest) -> TransportResponse = { _ in .json("{}") }
    ) {
        self.issuer = issuer
        self.base = base
        self.time = time
        self.api = api
    }

    /// The transport that leads to it.
    package var transport: ScriptedTransport {
        ScriptedTransport { [self] in try answer($0) }
    }

    /// Lets a person sign in: what the provider's page would send back for an authorization URL.
    package func authorize(_ url: String, code given: String? = nil) -> (state: String, code: String) {
        let parameters = Self.query(of: url)
        return state.withLock { state in
            state.nextCode += 1
            let code = given ?? "code-\(state.nextCode)"
            state.nonces[code] = parameters["nonce"]
            return (parameters["state"] ?? "", code)
        }
    }

    /// The parameters of a URL.
    package static func query(of url: String) -> [String: String] {
        let query =
            url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first.map(String.init)
            ?? ""
        let pairs = FormEncoding.decode(query) ?? []
        return Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private func answer(_ request: TransportRequest) throws -> TransportResponse {
        if request.head.authority == "api.example" { return api(request) }
        let (isDown, hasEndSession) = state.withLock { ($0.isDown, $0.hasEndSession) }
        if isDown { throw TransportError.unreachable("the provider is down") }
        let path = request.head.path?.prefix { $0 != "?" } ?? ""
        switch path.split(separator: "/").last {
        case "openid-configuration":
            var metadata: [String: JSONValue] = [
                "issuer": .string(issuer), "authorization_endpoint": .string(base + "/authorize"),
                "token_endpoint": .string(base + "/token"), "jwks_uri": .string(base + "/keys"),
                "response_modes_supported": ["query", "form_post"],
            ]
            if hasEndSession { metadata["end_session_endpoint"] = .string(base + "/logout") }
            return json(.object(metadata))
        case "keys":
            return json(.object(["keys": .array([Self.signer?.publicKey.jsonRepresentation() ?? .null])]))
        case "token":
            return try token(String(decoding: request.body, as: UTF8.self))
        default:
            return .json("{}", status: .notFound)
        }
    }

    private func token(_ form: String) throws -> TransportResponse {
        let parameters = Self.query(of: "?" + form)
        let (claims, error, nonce) = state.withLock {
            ($0.claims, $0.tokenError, $0.nonces.removeValue(forKey: parameters["code"] ?? ""))
        }
        if let error { return .json(error, status: .badRequest) }
        guard parameters["grant_type"] == "authorization_code", let nonce else {
            return .json(#"{"error":"invalid_grant","error_description":"no such grant"}"#, status: .badRequest)
        }
        let now = Int64(time.now.timeIntervalSince1970)
        var payload: [String: JSONValue] = [
            "iss": .string(issuer), "aud": "client-1", "sub": "subject-1", "nonce": .string(nonce),
            "iat": .integer(now), "nbf": .integer(now), "exp": .integer(now + 3600),
            "name": "Ada <Adjuster>", "preferred_username": "ada@harbour.example", "sid": "provider-session-1",
        ]
        payload.merge(claims) { _, new in new }
        let idToken = try Self.signer?.sign(.object(payload)) ?? ""
        return json(
            .object([
                "token_type": "Bearer", "access_token": "secret-access-token", "expires_in": 3600,
                "scope": "openid api://claims/Read", "id_token": .string(idToken),
            ])
        )
    }

    private func json(_ value: JSONValue) -> TransportResponse {
        .json(String(decoding: value.serialized(), as: UTF8.self))
    }
}
