// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

@testable import MSALCore

/// The vectors for what is there; those for thumbprints, routing hints and Cloud Shell come with the features.
@Suite struct VectorTests {
    @Test func scopesGoOverTheWireAsTheVectorsSay() throws {
        let cases = try VectorFile("scopes").cases
        #expect(cases.count == 7)
        for vector in cases {
            let asked = vector["ask"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let excluded = Set(vector["exclude"]?.arrayValue?.compactMap(\.stringValue) ?? [])
            if vector["result"] == "error" {
                #expect(throws: AuthenticationError.self) { try Scopes.userFlow(asked, excluding: excluded) }
            } else {
                let wire = try Scopes.userFlow(asked, excluding: excluded).joined(separator: " ")
                #expect(wire == vector["wire"]?.stringValue)
            }
        }
    }

    @Test func nonceHashesAreThoseOfTheVectors() throws {
        let hashes = try VectorFile("small").json["nonceHash"]?.objectValue ?? [:]
        #expect(!hashes.isEmpty)
        for (nonce, hash) in hashes {
            #expect(.string(SignInNonce.hash(nonce)) == hash)
        }
    }

    @Test func proofKeysAreThoseOfTheVectors() throws {
        let cases = try VectorFile("small").json["pkce"]?.arrayValue ?? []
        #expect(!cases.isEmpty)
        for vector in cases {
            let key = ProofKey(verifier: Secret(vector["verifier"]?.stringValue ?? ""))
            #expect(key.challenge == vector["challenge"]?.stringValue)
        }
    }

    @Test func clientInfoIsReadAsTheVectorsSay() throws {
        let cases = try VectorFile("small").json["clientInfo"]?.arrayValue ?? []
        #expect(!cases.isEmpty)
        for vector in cases {
            let info = try #require(try ClientInfo(vector["raw"]?.stringValue ?? ""))
            #expect(info.homeAccountID == vector["homeAccountID"]?.stringValue)
        }
    }

    @Test func suberrorsAreClassifiedAsTheVectorsSay() throws {
        let known: [String: AuthenticationError.InteractionReason] = [
            "message_only": .messageOnly, "basic_action": .basicAction, "additional_action": .additionalAction,
            "consent_required": .consent, "user_password_expired": .passwordExpired, "": .signIn,
        ]
        let cases = try VectorFile("small").json["subErrorClassification"]?.objectValue ?? [:]
        #expect(cases.count == 10)
        for (suberror, classification) in cases {
            let error = ServerError(code: "interaction_required", description: nil, suberror: suberror, claims: nil)
                .error(correlationID: "c")
            #expect(error.interaction == known[classification.stringValue ?? "?"], "\(suberror)")
        }
    }

    @Test(arguments: ["", "a b", "a\"b", "a\\b", "ä", "a\n"])
    func whatIsNoScopeIsRefused(_ scope: String) {
        let error = #expect(throws: AuthenticationError.self) { try Scopes.userFlow([scope]) }
        #expect(error?.code == .scopeInvalid)
    }

    @Test func formsDecodeToWhatWasEncoded() throws {
        var seed: UInt64 = 42
        for _ in 0..<500 {
            let pairs = (0..<3).map { _ in (randomText(&seed), randomText(&seed)) }
            let decoded = try #require(FormEncoding.decode(FormEncoding.encode(pairs)))
            #expect(decoded.map(\.name) == pairs.map(\.0))
            #expect(decoded.map(\.value) == pairs.map(\.1))
        }
    }

    private func randomText(_ seed: inout UInt64) -> String {
        let alphabet = Array("aZ9 +&=%#?/\u{e9}\u{1F600}\n\"<")
        return String(
            (0..<8).map { _ in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(seed >> 33) % alphabet.count]
            }
        )
    }
}
