// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Synchronization
import Testing

@testable import MSALCore

/// The answers that MSAL for Java is tested with, taken in by a whole sign-in: what is kept of them, and under which keys.
@Suite(.enabled(if: PeerData.has("msal-java"), PeerData.notice))
struct PeerAnswerTests {
    /// What a provider with one answer has been asked.
    private final class Provider: Sendable {
        static let origin = "https://login.microsoftonline.com"

        let answer: [String: JSONValue]
        let claims: [String: JSONValue]
        let time: ManualTime
        /// The nonce of the sign-in, and the ID token that was issued.
        let state = Mutex<(nonce: String, idToken: String)>(("", ""))

        init(_ folder: String) throws {
            answer = try #require(try PeerData.json("\(folder)/token_response.json").objectValue)
            claims = try #require(try PeerData.json("\(folder)/token_response_id_token.json").objectValue)
            let issued = try #require(claims["iat"]?.integerValue)
            time = ManualTime(Date(timeIntervalSince1970: Double(issued) + 60))
        }

        func send(_ request: TransportRequest) throws -> TransportResponse {
            let path = request.head.path ?? ""
            if path.hasSuffix("/openid-configuration") {
                let base = "\(Self.origin)/common"
                return json([
                    "issuer": .string("\(Self.origin)/{tenantid}/v2.0"),
                    "authorization_endpoint": .string("\(base)/oauth2/v2.0/authorize"),
                    "token_endpoint": .string("\(base)/oauth2/v2.0/token"),
                    "jwks_uri": .string("\(base)/discovery/v2.0/keys"),
                ])
            }
            if path.hasSuffix("/keys") {
                return json(["keys": .array([ScriptedProvider.firstKey.publicKey.jsonRepresentation()])])
            }
            var claims = claims
            claims["nonce"] = .string(state.withLock { $0.nonce })
            let idToken = try ScriptedProvider.firstKey.sign(.object(claims), header: [:])
            state.withLock { $0.idToken = idToken }
            var answer = answer
            answer["id_token"] = .string(idToken)
            return json(answer)
        }

        private func json(_ members: [String: JSONValue]) -> TransportResponse {
            .json(String(decoding: JSONValue.object(members).serialized(), as: UTF8.self))
        }
    }

    /// Signs in with a folder's answer.
    private func signIn(_ provider: Provider) async throws -> ConfidentialClientApplication {
        let clientID = try #require(provider.claims["aud"]?.stringValue)
        let application = try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: clientID,
                authority: try .entra(tenant: "common"),
                credential: .secret(Secret("secret")),
                tenants: .any
            ),
            transport: ScriptedTransport { try provider.send($0) },
            time: provider.time
        )
        let scopes = Scopes.split(provider.answer["scope"]?.stringValue ?? "").filter { $0.contains(".") }
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: scopes,
            redirectURI: "https://portal.example/callback"
        )
        let query = flow.url.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        let sent = Dictionary((FormEncoding.decode(query) ?? []).map { ($0.name, $0.value) }) { $1 }
        provider.state.withLock { $0.nonce = sent["nonce"] ?? "" }
        let form = FormEncoding.encode([("code", "code"), ("state", sent["state"] ?? "")])
        _ = try await application.acquireToken(completing: flow, with: try AuthorizationResponse(form: form))
        return application
    }

    @Test(arguments: ["AAD", "MSA", "Foci"])
    func anAnswerBecomesTheEntitiesOfJava(_ name: String) async throws {
        let folder = "msal-java/\(name)_cache_data"
        let provider = try Provider(folder)
        let application = try await signIn(provider)
        let kept = application.cache.users()
        let tenant = try #require(provider.claims["tid"]?.stringValue)
        let expected = Expected(folder: folder, tenant: tenant, now: provider.time.now)

        let access = try #require(kept.accessTokens.first)
        // Java writes no token type.
        try expected.expect(access, "at", adding: ["token_type": "Bearer"])
        let refresh = try #require(kept.refreshTokens.first)
        // Java writes no time of change; the newest of several is found by it.
        let changed = String(Int(provider.time.now.timeIntervalSince1970))
        try expected.expect(refresh, "rt", adding: ["last_modification_time": .string(changed)])
        let idToken = try #require(kept.idTokens.first)
        try expected.expect(
            idToken,
            "id_token",
            adding: ["secret": .string(provider.state.withLock { $0.idToken })]
        )
        // Java keeps `client_info`, whose two halves are the home account ID.
        try expected.expect(try #require(kept.accounts.first), "account", without: ["client_info"])
        #expect(kept.accessTokens.count == 1 && kept.refreshTokens.count == 1)
        #expect(kept.idTokens.count == 1 && kept.accounts.count == 1)
        let shared = try CacheDocument(reading: try await application.exportCache())
        let metadata = try #require(shared.appMetadata.first)
        if name == "Foci" {
            try expected.expect(metadata, "app_metadata")
        } else {
            #expect(metadata.familyID == nil)
        }
    }

    /// What Java makes of an answer.
    private struct Expected {
        var folder: String
        var tenant: String
        var now: Date

        /// Compares an entity and its key with those of Java.
        ///
        /// Java files people under the tenant that was asked, `common`; here it is the one that answered.
        func expect(
            _ entity: some CacheEntity,
            _ kind: String,
            adding: [String: JSONValue] = [:],
            without: Set<String> = []
        ) throws {
            let path = "\(folder)/\(kind)_cache_entity"
            var text = try PeerData.text(path + ".json")
            let begin = Int(now.timeIntervalSince1970)
            for (name, seconds) in [("cached_at", 0), ("expires_on", 3_600), ("extended_expires_on", 262_800)] {
                text = text.replacingOccurrences(of: "<\(name)>", with: String(begin + seconds))
            }
            var members = try #require(try JSONValue(parsing: Array(text.utf8)).objectValue)
            if members["realm"] != nil { members["realm"] = .string(tenant) }
            members = members.filter { !without.contains($0.key) }.merging(adding) { $1 }
            #expect(try JSONValue(parsing: entity.json()) == .object(members), "\(kind)")
            let key = try PeerData.text(path + "_key.txt")
            #expect(entity.key == key.replacing("-common", with: "-\(tenant)"), "\(kind)")
        }
    }
}
