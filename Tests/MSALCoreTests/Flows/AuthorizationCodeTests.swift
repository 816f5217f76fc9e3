// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import InMemoryLogging
import Logging
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct AuthorizationCodeTests {
    @Test func theRequestCarriesWhatTheProtocolDemands() async throws {
        let provider = ScriptedProvider()
        var options = AuthorizationOptions()
        options.prompt = .selectAccount
        options.loginHint = "ada@contoso.example"
        options.domainHint = "contoso.example"
        options.maximumAge = .seconds(600)
        options.claims = #"{"access_token":{}}"#
        let flow = try await provider.makeApplication().startAuthorizationCodeFlow(
            scopes: ["User.Read"],
            redirectURI: ScriptedProvider.redirectURI,
            options: options
        )
        let parts = flow.url.split(separator: "?", maxSplits: 1).map(String.init)
        #expect(parts[0] == "\(ScriptedProvider.origin)/\(ScriptedProvider.tenant)/oauth2/v2.0/authorize")
        let sent = Dictionary(
            uniqueKeysWithValues: try #require(FormEncoding.decode(parts[1])).map { ($0.name, $0.value) }
        )
        #expect(sent["client_id"] == ScriptedProvider.clientID)
        #expect(sent["response_type"] == "code")
        #expect(sent["response_mode"] == "form_post")
        #expect(sent["redirect_uri"] == ScriptedProvider.redirectURI)
        #expect(sent["scope"] == "User.Read offline_access openid profile")
        #expect(sent["state"] == flow.state.reveal())
        #expect(sent["state"]?.count == 43)
        #expect(sent["nonce"] == SignInNonce.hash(flow.nonce.reveal()))
        #expect(sent["code_challenge"] == ProofKey(verifier: flow.verifier).challenge)
        #expect(sent["code_challenge_method"] == "S256")
        #expect(sent["client_info"] == "1")
        #expect(sent["prompt"] == "select_account")
        #expect(sent["login_hint"] == "ada@contoso.example")
        #expect(sent["domain_hint"] == "contoso.example")
        #expect(sent["max_age"] == "600")
        #expect(sent["claims"] == #"{"access_token":{}}"#)
    }

    @Test func noTwoFlowsShareAnything() async throws {
        let application = try ScriptedProvider().makeApplication()
        var seen = Set<String>()
        for _ in 0..<100 {
            let flow = try await application.startAuthorizationCodeFlow(
                scopes: [],
                redirectURI: ScriptedProvider.redirectURI
            )
            for secret in [flow.state, flow.nonce, flow.verifier] {
                #expect(seen.insert(secret.reveal()).inserted)
            }
        }
    }

    @Test func aFlowSurvivesBeingStored() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: ["User.Read"],
            redirectURI: ScriptedProvider.redirectURI
        )
        let stored = try JSONEncoder().encode(flow)
        let restored = try JSONDecoder().decode(AuthorizationCodeFlow.self, from: stored)
        let result = try await application.acquireToken(completing: restored, with: try provider.authorize(flow))
        #expect(result.account?.username == "ada@contoso.example")
    }

    @Test(arguments: [
        "portal.example/callback", "http://portal.example/callback", "https://portal.example/callback#x",
        "javascript:alert(1)", "",
    ])
    func whatIsNoRedirectURIIsRefused(_ uri: String) async throws {
        let provider = ScriptedProvider()
        let error = await authenticationError {
            try await provider.makeApplication().startAuthorizationCodeFlow(scopes: [], redirectURI: uri)
        }
        #expect(error?.code == .redirectURIInvalid)
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func aRefusalOfThePersonIsADeclinedSignIn() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI
        )
        let response = try provider.authorize(flow) { answer in
            answer[0] = ("error", "access_denied")
            answer.append(("error_description", "AADSTS65004: <b>declined</b>"))
            answer.append(("error_subcode", "cancel"))
        }
        let error = await authenticationError { try await application.acquireToken(completing: flow, with: response) }
        #expect(error?.kind == .declined)
        #expect(error?.aadstsCodes == [65004])
        #expect(error?.suberror == "cancel")
        #expect(error?.message.contains("<b>") == false)
        #expect(provider.count(.token) == 0)
    }

    @Test func aFlowOfAnotherAuthorityIsRefused() async throws {
        let provider = ScriptedProvider()
        let flow = try await provider.makeApplication()
            .startAuthorizationCodeFlow(scopes: [], redirectURI: ScriptedProvider.redirectURI)
        let other = ScriptedProvider(.openIDConnect)
        let error = await authenticationError {
            try await other.makeApplication().acquireToken(completing: flow, with: try provider.authorize(flow))
        }
        #expect(error?.code == .authorityInvalid)
        #expect(other.transport.requests.isEmpty)
    }

    @Test func discoveryHealsByItself() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        provider.change { script in
            script.answers[provider.path(.metadata)] = { throw TransportError.unreachable("refused") }
        }
        let error = await authenticationError { try await provider.signIn(application) }
        #expect(error?.kind == .transient)
        provider.change { $0.answers = [:] }
        _ = try await provider.signIn(application)
        _ = try await provider.signIn(application)
        #expect(provider.count(.metadata) == 2)
    }

    @Test func metadataOfYesterdayServeWhileTheProviderFails() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await provider.signIn(application)
        provider.time.advance(by: .seconds(86_401))
        provider.change { script in
            script.answers[provider.path(.metadata)] = { throw TransportError.unreachable("refused") }
        }
        _ = try await provider.signIn(application)
        #expect(provider.count(.metadata) == 2)
    }

    @Test func anUnknownTenantIsAFaultOfTheConfiguration() async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.metadata)] = {
                .json(#"{"error":"invalid_tenant","error_codes":[90002]}"#, status: .badRequest)
            }
        }
        let error = await authenticationError { try await provider.signIn(provider.makeApplication()) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .authorityUnknown)
        #expect(error?.aadstsCodes == [90002])
    }

    @Test func aGenericProviderIsAskedOnlyForWhatItOffers() async throws {
        let provider = ScriptedProvider(.openIDConnect) { script in
            script.metadata = {
                $0["scopes_supported"] = ["openid", "profile"]
                $0["response_modes_supported"] = ["query"]
            }
        }
        let application = try provider.makeApplication()
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI
        )
        #expect(flow.url.contains("scope=openid+profile&"))
        #expect(flow.responseMode == .query)
        #expect(!flow.url.contains("client_info"))
        let result = try await application.acquireToken(completing: flow, with: try provider.authorize(flow))
        #expect(result.account?.homeAccountID == "subject-1")
    }

    @Test func anotherProvidersObjectAndTenantAreNotTakenForThePlatforms() async throws {
        let provider = ScriptedProvider(.openIDConnect) { script in
            script.claims = {
                $0["oid"] = .string(ScriptedProvider.object)
                $0["tid"] = .string(ScriptedProvider.tenant)
            }
        }
        let account = try #require(try await provider.signIn(try provider.makeApplication()).account)
        #expect(account.homeAccountID == "subject-1")
        #expect(account.localAccountID == "subject-1")
        #expect(account.tenantID.isEmpty)
    }

    @Test func allowedTenantsHoldAtEveryProvider() async throws {
        let provider = ScriptedProvider(.openIDConnect)
        let application = try provider.makeApplication { $0.tenants = .only([ScriptedProvider.tenant]) }
        let error = await authenticationError { try await provider.signIn(application) }
        #expect(error?.code == .tenantNotAllowed)
        #expect(try await application.accounts().isEmpty)
    }

    @Test func aProviderWhoseIssuerHoldsAGUIDNeedsNoTenantClaim() async throws {
        let issuer = "\(ScriptedProvider.origin)/\(ScriptedProvider.tenant)/as"
        let provider = ScriptedProvider(.openIDConnect) { script in
            script.metadata = { $0["issuer"] = .string(issuer) }
            script.claims = { $0["iss"] = .string(issuer) }
        }
        provider.change { script in
            script.answers["/\(ScriptedProvider.tenant)/as/.well-known/openid-configuration"] = {
                .json(
                    """
                    {"issuer":"\(issuer)","authorization_endpoint":"\(ScriptedProvider.origin)/a",\
                    "token_endpoint":"\(ScriptedProvider.origin)/\(ScriptedProvider.tenant)/oauth2/v2.0/token",\
                    "jwks_uri":"\(ScriptedProvider.origin)/\(ScriptedProvider.tenant)/discovery/v2.0/keys",\
                    "response_modes_supported":["form_post"]}
                    """
                )
            }
        }
        let application = try provider.makeApplication { configuration in
            if let authority = try? Authority.openIDConnect(issuer: issuer) { configuration.authority = authority }
        }
        #expect(try await provider.signIn(application).account?.homeAccountID == "subject-1")
    }

    @Test func signOutNamesTheAccountByItsHint() async throws {
        let provider = ScriptedProvider { $0.claims = { $0["login_hint"] = "O.hint" } }
        let application = try provider.makeApplication()
        let account = try await provider.signIn(application).account
        let url = try await application.endSessionURL(
            for: account,
            postLogoutRedirectURI: "https://portal.example/auth/signed-out",
            state: "s&1"
        )
        #expect(
            url == "\(ScriptedProvider.origin)/\(ScriptedProvider.tenant)/oauth2/v2.0/logout?logout_hint=O.hint"
                + "&post_logout_redirect_uri=https%3A%2F%2Fportal.example%2Fauth%2Fsigned-out&state=s%261"
        )
    }

    @Test func signOutAtAGenericProviderShowsTheIDToken() async throws {
        let provider = ScriptedProvider(.openIDConnect)
        let application = try provider.makeApplication()
        let result = try await provider.signIn(application)
        let url = try await application.endSessionURL(for: result.account, postLogoutRedirectURI: nil)
        let token = try #require(result.idToken).token.reveal()
        #expect(url?.contains("id_token_hint=\(token)&client_id=\(ScriptedProvider.clientID)") == true)
    }

    @Test func nothingSecretIsLoggedOrPrinted() async throws {
        let provider = ScriptedProvider()
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        let application = try ConfidentialClientApplication(
            configuration: try provider.makeApplication().configuration,
            transport: provider.transport,
            time: provider.time,
            logger: logger
        )
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: ["User.Read"],
            redirectURI: ScriptedProvider.redirectURI
        )
        let result = try await application.acquireToken(completing: flow, with: try provider.authorize(flow))
        let account = try #require(result.account)
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        provider.change { $0.answers[provider.path(.token)] = { throw TransportError.unreachable("access-1") } }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["x"], account: account)
        }
        let entries = handler.entries.map { "\($0.message) \($0.metadata)" }
        #expect(!entries.isEmpty)
        let printed = entries + ["\(flow)", "\(result)", String(reflecting: flow), "\(error.map { "\($0)" } ?? "")"]
        let secrets = [
            flow.state.reveal(), flow.nonce.reveal(), flow.verifier.reveal(), "code-1", "access-1", "refresh-1",
            "s3cr:t", "ada@contoso.example", try #require(result.idToken).token.reveal(),
        ]
        for text in printed {
            for secret in secrets { #expect(!text.contains(secret), "\(text)") }
        }
        var dumped = ""
        dump(flow, to: &dumped)
        dump(result.accessToken, to: &dumped)
        for secret in secrets { #expect(!dumped.contains(secret)) }
    }
}
