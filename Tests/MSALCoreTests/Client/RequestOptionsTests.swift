// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct RequestOptionsTests {
    private let scope = "https://graph.microsoft.com/.default"

    private func options(_ change: (inout RequestOptions) -> Void) -> RequestOptions {
        var options = RequestOptions()
        change(&options)
        return options
    }

    @Test func tokensAreKeptApartByWhatIsPartOfTheKeyAlone() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let routing = options { $0.parameters = [.init("dc", "ESTS-1", isPartOfCacheKey: false)] }
        let bound = options { $0.parameters = [.init("attributes", "a", isPartOfCacheKey: true)] }
        let other = options { $0.parameters = [.init("attributes", "b", isPartOfCacheKey: true)] }
        let path = options { $0.fmiPath = "agent" }
        _ = try await application.acquireTokenForClient(scopes: [scope])
        for (row, asked) in [(routing, 1), (bound, 2), (bound, 2), (other, 3), (path, 4), (path, 4), (routing, 4)] {
            _ = try await application.acquireTokenForClient(scopes: [scope], options: row)
            #expect(provider.count(.token) == asked)
        }
        #expect(try await application.acquireTokenForClient(scopes: [scope]).source == .cache)
        let forms = provider.transport.requests(to: provider.path(.token)).map { form($0) }
        #expect(forms.map { $0["attributes"] } == [nil, "a", "b", nil])
        #expect(forms.map { $0["fmi_path"] } == [nil, nil, nil, "agent"])
    }

    @Test func aPersonsTokensAreKeptApartTheSameWay() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        let bound = options { $0.parameters = [.init("attributes", "a", isPartOfCacheKey: true)] }
        let first = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, options: bound)
        #expect(first.source == .identityProvider)
        #expect(provider.lastForm["attributes"] == "a")
        let second = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, options: bound)
        #expect(second.source == .cache)
        #expect(try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
    }

    @Test func forwardedClaimsAreSentAndDivideTheCacheByTheirValue() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication { $0.capabilities = ["cp1"] }
        let one = options { $0.forwardedClaims = #"{ "access_token": {"b": 1, "a": null} }"# }
        let same = options { $0.forwardedClaims = #"{"access_token":{"a":null,"b":1}}"# }
        _ = try await application.acquireTokenForClient(scopes: [scope], options: one)
        #expect(
            provider.lastForm["claims"] == #"{"access_token":{"a":null,"b":1,"xms_cc":{"values":["cp1"]}}}"#
        )
        #expect(try await application.acquireTokenForClient(scopes: [scope], options: same).source == .cache)
        #expect(try await application.acquireTokenForClient(scopes: [scope]).source == .identityProvider)
        #expect(provider.lastForm["claims"] == #"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#)
    }

    @Test func theCorrelationIDIsTheCallers() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let identifier = "11111111-2222-4333-8444-555555555555"
        let result = try await application.acquireTokenForClient(
            scopes: [scope],
            options: options { $0.correlationID = identifier }
        )
        #expect(result.correlationID == identifier)
        let request = try #require(provider.transport.requests(to: provider.path(.token)).first)
        #expect(request.head.headerFields[.clientRequestID] == identifier)
    }

    @Test(arguments: ["client_id", "scope", "assertion", "fmi_path", ""])
    func aParameterOfTheLibrarysOwnIsRefused(name: String) async throws {
        let provider = ScriptedProvider()
        let error = await authenticationError {
            try await provider.makeApplication().acquireTokenForClient(
                scopes: [scope],
                options: options { $0.parameters = [.init(name, "x", isPartOfCacheKey: true)] }
            )
        }
        #expect(error?.code == .parameterInvalid)
        #expect(error?.kind == .invalidCall)
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func kindsOfClientAreNotMixedUp() async throws {
        let provider = ScriptedProvider()
        #expect { try provider.makePublicApplication { $0.credential = .secret(Secret("x")) } } throws: { error in
            (error as? AuthenticationError)?.code == .configurationInvalid
        }
        #expect { try provider.makeApplication { $0.credential = nil } } throws: { error in
            (error as? AuthenticationError)?.code == .configurationInvalid
        }
    }

    @Test func thePlatformIsToldWhoAsksAndHowItWent() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication {
            $0.applicationName = "portal"
            $0.applicationVersion = "1.2"
        }
        _ = try await application.acquireTokenForClient(scopes: [scope])
        let fields = try #require(provider.transport.requests(to: provider.path(.token)).first).head.headerFields
        #expect(fields[.clientSKU] == "MSAL.Swift")
        #expect(fields[.applicationName] == "portal")
        #expect(fields[.applicationVersion] == "1.2")
        #expect(fields[.currentTelemetry] == "4|730,2|")
        #expect(fields[.lastTelemetry] == "4|0|||")
        #expect(fields[.libraryCapability] == "retry-after, h429")
    }

    @Test func aRegionIsAskedForTheApplicationsOwnTokensAlone() async throws {
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = nil
        }
        let application = try provider.makeApplication { $0.region = .named("westus2") }
        _ = try await application.acquireTokenForClient(scopes: [scope])
        #expect(provider.transport.requests.last?.head.authority == "westus2.login.microsoft.com")
        _ = try await provider.signIn(application)
        let request = try #require(provider.transport.requests(to: provider.path(.token)).last)
        #expect(request.head.authority == "login.microsoftonline.com")
    }
}
