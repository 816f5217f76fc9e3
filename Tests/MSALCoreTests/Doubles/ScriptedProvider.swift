// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Synchronization

@testable import MSALCore

/// An OpenID Connect provider that does what its script says, and does all right where the script says nothing.
final class ScriptedProvider: Sendable {
    static let tenant = "3f0a1c52-7d64-4b8e-9a10-2c5e7f901b3d"
    static let otherTenant = "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"
    static let object = "11111111-2222-4333-8444-555555555555"
    static let clientID = "6731de76-14a6-49ae-97bc-6eba6914391e"
    static let origin = "https://login.microsoftonline.com"
    static let issuer = "\(origin)/\(tenant)/v2.0"
    static let redirectURI = "https://portal.example/auth/callback"

    /// Made once: two keys are enough, and making them takes time.
    static let firstKey = makeKey("first")
    static let secondKey = makeKey("second")

    private static func makeKey(_ name: String) -> JWSSigner {
        do {
            return try JWSSigner.generateRSA(keyID: name)
        } catch {
            fatalError("no RSA key could be made: \(error)")
        }
    }

    /// Where the provider departs from doing all right.
    struct Script: Sendable {
        var metadata: @Sendable (inout [String: JSONValue]) -> Void = { _ in }
        var publishedKeys = [ScriptedProvider.firstKey]
        var keys: @Sendable (inout [[String: JSONValue]]) -> Void = { _ in }
        var signer = ScriptedProvider.firstKey
        var header: [String: JSONValue] = [:]
        var claims: @Sendable (inout [String: JSONValue]) -> Void = { _ in }
        var idToken: @Sendable (String) -> String = { $0 }
        var token: @Sendable (inout [String: JSONValue]) -> Void = { _ in }
        var userInfo: @Sendable (inout [String: JSONValue]) -> Void = { _ in }
        /// Answers in place of the provider, by path.
        var answers: [String: @Sendable () throws -> TransportResponse] = [:]
    }

    let time: ManualTime
    let kind: Kind
    let transport: ScriptedTransport
    private let answers: Answers

    /// What the provider is like.
    enum Kind {
        case entra
        case openIDConnect
    }

    init(_ kind: Kind = .entra, _ change: (inout Script) -> Void = { _ in }) {
        var script = Script()
        change(&script)
        let answers = Answers(kind: kind, script: script)
        self.kind = kind
        self.answers = answers
        time = answers.time
        transport = ScriptedTransport { try answers.answer($0) }
    }

    /// Changes the script from here on.
    func change(_ change: (inout Script) -> Void) {
        answers.state.withLock { change(&$0.script) }
    }

    var authority: Authority {
        get throws {
            switch kind {
            case .entra: try Authority.entra(tenant: Self.tenant)
            case .openIDConnect: try Authority.openIDConnect(issuer: Self.origin)
            }
        }
    }

    func makeApplication(_ change: (inout ApplicationConfiguration) -> Void = { _ in }) throws
        -> ConfidentialClientApplication
    {
        var configuration = ApplicationConfiguration(
            clientID: Self.clientID,
            authority: try authority,
            credential: .secret(Secret("s3cr:t with space"))
        )
        // Each request is counted, and nobody moves the time on for a second try.
        configuration.retry = .never
        change(&configuration)
        return try ConfidentialClientApplication(configuration: configuration, transport: transport, time: time)
    }

    /// A public client of the same registration.
    func makePublicApplication(_ change: (inout ApplicationConfiguration) -> Void = { _ in }) throws
        -> PublicClientApplication
    {
        var configuration = ApplicationConfiguration(clientID: Self.clientID, authority: try authority)
        configuration.retry = .never
        change(&configuration)
        return try PublicClientApplication(configuration: configuration, transport: transport, time: time)
    }

    /// What a browser would bring back for a flow.
    func authorize(_ flow: AuthorizationCodeFlow, changing: (inout [(String, String)]) -> Void = { _ in }) throws
        -> AuthorizationResponse
    {
        let query = flow.url.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        let sent = Dictionary(uniqueKeysWithValues: (FormEncoding.decode(query) ?? []).map { ($0.name, $0.value) })
        answers.state.withLock { $0.nonce = sent["nonce"] }
        var answer = [("code", "code-1"), ("state", sent["state"] ?? ""), ("session_state", "s")]
        changing(&answer)
        let text = FormEncoding.encode(answer)
        return sent["response_mode"] == "query"
            ? try AuthorizationResponse(query: text) : try AuthorizationResponse(form: text)
    }

    /// A whole sign-in.
    func signIn(_ application: ConfidentialClientApplication, scopes: [String] = ["User.Read"]) async throws
        -> AuthenticationResult
    {
        let flow = try await application.startAuthorizationCodeFlow(scopes: scopes, redirectURI: Self.redirectURI)
        return try await application.acquireToken(completing: flow, with: try authorize(flow))
    }

    func count(_ path: Path) -> Int {
        transport.requests(to: self.path(path)).count
    }

    /// The provider's endpoints.
    enum Path {
        case metadata, keys, token, userInfo
    }

    func path(_ path: Path) -> String {
        answers.path(path)
    }

    /// The form of the last token request.
    var lastForm: [String: String] {
        transport.requests(to: path(.token)).last.map { form($0) } ?? [:]
    }

    static func clientInfo(_ uid: String, _ utid: String) -> String {
        Base64URL.encode(JSONValue.object(["uid": .string(uid), "utid": .string(utid)]).serialized())
    }
}

extension ScriptedProvider {
    /// What the provider answers: its script applied to what is right.
    private final class Answers: Sendable {
        let kind: Kind
        let time = ManualTime()
        let state: Mutex<(script: Script, nonce: String?)>

        init(kind: Kind, script: Script) {
            self.kind = kind
            state = Mutex((script, nil))
        }

        var issuer: String { kind == .entra ? ScriptedProvider.issuer : ScriptedProvider.origin }

        func path(_ path: Path) -> String {
            switch (kind, path) {
            case (.entra, .metadata): "/\(ScriptedProvider.tenant)/v2.0/.well-known/openid-configuration"
            case (.openIDConnect, .metadata): "/.well-known/openid-configuration"
            case (_, .keys): "/\(ScriptedProvider.tenant)/discovery/v2.0/keys"
            case (_, .token): "/\(ScriptedProvider.tenant)/oauth2/v2.0/token"
            case (_, .userInfo): "/oidc/userinfo"
            }
        }

        func answer(_ request: TransportRequest) throws -> TransportResponse {
            let asked = String((request.head.path ?? "").prefix { $0 != "?" })
            let (script, nonce) = state.withLock { $0 }
            if let answer = script.answers[asked] { return try answer() }
            switch asked {
            case path(.metadata): return json(metadata(script))
            case path(.keys): return json(keys(script))
            case path(.token): return json(try token(script, nonce, request))
            case path(.userInfo):
                var members: [String: JSONValue] = ["sub": "subject-1", "name": "Ada"]
                script.userInfo(&members)
                return json(members)
            default: return .json(#"{"error":"not_found"}"#, status: .notFound)
            }
        }

        private func metadata(_ script: Script) -> [String: JSONValue] {
            var members: [String: JSONValue] = [
                "issuer": .string(issuer),
                "authorization_endpoint": .string(
                    "\(ScriptedProvider.origin)/\(ScriptedProvider.tenant)/oauth2/v2.0/authorize"
                ),
                "token_endpoint": .string(ScriptedProvider.origin + path(.token)),
                "jwks_uri": .string(ScriptedProvider.origin + path(.keys)),
                "userinfo_endpoint": .string("https://graph.microsoft.com" + path(.userInfo)),
                "end_session_endpoint": .string(
                    "\(ScriptedProvider.origin)/\(ScriptedProvider.tenant)/oauth2/v2.0/logout"
                ),
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post", "private_key_jwt", "client_secret_basic",
                ],
                "response_modes_supported": ["query", "fragment", "form_post"],
            ]
            script.metadata(&members)
            return members
        }

        private func keys(_ script: Script) -> [String: JSONValue] {
            var keys = script.publishedKeys.map { signer -> [String: JSONValue] in
                var members = signer.publicKey.jsonRepresentation().objectValue ?? [:]
                members["alg"] = nil
                return members
            }
            script.keys(&keys)
            return ["keys": .array(keys.map { .object($0) })]
        }

        private func token(_ script: Script, _ nonce: String?, _ request: TransportRequest) throws -> [String:
            JSONValue]
        {
            let form = FormEncoding.decode(String(decoding: request.body, as: UTF8.self)) ?? []
            let sent = Dictionary(uniqueKeysWithValues: form.map { ($0.name, $0.value) })
            var members: [String: JSONValue] = [
                "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": "access-1",
            ]
            if sent["grant_type"] != "client_credentials" {
                members["scope"] = .string(sent["scope"] ?? "")
                members["refresh_token"] = "refresh-1"
                members["client_info"] = .string(
                    ScriptedProvider.clientInfo(ScriptedProvider.object, ScriptedProvider.tenant)
                )
                members["id_token"] = .string(try idToken(script, sent["grant_type"] == "refresh_token" ? nil : nonce))
            }
            script.token(&members)
            return members
        }

        private func idToken(_ script: Script, _ nonce: String?) throws -> String {
            let now = Int64(time.now.timeIntervalSince1970)
            var claims: [String: JSONValue] = [
                "iss": .string(issuer), "aud": .string(ScriptedProvider.clientID), "sub": "subject-1",
                "iat": .integer(now), "nbf": .integer(now), "exp": .integer(now + 3_600),
                "name": "Ada", "preferred_username": "ada@contoso.example", "ver": "2.0",
            ]
            if kind == .entra {
                claims["oid"] = .string(ScriptedProvider.object)
                claims["tid"] = .string(ScriptedProvider.tenant)
            }
            claims["nonce"] = nonce.map { .string($0) }
            script.claims(&claims)
            return script.idToken(try script.signer.sign(.object(claims), header: script.header))
        }

        /// An answer; one that is an error has the status of one (RFC 6749 §5.2).
        private func json(_ members: [String: JSONValue]) -> TransportResponse {
            .json(
                String(decoding: JSONValue.object(members).serialized(), as: UTF8.self),
                status: members["error"] == nil ? .ok : .badRequest
            )
        }
    }
}

/// The form that a request carried.
func form(_ request: TransportRequest) -> [String: String] {
    let pairs = FormEncoding.decode(String(decoding: request.body, as: UTF8.self)) ?? []
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.value) })
}

/// The error that an operation throws; nil when it throws none, or one of another type.
func authenticationError(_ operation: () async throws -> some Any) async -> AuthenticationError? {
    do {
        _ = try await operation()
        return nil
    } catch {
        return error as? AuthenticationError
    }
}

/// What was wrong with the ID token of an error.
func tokenFault(_ error: AuthenticationError?) -> JWTError.Code? {
    (error?.underlying as? JWTError)?.code
}
