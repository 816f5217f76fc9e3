// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALTesting
import Testing

@testable import MSALCore

/// Calls that are wrong in themselves: refused with a sentence, before anything is sent.
@Suite struct WrongUseTests {
    private static let scope = "https://graph.microsoft.com/.default"
    private static let agent = "0a0a0a0a-2222-4333-8444-555555555555"

    /// The two kinds of application that calls are made at.
    struct Applications: Sendable {
        var confidential: ConfidentialClientApplication
        var publicClient: PublicClientApplication

        init(_ provider: ScriptedProvider) throws {
            confidential = try provider.makeApplication()
            publicClient = try provider.makePublicApplication()
        }
    }

    /// A wrong call, and what is said of it.
    struct Call: CustomTestStringConvertible {
        var kind = AuthenticationError.Kind.invalidCall
        var code: AuthenticationError.Code
        var words: String
        var make: @Sendable (Applications) async throws -> Void

        var testDescription: String { words }
    }

    /// A flow that people's scopes are asked for with.
    struct Flow: CustomTestStringConvertible {
        var testDescription: String
        var ask: @Sendable (Applications, [String]) async throws -> Void
    }

    /// Begins a sign-in with options.
    private static func start(
        _ applications: Applications,
        scopes: [String] = ["User.Read"],
        _ change: (inout AuthorizationOptions) -> Void = { _ in }
    ) async throws {
        var options = AuthorizationOptions()
        change(&options)
        _ = try await applications.confidential.startAuthorizationCodeFlow(
            scopes: scopes,
            redirectURI: ScriptedProvider.redirectURI,
            options: options
        )
    }

    /// Signs in with a user name and a password.
    private static func enter(
        _ applications: Applications,
        _ username: String,
        _ password: String,
        scopes: [String] = ["User.Read"]
    ) async throws {
        _ = try await applications.publicClient.acquireToken(
            byPassword: Secret(password),
            of: username,
            scopes,
            nil,
            RequestOptions()
        )
    }

    private static let calls: [Call] = [
        Call(code: .assertionInvalid, words: "The caller's access token is empty") {
            _ = try await $0.confidential.acquireTokenOnBehalfOf(Secret(""), scopes: ["User.Read"])
        },
        Call(code: .assertionInvalid, words: "what stood behind 'Bearer' in its request") {
            _ = try await $0.confidential.startLongRunningOnBehalfOf(Secret(""), scopes: ["User.Read"])
        },
        Call(code: .scopeInvalid, words: "Name the API whose token is wanted as a scope") {
            _ = try await $0.confidential.acquireTokenOnBehalfOf(Secret("t"), scopes: [])
        },
        Call(code: .configurationInvalid, words: "The user name or the password is empty") {
            try await enter($0, "", "pa55")
        },
        Call(code: .configurationInvalid, words: "or the password is empty.") {
            try await enter($0, "ada@contoso.example", "")
        },
        Call(code: .scopeInvalid, words: "'a b' is not a scope") {
            try await start($0) { $0.extraScopesToConsent = ["a b"] }
        },
        Call(code: .parameterInvalid, words: "The parameter 'state' is the library's to set") {
            try await start($0) { $0.parameters = [.init("state", "x", isPartOfCacheKey: false)] }
        },
        Call(code: .parameterInvalid, words: "The parameter 'login_hint' is the library's to set") {
            try await start($0) { $0.parameters = [.init("login_hint", "x", isPartOfCacheKey: false)] }
        },
        Call(code: .parameterInvalid, words: "The parameter '' is the library's to set") {
            try await start($0) { $0.parameters = [.init("", "x", isPartOfCacheKey: false)] }
        },
        Call(code: .claimsInvalid, words: "The claims challenge cannot be used") {
            try await start($0) { $0.claims = "7" }
        },
        Call(code: .claimsInvalid, words: "The claims challenge cannot be used: it is") {
            _ = try await $0.publicClient.startDeviceCodeFlow(scopes: ["User.Read"], claims: "[]")
        },
        Call(code: .claimsInvalid, words: "The value of the forwarded claims cannot be used") {
            var options = RequestOptions()
            options.forwardedClaims = "7"
            _ = try await $0.confidential.acquireTokenForClient(scopes: [scope], options: options)
        },
        Call(code: .claimsInvalid, words: "value of the forwarded claims cannot be used: it is not one JSON") {
            var options = RequestOptions()
            options.forwardedClaims = "{"
            _ = try await $0.confidential.acquireToken(
                byRefreshToken: Secret("rt"),
                scopes: ["User.Read"],
                options: options
            )
        },
        Call(kind: .misconfigured, code: .authorityInvalid, words: "'a/b' is not an authority: a tenant is a GUID") {
            _ = try await $0.confidential.acquireTokenForClient(scopes: [scope], tenant: "a/b")
        },
        Call(kind: .misconfigured, code: .authorityInvalid, words: "'' is not an authority: a tenant is a GUID") {
            _ = try await $0.confidential.acquireTokenOnBehalfOf(Secret("t"), scopes: ["User.Read"], tenant: "")
        },
        Call(code: .authorityInvalid, words: "and cannot be finished with") {
            let flow = DeviceCodeFlow(
                userCode: "ABCD1234",
                verificationURI: "https://microsoft.com/devicelogin",
                verificationURIComplete: nil,
                message: nil,
                expiresOn: .distantFuture,
                interval: 5,
                deviceCode: Secret("device-1"),
                scopes: ["User.Read"],
                claims: nil,
                authority: "https://login.microsoftonline.com/\(ScriptedProvider.otherTenant)",
                correlationID: "c"
            )
            _ = try await $0.publicClient.acquireToken(completing: flow)
        },
    ]

    @Test(arguments: calls) func aWrongCallIsRefusedBeforeAnyRequest(_ call: Call) async throws {
        let provider = ScriptedProvider()
        let applications = try Applications(provider)
        let error = await authenticationError { try await call.make(applications) }
        #expect(error?.kind == call.kind)
        #expect(error?.code == call.code)
        #expect(error?.message.contains(call.words) == true, "\(error?.message ?? "")")
        #expect(provider.transport.requests.isEmpty)
    }

    private static let flows = [
        Flow(testDescription: "authorization code") { try await start($0, scopes: $1) },
        Flow(testDescription: "device code") { _ = try await $0.publicClient.startDeviceCodeFlow(scopes: $1) },
        Flow(testDescription: "user name and password") {
            try await enter($0, "ada@contoso.example", "pa55", scopes: $1)
        },
        Flow(testDescription: "refresh token") {
            _ = try await $0.confidential.acquireToken(byRefreshToken: Secret("rt"), scopes: $1)
        },
        Flow(testDescription: "on behalf of") {
            _ = try await $0.confidential.acquireTokenOnBehalfOf(Secret("t"), scopes: $1)
        },
        Flow(testDescription: "an agent's instance") {
            _ = try await $0.confidential.acquireToken(
                byUserFederatedIdentityCredential: Secret("instance"),
                of: .objectID("o-1"),
                scopes: $1
            )
        },
        Flow(testDescription: "an agent") {
            _ = try await $0.confidential.acquireTokenForAgent(
                agent,
                on: .username("ada@contoso.example"),
                scopes: $1
            )
        },
    ]

    @Test(arguments: flows, ["openid", "profile", "offline_access"])
    func aScopeThatTheLibraryAddsIsRefusedBeforeAnyRequest(_ flow: Flow, _ scope: String) async throws {
        let provider = ScriptedProvider()
        let applications = try Applications(provider)
        let error = await authenticationError { try await flow.ask(applications, ["User.Read", scope]) }
        #expect(error?.kind == .invalidCall)
        #expect(error?.code == .scopeInvalid)
        #expect(error?.message == "The scope '\(scope)' is added by the library; do not ask for it.")
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func aProviderWithoutTenantsHasNoOtherOne() async throws {
        let provider = ScriptedProvider(.openIDConnect)
        let application = try provider.makeApplication()
        let error = await authenticationError {
            try await application.acquireTokenForClient(scopes: ["api"], tenant: ScriptedProvider.otherTenant)
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .authorityInvalid)
        #expect(error?.message.contains("only an Entra authority can be used with another tenant") == true)
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func nobodyStandsBehindAnApplicationsOwnToken() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let result = try await application.acquireTokenForClient(scopes: [Self.scope])
        let sent = provider.transport.requests.count
        let error = await authenticationError { try await application.userInfo(for: result) }
        #expect(error?.kind == .invalidCall)
        #expect(error?.code == .idTokenMissing)
        #expect(error?.message.contains("UserInfo is about a person") == true)
        #expect(provider.transport.requests.count == sent)
    }
}
