// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Answers of a browser or of the provider that cannot be used.
@Suite struct AnswerFaultTests {
    private static let devicePath = "/\(ScriptedProvider.tenant)/oauth2/v2.0/devicecode"

    private func start(_ application: ConfidentialClientApplication) async throws -> AuthorizationCodeFlow {
        try await application.startAuthorizationCodeFlow(
            scopes: ["User.Read"],
            redirectURI: ScriptedProvider.redirectURI
        )
    }

    @Test func anAnswerWithNeitherCodeNorErrorIsRefused() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let flow = try await start(application)
        let answer = try provider.authorize(flow) { $0.removeAll { $0.0 == "code" } }
        let error = await authenticationError { try await application.acquireToken(completing: flow, with: answer) }
        #expect(error?.kind == .rejectedResponse)
        #expect(error?.code == .responseMalformed)
        #expect(error?.message.contains("holds neither a code nor an error") == true)
        #expect(provider.count(.token) == 0)
        #expect(try await application.accounts().isEmpty)
    }

    @Test func aFlowFromTheFutureIsRefused() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let flow = try await start(application)
        let answer = try provider.authorize(flow)
        provider.time.advance(by: .seconds(-301))
        let error = await authenticationError { try await application.acquireToken(completing: flow, with: answer) }
        #expect(error?.kind == .rejectedResponse)
        #expect(error?.code == .flowExpired)
        #expect(error?.message.contains("Start it anew") == true)
        #expect(provider.count(.token) == 0)
        provider.time.advance(by: .seconds(1))
        #expect(try await application.acquireToken(completing: flow, with: answer).account != nil)
    }

    @Test func anAnswerOfABrowserIsReadUpToItsBound() throws {
        let longest = "state=" + String(repeating: "s", count: AuthorizationResponse.maximumLength - 6)
        #expect(longest.utf8.count == 65_536)
        #expect(try AuthorizationResponse(form: longest).state != nil)
        #expect(try AuthorizationResponse(query: longest).state != nil)
        let readers: [(String) throws -> AuthorizationResponse] = [
            { try AuthorizationResponse(form: $0) }, { try AuthorizationResponse(query: $0) },
        ]
        for read in readers {
            let error = #expect(throws: AuthenticationError.self) { try read(longest + "s") }
            #expect(error?.kind == .rejectedResponse)
            #expect(error?.code == .responseMalformed)
            #expect(error?.message.contains("it is too long") == true)
        }
    }

    @Test func aRefusalOfUserInfoKeepsTheProvidersWords() async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.userInfo)] = {
                .json(#"{"error":"invalid_token","error_description":"it has ended"}"#, status: .unauthorized)
            }
        }
        let application = try provider.makeApplication()
        let result = try await provider.signIn(application)
        let error = await authenticationError { try await application.userInfo(for: result) }
        #expect(error?.kind == .refused)
        #expect(error?.code == .server)
        #expect(error?.serverCode == "invalid_token")
        #expect(error?.serverDescription == "it has ended")
        #expect(error?.httpStatus == 401)
        #expect(error?.message.contains("refused the request with 'invalid_token'") == true)
        #expect(error?.correlationID != nil)
    }

    @Test func aClientThatMayNotUseDeviceCodesIsToldSo() async throws {
        let provider = ScriptedProvider { script in
            script.metadata = {
                $0["device_authorization_endpoint"] = .string(ScriptedProvider.origin + Self.devicePath)
            }
            script.answers[Self.devicePath] = { .json(#"{"error":"unauthorized_client"}"#, status: .badRequest) }
        }
        let application = try provider.makePublicApplication()
        let error = await authenticationError { try await application.startDeviceCodeFlow(scopes: ["User.Read"]) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .server)
        #expect(error?.serverCode == "unauthorized_client")
        #expect(error?.message.contains("check the application's registration and settings") == true)
        #expect(provider.count(.token) == 0)
    }

    @Test(arguments: [
        ("token_endpoint", "http://localhost/t", "'token_endpoint' on plain http"),
        ("jwks_uri", "http://127.0.0.1/keys", "'jwks_uri' on plain http"),
        ("authorization_endpoint", "http://idp.example/a", "'authorization_endpoint' that is not an https"),
        ("token_endpoint", "https://evil.example/t", "the foreign host 'evil.example' for 'token_endpoint'"),
    ]) func metadataThatLeadElsewhereAreRefused(name: String, endpoint: String, words: String) async throws {
        let provider = ScriptedProvider { $0.metadata = { $0[name] = .string(endpoint) } }
        let application = try provider.makeApplication()
        let error = await authenticationError { try await start(application) }
        #expect(error?.kind == .rejectedToken)
        #expect(error?.code == .metadataEndpoint)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(provider.transport.requests.count == 1)
    }

    @Test func keysThatAreNotThereAreTheProvidersError() async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.keys)] = { .json(#"{"error":"not_found"}"#, status: .notFound) }
        }
        let application = try provider.makeApplication()
        let error = await authenticationError { try await provider.signIn(application) }
        #expect(error?.kind == .refused)
        #expect(error?.code == .server)
        #expect(error?.serverCode == "not_found")
        #expect(error?.httpStatus == 404)
        #expect(try await application.accounts().isEmpty)
    }

    @Test func aCallbackMustGiveACertificateWithItsKey() async throws {
        let fixtures = try CertificateFixtures()
        let certificate = try ClientCertificate(certificatePEM: fixtures.certificate("leaf"))
        let provider = ScriptedProvider()
        let application = try provider.makeApplication { $0.credential = .certificate { certificate } }
        let error = await authenticationError {
            try await application.acquireTokenForClient(scopes: ["https://graph.microsoft.com/.default"])
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .certificateInvalid)
        #expect(error?.message.contains("holds no private key") == true)
        #expect(provider.count(.token) == 0)
    }
}
