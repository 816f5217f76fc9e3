// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALJWT

/// People signing in, as the application sees it.
struct SignIns: Sendable {
    /// The scopes that are asked for, and granted.
    static let scopes = ["User.Read", "Mail.Read", "Calendars.Read"]

    let platform: InstantPlatform
    private let signer: JWSSigner

    /// A platform with a key of its own.
    init() throws {
        signer = try JWSSigner.generateRSA(keyID: "1LTMzakihiRla_8z2BEJVXeWMqo")
        platform = InstantPlatform(signer: signer)
    }

    /// A sign-in that only has to be finished.
    struct Prepared: Sendable {
        var flow: AuthorizationCodeFlow
        var response: AuthorizationResponse
    }

    /// Begins the sign-in of a user and has its answer ready.
    func prepare(_ user: Int, at application: ConfidentialClientApplication) async throws -> Prepared {
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: Self.scopes,
            redirectURI: "https://portal.contoso.example/auth/callback"
        )
        let code = "code-\(user)"
        let nonce = URLComponents(string: flow.url)?.queryItems?.first { $0.name == "nonce" }?.value ?? ""
        platform.prepareSignIn(code: code, answer: try answer(user, nonce: nonce))
        return Prepared(
            flow: flow,
            response: try AuthorizationResponse(form: "code=\(code)&state=\(flow.state.reveal())")
        )
    }

    private func answer(_ user: Int, nonce: String) throws -> [UInt8] {
        let object = TestData.guid(user, 2)
        let now = Int64(Date().timeIntervalSince1970)
        let idToken = try signer.sign([
            "iss": .string("https://\(TestData.host)/\(TestData.tenant)/v2.0"), "aud": .string(TestData.clientID),
            "sub": .string("subject-\(user)"), "oid": .string(object), "tid": .string(TestData.tenant),
            "preferred_username": .string("user\(user)@contoso.example"), "name": .string("User \(user)"),
            "nonce": .string(nonce), "iat": .integer(now), "nbf": .integer(now), "exp": .integer(now + 3_600),
        ])
        let info = Base64URL.encode(Array(#"{"uid":"\#(object)","utid":"\#(TestData.tenant)"}"#.utf8))
        let answer: JSONValue = [
            "token_type": "Bearer", "expires_in": 3_600,
            "scope": .string(Self.scopes.joined(separator: " ") + " openid profile email"),
            "access_token": .string(TestData.token("user \(user)", TestData.accessTokenLength)),
            "refresh_token": .string(TestData.token("refresh \(user)", TestData.refreshTokenLength)),
            "id_token": .string(idToken), "client_info": .string(info),
        ]
        return Array(answer.serialized())
    }
}
