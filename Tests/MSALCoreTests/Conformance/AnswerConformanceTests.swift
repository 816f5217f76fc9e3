// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// The rows about what comes back: from the browser, from the token endpoint, from a refresh.
@Suite struct AnswerConformanceTests {
    // MARK: The answer of the browser (rows 58, 59)

    @Test(arguments: ["missing", "altered", "empty", "another sign-in's"])
    func row58AnAnswerOfAnotherStateIsRefusedBeforeTheCodeIsSent(_ change: String) async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI
        )
        let other = try await application.startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI
        )
        let response = try provider.authorize(flow) { answer in
            switch change {
            case "missing": answer.removeAll { $0.0 == "state" }
            case "altered": answer[1].1 += "1"
            case "empty": answer[1].1 = ""
            default: answer[1].1 = other.state.reveal()
            }
        }
        let error = await authenticationError { try await application.acquireToken(completing: flow, with: response) }
        #expect(error?.kind == .rejectedResponse)
        #expect(error?.code == .state)
        #expect(provider.count(.token) == 0)
    }

    @Test(arguments: [ResponseMode.query, .formPost])
    func row59AnAnswerByTheOtherWayIsRefused(_ asked: ResponseMode) async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        var options = AuthorizationOptions()
        options.responseMode = asked
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI,
            options: options
        )
        let text = "code=c&state=\(flow.state.reveal())"
        let response =
            asked == .query ? try AuthorizationResponse(form: text) : try AuthorizationResponse(query: text)
        let error = await authenticationError { try await application.acquireToken(completing: flow, with: response) }
        #expect(error?.code == .responseMode)
        #expect(provider.count(.token) == 0)
    }

    @Test(arguments: ["code=a&code=b&state=s", "state=s&state=s", "code=%ZZ", "code=%FF%FE"])
    func anAnswerThatCannotBeReadIsRefused(_ text: String) {
        let byQuery = #expect(throws: AuthenticationError.self) { try AuthorizationResponse(query: text) }
        let byForm = #expect(throws: AuthenticationError.self) { try AuthorizationResponse(form: text) }
        #expect(byQuery?.code == .responseMalformed)
        #expect(byForm?.code == .responseMalformed)
    }

    @Test func anAnswerOfAnotherIssuerIsRefused() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI
        )
        let response = try provider.authorize(flow) { $0.append(("iss", "https://evil.example")) }
        let error = await authenticationError { try await application.acquireToken(completing: flow, with: response) }
        #expect(error?.code == .responseIssuer)
        #expect(provider.count(.token) == 0)
    }

    @Test func anAnswerWithoutTheIssuerThatWasPromisedIsRefused() async throws {
        let provider = ScriptedProvider {
            $0.metadata = { $0["authorization_response_iss_parameter_supported"] = true }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.code == .responseIssuer)
        #expect(provider.count(.token) == 0)
    }

    @Test func aSignInThatTookTooLongIsRefused() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI
        )
        let response = try provider.authorize(flow)
        provider.time.advance(by: .seconds(901))
        let error = await authenticationError { try await application.acquireToken(completing: flow, with: response) }
        #expect(error?.code == .flowExpired)
        #expect(provider.count(.token) == 0)
    }

    // MARK: The token endpoint (rows 77 to 79)

    @Test(arguments: [
        ("HTML", "text/html", "<html>", AuthenticationError.Code.contentType),
        ("a list", "application/json", "[1]", .malformedDocument),
        ("two megabytes", "application/json", String(repeating: " ", count: 2 << 20), .responseTooLarge),
        ("cut off", "application/json", #"{"access_token":"a"#, .malformedDocument),
        ("another content type", "text/plain", #"{"access_token":"a"}"#, .contentType),
        ("no content type", "", #"{"access_token":"a"}"#, .contentType),
        ("nothing", "application/json", "", .malformedDocument),
    ])
    func row77AnAnswerThatIsNoTokenIsATypedError(
        _ name: String,
        _ type: String,
        _ body: String,
        _ code: AuthenticationError.Code
    ) async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                var head = HTTPResponse(status: .ok)
                if !type.isEmpty { head.headerFields[.contentType] = type }
                return TransportResponse(head: head, body: Array(body.utf8))
            }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.kind == .rejectedResponse, "\(name)")
        #expect(error?.code == code)
        #expect(error?.message.contains("access_token") == false)
        #expect(provider.count(.token) == 1)
    }

    @Test(arguments: [500, 502, 503, 504])
    func aFaultOfTheServiceIsToBeTriedLater(_ status: Int) async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                TransportResponse(
                    head: HTTPResponse(status: HTTPResponse.Status(code: status)),
                    body: Array("<p>".utf8)
                )
            }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.kind == .transient)
        #expect(error?.code == .unexpectedStatus)
        #expect(error?.httpStatus == status)
    }

    @Test(arguments: [301, 302, 307, 308])
    func row78ARedirectOfTheTokenEndpointIsNotFollowed(_ status: Int) async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                var head = HTTPResponse(status: HTTPResponse.Status(code: status))
                head.headerFields[.location] = "https://evil.example/token"
                return TransportResponse(head: head)
            }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.code == .redirected)
        #expect(provider.count(.token) == 1)
        #expect(provider.transport.requests.allSatisfy { $0.head.authority == "login.microsoftonline.com" })
    }

    @Test func row79ClaimsThatAreNoJSONAreHandedOnAsTheyCame() async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                .json(
                    #"{"error":"interaction_required","suberror":"basic_action","claims":"{not json","error_codes":[50076]}"#,
                    status: .badRequest
                )
            }
        }
        let error = await authenticationError { try await provider.signIn(try provider.makeApplication()) }
        #expect(error?.kind == .interactionRequired)
        #expect(error?.code == .server)
        #expect(error?.interaction == .basicAction)
        #expect(error?.claims == "{not json")
        #expect(error?.aadstsCodes == [50076])
        #expect(provider.count(.token) == 1)
    }

    // MARK: Refresh (rows 40 to 42)

    @Test func row40ARefreshedTokenIsAccepted() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { $0.token = { $0["access_token"] = "access-2" } }
        provider.time.advance(by: .seconds(3_400))
        let result = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(result.accessToken.reveal() == "access-2")
        #expect(result.source == .identityProvider)
        let request = try #require(provider.transport.requests(to: provider.path(.token)).last)
        #expect(form(request)["grant_type"] == "refresh_token")
        #expect(form(request)["refresh_token"] == "refresh-1")
        #expect(provider.count(.token) == 2)
    }

    @Test func row41ARefreshedIDTokenOfAnotherIssuerIsRefused() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { $0.claims = { $0["iss"] = .string(ScriptedProvider.issuer + "1") } }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        }
        #expect(tokenFault(error) == .issuer)
        #expect(provider.count(.token) == 2)
    }

    @Test(arguments: ["sub", "oid"])
    func row42ARefreshedIDTokenOfAnotherPersonIsRefused(_ claim: String) async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { script in
            script.claims = { $0[claim] = "somebody-else" }
            script.token = { $0["access_token"] = "somebody-else's" }
        }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        }
        #expect(error?.code == .subjectChanged)
        #expect(provider.count(.token) == 2)
        // What was kept before is kept still.
        let kept = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(kept.accessToken.reveal() == "access-1")
        #expect(kept.source == .cache)
    }
}
