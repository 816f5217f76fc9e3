// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALCore
import MSALJWT
import Synchronization

/// The identity platform as far as the benchmark needs it: it answers at once, or after a while, and counts.
///
/// Every token it issues says for whom and for what, so that a token served to somebody else is found out.
final class InstantPlatform: HTTPTransport {
    /// What its token endpoint does.
    struct Behaviour: Sendable {
        /// How long an answer takes; nil for at once.
        var delay: Duration?
        /// How long the tokens live.
        var lifetime = 3_600
        /// When they are due for refresh; nil to say nothing about it.
        var refreshIn: Int?
        /// How long access tokens are.
        var tokenLength = TestData.accessTokenLength
    }

    private struct State {
        var behaviour = Behaviour()
        var tokenRequests = 0
        var signIns: [String: [UInt8]] = [:]
    }

    private let state = Mutex(State())
    private let signer: JWSSigner?

    /// A platform; one with a signer can issue ID tokens.
    init(signer: JWSSigner? = nil) {
        self.signer = signer
    }

    /// How many requests the token endpoint has had.
    var tokenRequests: Int { state.withLock { $0.tokenRequests } }

    /// Changes what the token endpoint does from now on.
    func behave(_ change: (inout Behaviour) -> Void) {
        state.withLock { change(&$0.behaviour) }
    }

    /// Prepares the answer to a sign-in, so that signing it is not part of what is timed.
    func prepareSignIn(code: String, answer: [UInt8]) {
        state.withLock { $0.signIns[code] = answer }
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let path = request.head.path ?? "/"
        if path.hasSuffix("/.well-known/openid-configuration") {
            return json(Self.metadata(of: Self.tenant(path)))
        }
        if path.hasSuffix("/discovery/v2.0/keys") {
            return json(keys())
        }
        let behaviour = state.withLock { state in
            state.tokenRequests += 1
            return state.behaviour
        }
        if let delay = behaviour.delay { try await Task.sleep(for: delay) }
        let form = String(decoding: request.body, as: UTF8.self)
        if let code = Self.value("code", in: form),
            let answer = state.withLock({ $0.signIns.removeValue(forKey: code) })
        {
            return json(answer)
        }
        let scope = Self.value("scope", in: form) ?? ""
        return json(Self.answer(TestData.token("\(Self.tenant(path)) \(scope)", behaviour.tokenLength), behaviour))
    }

    private func json(_ body: [UInt8]) -> TransportResponse {
        TransportResponse(head: HTTPResponse(status: .ok, headerFields: [.contentType: "application/json"]), body: body)
    }

    private static func answer(_ token: String, _ behaviour: Behaviour) -> [UInt8] {
        let refresh = behaviour.refreshIn.map { #","refresh_in":\#($0)"# } ?? ""
        return Array(
            #"{"token_type":"Bearer","expires_in":\#(behaviour.lifetime)\#(refresh),"access_token":"\#(token)"}"#.utf8
        )
    }

    /// The tenant in a path of the platform.
    private static func tenant(_ path: String) -> Substring {
        path.dropFirst().prefix { $0 != "/" }
    }

    /// The value of a field of a form, decoded.
    private static func value(_ name: String, in form: String) -> String? {
        for field in form.split(separator: "&") where field.hasPrefix(name + "=") {
            return field.dropFirst(name.count + 1).removingPercentEncoding
        }
        return nil
    }

    private static func metadata(of tenant: some StringProtocol) -> [UInt8] {
        let base = "https://\(TestData.host)/\(tenant)"
        return Array(
            """
            {"issuer":"\(base)/v2.0","authorization_endpoint":"\(base)/oauth2/v2.0/authorize",\
            "token_endpoint":"\(base)/oauth2/v2.0/token","jwks_uri":"\(base)/discovery/v2.0/keys",\
            "response_modes_supported":["query","fragment","form_post"],\
            "token_endpoint_auth_methods_supported":["client_secret_post"]}
            """.utf8
        )
    }

    private func keys() -> [UInt8] {
        guard let signer else { return Array(#"{"keys":[]}"#.utf8) }
        return Array(JSONValue.object(["keys": [signer.publicKey.jsonRepresentation()]]).serialized())
    }
}
