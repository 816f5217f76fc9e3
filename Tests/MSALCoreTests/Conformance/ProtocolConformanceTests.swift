// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// The rows about requests, metadata and keys.
@Suite struct ProtocolConformanceTests {
    // MARK: Shapes of requests (rows 12, 16, 17)

    @Test func row12UserInfoIsAskedWithTheTokenInItsField() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let result = try await provider.signIn(application)
        #expect(try await application.userInfo(for: result)["name"] == "Ada")
        let request = try #require(provider.transport.requests(to: provider.path(.userInfo)).first)
        #expect(request.head.method == .get)
        #expect(request.head.headerFields[.authorization] == "Bearer access-1")
        #expect(request.body.isEmpty)
    }

    @Test func row14UserInfoAboutSomebodyElseIsThrownAway() async throws {
        let provider = ScriptedProvider { $0.userInfo = { $0["sub"] = "subject-1invalid" } }
        let application = try provider.makeApplication()
        let result = try await provider.signIn(application)
        let error = await authenticationError { try await application.userInfo(for: result) }
        #expect(error?.code == .userInfoSubject)
        #expect(provider.count(.userInfo) == 1)
    }

    @Test func aProviderWithoutUserInfoSaysSo() async throws {
        let provider = ScriptedProvider { $0.metadata = { $0["userinfo_endpoint"] = nil } }
        let application = try provider.makeApplication()
        let result = try await provider.signIn(application)
        let error = await authenticationError { try await application.userInfo(for: result) }
        #expect(error?.code == .endpointMissing)
        #expect(provider.count(.userInfo) == 0)
    }

    @Test func row16TheScopesAskedForAreSent() async throws {
        let provider = ScriptedProvider()
        let flow = try await provider.makeApplication()
            .startAuthorizationCodeFlow(scopes: ["email", "User.Read"], redirectURI: ScriptedProvider.redirectURI)
        #expect(flow.url.contains("scope=User.Read+email+offline_access+openid+profile&"))
    }

    @Test func row17TheSecretGoesIntoTheFieldWhereTheProviderWantsIt() async throws {
        let provider = ScriptedProvider(.openIDConnect) {
            $0.metadata = { $0["token_endpoint_auth_methods_supported"] = ["client_secret_basic"] }
        }
        _ = try await provider.signIn(try provider.makeApplication())
        let request = try #require(provider.transport.requests(to: provider.path(.token)).first)
        let pair = Base64.encode(Array("\(ScriptedProvider.clientID):s3cr%3At+with+space".utf8))
        #expect(request.head.headerFields[.authorization] == "Basic \(pair)")
        #expect(form(request)["client_secret"] == nil)
        #expect(form(request)["client_id"] == nil)
    }

    @Test func row17TheSecretGoesIntoTheFormAtThePlatform() async throws {
        let provider = ScriptedProvider()
        _ = try await provider.signIn(try provider.makeApplication())
        let request = try #require(provider.transport.requests(to: provider.path(.token)).first)
        #expect(request.head.headerFields[.authorization] == nil)
        #expect(form(request)["client_secret"] == "s3cr:t with space")
        #expect(form(request)["client_info"] == "1")
        #expect(form(request)["grant_type"] == "authorization_code")
        #expect(form(request)["code"] == "code-1")
        #expect(form(request)["redirect_uri"] == ScriptedProvider.redirectURI)
        #expect(form(request)["code_verifier"]?.count == 43)
        #expect(form(request)["scope"] == "User.Read offline_access openid profile")
    }

    // MARK: Metadata and keys (rows 31 to 33, 68 to 72)

    @Test func row31AnotherIssuerInTheMetadataStopsBeforeTheBrowserLeaves() async throws {
        let provider = ScriptedProvider { script in
            script.metadata = { $0["issuer"] = .string(ScriptedProvider.issuer + "INVALID") }
        }
        let application = try provider.makeApplication()
        let error = await authenticationError {
            try await application.startAuthorizationCodeFlow(scopes: [], redirectURI: ScriptedProvider.redirectURI)
        }
        #expect(error?.code == .metadataIssuer)
        #expect(provider.transport.requests.count == 1)
    }

    @Test func row31AnotherIssuerOfAGenericProviderIsRefused() async throws {
        let provider = ScriptedProvider(.openIDConnect) { script in
            script.metadata = { $0["issuer"] = .string(ScriptedProvider.origin + "/INVALID") }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.code == .metadataIssuer)
        #expect(provider.transport.requests.count == 1)
    }

    @Test func row32AKeyThatAppearedAfterTheKeysWereReadIsFetched() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await provider.signIn(application)
        #expect(provider.count(.keys) == 1)
        provider.change {
            $0.publishedKeys = [ScriptedProvider.secondKey]
            $0.signer = ScriptedProvider.secondKey
        }
        _ = try await provider.signIn(application)
        #expect(provider.count(.keys) == 2)
    }

    @Test func row33AKeyThatIsNoLongerListedIsRefused() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await provider.signIn(application)
        provider.change {
            $0.publishedKeys = [ScriptedProvider.secondKey]
            $0.signer = ScriptedProvider.secondKey
        }
        _ = try await provider.signIn(application)
        provider.change { $0.signer = ScriptedProvider.firstKey }
        let error = await authenticationError { try await provider.signIn(application) }
        #expect(tokenFault(error) == .keyNotFound)
        #expect(provider.count(.keys) == 2)
    }

    @Test(arguments: [
        ("token_endpoint", "https://evil.example/token"),
        ("jwks_uri", "https://evil.example/keys"),
        ("authorization_endpoint", "http://login.microsoftonline.com/authorize"),
        ("token_endpoint", "http://login.microsoftonline.com/token"),
        ("end_session_endpoint", "https://login.microsoftonline.com.evil.example/logout"),
        ("jwks_uri", "//login.microsoftonline.com/keys"),
        ("token_endpoint", ""),
    ])
    func row68AnEndpointElsewhereIsRefused(_ member: String, _ url: String) async throws {
        let provider = ScriptedProvider { $0.metadata = { $0[member] = .string(url) } }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.code == .metadataEndpoint)
        #expect(provider.transport.requests.count == 1)
    }

    @Test func row69MetadataOfMoreThanAMebibyteAreNotRead() async throws {
        let provider = ScriptedProvider { script in
            script.metadata = { $0["padding"] = .string(String(repeating: "x", count: 1 << 20)) }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.code == .responseTooLarge)
        #expect(provider.transport.requests.count == 1)
    }

    @Test func row69TenThousandKeysAreNotRead() async throws {
        let provider = ScriptedProvider { script in
            script.keys = { keys in
                keys = (0..<10_000).map { ["kty": "RSA", "kid": .string("k\($0)"), "n": "AQAB", "e": "AQAB"] }
            }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.code == .malformedDocument)
        #expect(provider.count(.keys) == 1)
    }

    @Test func row69DeepNestingIsAnError() async throws {
        let deep =
            #"{"issuer":"# + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
        let provider = ScriptedProvider()
        provider.change { $0.answers[provider.path(.metadata)] = { .json(deep) } }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.code == .malformedDocument)
    }

    @Test func row71MadeUpKeyNamesDoNotTurnIntoRequests() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await provider.signIn(application)
        for attempt in 0..<100 {
            provider.change { script in
                script.idToken = { token in
                    var parts = token.split(separator: ".").map(String.init)
                    parts[0] = Base64URL.encode(Array(#"{"alg":"RS256","kid":"made-up-\#(attempt)"}"#.utf8))
                    return parts.joined(separator: ".")
                }
            }
            let error = await authenticationError { try await provider.signIn(application) }
            #expect(tokenFault(error) == .keyNotFound)
            provider.time.advance(by: .seconds(2))
        }
        // One when the keys were first needed, one for the first unknown name; the rest fell into its five minutes.
        #expect(provider.count(.keys) == 2)
        provider.time.advance(by: .seconds(300))
        _ = await authenticationError { try await provider.signIn(application) }
        #expect(provider.count(.keys) == 3)
    }

    @Test func row72TheLastGoodKeysServeWhileTheProviderFails() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await provider.signIn(application)
        provider.change { $0.answers[provider.path(.keys)] = { .json("{}", status: .internalServerError) } }
        provider.time.advance(by: .seconds(13 * 3_600))
        #expect(try await provider.signIn(application).source == .identityProvider)
        #expect(provider.count(.keys) == 2)
        // Not for ever.
        provider.time.advance(by: .seconds(24 * 3_600))
        let error = await authenticationError { try await provider.signIn(application) }
        #expect(error?.kind == .transient)
    }
}
