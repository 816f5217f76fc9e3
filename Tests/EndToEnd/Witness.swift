// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALCore
import MSALJWT
import MSALTesting
import Synchronization

/// A transport that remembers every secret that passes by, and can be cut.
final class Witness: HTTPTransport {
    private struct State {
        var secrets: Set<String> = []
        var isDown = false
        var paths: [String] = []
    }

    private let next: EmulatorTransport
    private let state = Mutex(State())

    init(_ next: EmulatorTransport) {
        self.next = next
    }

    /// What must be in no log.
    var secrets: Set<String> { state.withLock { $0.secrets } }

    /// Whether the way to the provider is cut.
    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    /// What the portal asked the provider for, in order.
    var paths: [String] { state.withLock { $0.paths } }

    /// How often the token endpoint was asked.
    var redemptions: Int { paths.filter { $0.hasSuffix("/token") }.count }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let path = request.head.path ?? ""
        state.withLock { $0.paths.append(String(path.prefix { $0 != "?" })) }
        saw(request.head, request.body)
        // In a way that is not tried again: nobody moves the time on for the pause before it.
        guard !isDown else { throw TransportError.tls("cut") }
        let response = try await next.send(request)
        saw(response.head, response.body)
        return response
    }

    /// Notes the secrets of a request: in its query, its form, its cookies and its authorization.
    func saw(_ request: HTTPRequest, _ body: [UInt8]) {
        let query = request.path?.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        note(pairs: query)
        note(pairs: String(decoding: body, as: UTF8.self))
        for cookie in request.headerFields[values: .cookie].flatMap({ $0.split(separator: ";") }) {
            note(cookie.split(separator: "=", maxSplits: 1).last.map(String.init))
        }
        note(request.headerFields[.authorization]?.split(separator: " ").last.map(String.init))
    }

    /// Notes the secrets of an answer: in its cookies, its redirect and its JSON.
    func saw(_ response: HTTPResponse, _ body: [UInt8]) {
        for cookie in response.headerFields[values: .setCookie] {
            note(cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init))
        }
        if let query = response.headerFields[.location]?.split(separator: "?", maxSplits: 1).dropFirst().first {
            note(pairs: String(query))
        }
        guard let json = try? JSONValue(parsing: body) else { return }
        for name in ["access_token", "refresh_token", "id_token", "client_info"] { note(json[name]?.stringValue) }
    }

    private static let names: Set<String> = [
        "code", "state", "nonce", "code_verifier", "code_challenge", "client_secret", "refresh_token", "id_token_hint",
        "logout_hint", "csrf_token", "session_state", "client_info",
    ]

    private func note(pairs: String) {
        for (name, value) in FormEncoding.decode(pairs) ?? [] where Self.names.contains(name) { note(value) }
    }

    private func note(_ secret: String?) {
        // Shorter ones stand in texts by chance.
        guard let secret, secret.utf8.count >= 12 else { return }
        state.withLock { _ = $0.secrets.insert(secret) }
    }
}
