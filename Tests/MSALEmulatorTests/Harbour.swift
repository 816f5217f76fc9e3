// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Synchronization
import Testing

/// The values of the built-in directory, and requests against it.
enum Harbour {
    static let tenant = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
    static let portal = "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6"
    static let secret = "portal-development-secret"
    static let nightly = "2b4d6f80-1a3c-4e5f-9b7d-c0e2a4f6b8d1"
    static let callback = "http://localhost:8080/auth/callback"
    static let verifier = "a-verifier-of-at-least-forty-three-characters"
    static let authorize = "/\(tenant)/oauth2/v2.0/authorize"
    static let token = "/\(tenant)/oauth2/v2.0/token"
    static let adjuster = "adjuster@harbourmutual.example"

    /// The S256 challenge of the verifier.
    static var challenge: String { Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8)))) }

    /// The parameters of an authorization request; nil takes one out.
    static func parameters(_ changes: [String: String?] = [:]) -> [(String, String)] {
        var values: [String: String] = [
            "client_id": portal, "response_type": "code", "redirect_uri": callback, "state": "the-state",
            "scope": "openid profile email offline_access User.Read", "nonce": "the-nonce",
            "code_challenge": challenge, "code_challenge_method": "S256", "client_info": "1",
        ]
        for (name, value) in changes { values[name] = value }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The path of an authorization request.
    static func request(_ changes: [String: String?] = [:]) -> String {
        authorize + "?" + TestForm.encode(parameters(changes))
    }

    /// The form that redeems a code; nil takes a parameter out.
    static func redemption(_ code: String, _ changes: [String: String?] = [:]) -> [(String, String)] {
        var values: [String: String] = [
            "grant_type": "authorization_code", "client_id": portal, "client_secret": secret, "code": code,
            "redirect_uri": callback, "code_verifier": verifier, "client_info": "1",
        ]
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }

    /// The form that refreshes.
    static func refresh(_ token: String, _ changes: [String: String?] = [:]) -> [(String, String)] {
        var values: [String: String] = [
            "grant_type": "refresh_token", "client_id": portal, "client_secret": secret, "refresh_token": token,
        ]
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }
}

/// A clock that tests set.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_790_000_000))

    /// The time.
    var now: Date { time.withLock { $0 } }

    /// Goes on.
    func advance(by seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

extension TestBrowser {
    /// A new emulator and a browser in front of it.
    static func open(
        seed: EmulatorSeed = .insurance,
        clock: TestClock = TestClock(),
        isStrict: Bool = false,
        tokenLifetime: Int = 3600
    ) throws -> TestBrowser {
        let emulator = try Emulator(
            seed: seed,
            configuration: EmulatorConfiguration(isStrict: isStrict, tokenLifetime: { tokenLifetime }),
            now: { clock.now }
        )
        return TestBrowser(emulator)
    }

    /// Signs the adjuster in, if need be, and returns the application's answer.
    func code(_ changes: [String: String?] = [:]) async throws -> [String: String] {
        let page = try await get(Harbour.request(changes))
        // A browser that is signed in is not asked.
        if page.status == 302 { return page.answer }
        return try await signIn(page, as: Harbour.adjuster, password: "Adjuster-Pass-1").answer
    }

    /// Signs in and redeems the code.
    func tokens(
        _ changes: [String: String?] = [:],
        redeeming redemption: [String: String?] = [:]
    ) async throws -> JSONValue {
        let code = try #require(try await code(changes)["code"])
        let page = try await post(Harbour.token, Harbour.redemption(code, redemption))
        #expect(page.status == 200, "\(page.text)")
        return page.json
    }

    /// The claims of a token, its signature checked against the published keys.
    func claims(_ token: JSONValue?) async throws -> JWTClaims {
        let keys = try await get("/\(Harbour.tenant)/discovery/v2.0/keys")
        let compact = try #require(token?.stringValue)
        return try JSONWebKeySet(parsing: keys.body).verify(UnverifiedJWT(compact)).claims
    }
}
