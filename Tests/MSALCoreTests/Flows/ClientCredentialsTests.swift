// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALTesting
import Synchronization
import Testing

@testable import MSALCore

@Suite struct ClientCredentialsTests {
    private let scope = "https://graph.microsoft.com/.default"

    @Test func theTokenIsAskedForOnceAndKept() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let first = try await application.acquireTokenForClient(scopes: [scope])
        #expect(first.source == .identityProvider)
        #expect(first.account == nil)
        #expect(first.idToken == nil)
        let second = try await application.acquireTokenForClient(scopes: [
            scope.uppercased().replacing("/.DEFAULT", with: "/.default")
        ])
        #expect(second.source == .cache)
        let request = try #require(provider.transport.requests(to: provider.path(.token)).first)
        #expect(form(request)["grant_type"] == "client_credentials")
        #expect(form(request)["scope"] == scope)
        #expect(provider.count(.token) == 1)
        provider.time.advance(by: .seconds(3_300))
        #expect(try await application.acquireTokenForClient(scopes: [scope]).source == .identityProvider)
        #expect(try await application.accounts().isEmpty)
    }

    @Test func anotherTenantAndAnotherScopeHaveTokensOfTheirOwn() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await application.acquireTokenForClient(scopes: [scope])
        #expect(try await application.acquireTokenForClient(scopes: ["api://x/.default"]).source == .identityProvider)
        let error = await authenticationError {
            try await application.acquireTokenForClient(scopes: [scope], tenant: ScriptedProvider.otherTenant)
        }
        // The script knows one tenant only; that the other was asked is what counts.
        #expect(error?.code == .authorityUnknown)
        #expect(provider.transport.requests.last?.head.path?.hasPrefix("/\(ScriptedProvider.otherTenant)/") == true)
    }

    @Test func equalRequestsShareOneAnswer() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { _ = try await application.acquireTokenForClient(scopes: [scope]) }
            }
            try await group.waitForAll()
        }
        #expect(provider.count(.token) == 1)
        #expect(provider.count(.metadata) == 1)
    }

    @Test(arguments: [["User.Read"], [], ["a b/.default"]])
    func whatCannotWorkIsRefusedBeforeAnyRequest(_ scopes: [String]) async throws {
        let provider = ScriptedProvider()
        let error = await authenticationError {
            try await provider.makeApplication().acquireTokenForClient(scopes: scopes)
        }
        #expect(error?.kind == .invalidCall)
        #expect(error?.code == .scopeInvalid)
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func anAuthorityOfManyTenantsIssuesNoApplicationToken() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication { configuration in
            if let common = try? Authority.entra(tenant: "common") { configuration.authority = common }
            configuration.tenants = .any
        }
        let error = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        #expect(error?.kind == .invalidCall)
        #expect(error?.code == .authorityInvalid)
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func aWrongSecretIsAFaultOfTheConfigurationWithItsCure() async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                .json(
                    #"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret. Trace ID: t","trace_id":"t","correlation_id":"c"}"#,
                    status: .unauthorized
                )
            }
        }
        let error = await authenticationError {
            try await provider.makeApplication().acquireTokenForClient(scopes: [scope])
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.serverCode == "invalid_client")
        #expect(error?.aadstsCodes == [7_000_215])
        #expect(error?.httpStatus == 401)
        #expect(error?.traceID == "t")
        #expect(error?.message.contains("not its identifier") == true)
        #expect("\(try #require(error))".contains("[AADSTS7000215] (correlation ID c)"))
    }

    @Test func tooManyRequestsSayHowLongToWait() async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                var answer = TransportResponse.json("{}", status: .tooManyRequests)
                answer.head.headerFields[.retryAfter] = "17"
                return answer
            }
        }
        let error = await authenticationError {
            try await provider.makeApplication().acquireTokenForClient(scopes: [scope])
        }
        #expect(error?.kind == .throttled)
        #expect(error?.code == .tooManyRequests)
        #expect(error?.retryAfter == .seconds(17))
    }
}

/// An application whose own tokens come from somewhere else than the provider.
@Suite struct TokenProviderTests {
    private let scope = "https://graph.microsoft.com/.default"

    @Test func theCacheAndTheFlightStandInFrontOfIt() async throws {
        let provider = ScriptedProvider()
        let asked = Mutex<[TokenProviderRequest]>([])
        let application = try provider.makeApplication {
            $0.credential = nil
            $0.tokenProvider = { request in
                asked.withLock { $0.append(request) }
                return ProvidedToken(accessToken: Secret("sidecar"), lifetime: .seconds(3_600))
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let token = try await application.acquireTokenForClient(scopes: [scope])
                    #expect(token.accessToken == Secret("sidecar"))
                }
            }
            try await group.waitForAll()
        }
        #expect(try await application.acquireTokenForClient(scopes: [scope]).source == .cache)
        #expect(asked.withLock { $0.map(\.scopes) } == [[scope]])
        #expect(asked.withLock { $0.map(\.tenant) } == [ScriptedProvider.tenant])
        #expect(provider.transport.requests.isEmpty)
    }

    @Test(arguments: [
        (
            ProvidedToken(accessToken: Secret(""), lifetime: .seconds(60)),
            AuthenticationError.Code.accessTokenMissing, "an empty token"
        ),
        (ProvidedToken(accessToken: Secret("t"), lifetime: .zero), .malformedDocument, "a lifetime that is none"),
        (
            ProvidedToken(accessToken: Secret("t"), lifetime: .seconds(60), refreshIn: .seconds(61)),
            .malformedDocument, "more than the time to the renewal"
        ),
    ]) func anAnswerThatIsNoTokenIsRefused(
        answer: ProvidedToken,
        code: AuthenticationError.Code,
        words: String
    ) async throws {
        let application = try ScriptedProvider().makeApplication { $0.tokenProvider = { _ in answer } }
        let error = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        #expect(error?.kind == .rejectedResponse)
        #expect(error?.code == code)
        #expect(error?.message.contains(words) == true)
    }

    @Test func whatItThrowsIsSaidInOurWords() async throws {
        struct Broken: Error {}
        let application = try ScriptedProvider().makeApplication { $0.tokenProvider = { _ in throw Broken() } }
        let error = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        #expect(error?.code == .credentialUnavailable)
        #expect(error?.underlying is Broken)
    }
}
