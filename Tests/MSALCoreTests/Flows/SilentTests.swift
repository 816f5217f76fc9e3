// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct SilentTests {
    @Test func aTokenAtHandIsHandedOutWithoutARequest() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application, scopes: ["User.Read", "Mail.Read"]).account)
        let asked = provider.transport.requests.count
        for scopes in [["User.Read", "Mail.Read"], ["mail.read"], ["user.READ"], ["Mail.Read", "User.Read"]] {
            let result = try await application.acquireTokenSilently(scopes: scopes, account: account)
            #expect(result.source == .cache)
            #expect(result.accessToken.reveal() == "access-1")
            #expect(result.idToken?.claims.subject == "subject-1")
            #expect(result.authorizationHeader == "Bearer access-1")
        }
        #expect(provider.transport.requests.count == asked)
    }

    @Test func aRequestForNoScopeIsServedByTheAnswerToOneOnly() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        let first = try await application.acquireTokenSilently(scopes: [], account: account)
        #expect(first.source == .identityProvider)
        #expect(try await application.acquireTokenSilently(scopes: [], account: account).source == .cache)
    }

    @Test(arguments: [["openid"], ["a b"], ["User.Read", "profile"]])
    func aScopeThatCannotBeAskedForIsRefusedThoughATokenIsAtHand(_ scopes: [String]) async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: scopes, account: account)
        }
        #expect(error?.code == .scopeInvalid)
    }

    @Test func aTokenAboutToEndServesWhileTheProviderIsDown() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { $0.answers[provider.path(.token)] = { throw TransportError.timedOut } }
        provider.time.advance(by: .seconds(3_598))
        let result = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(result.accessToken.reveal() == "access-1")
        #expect(result.source == .cache)
        provider.time.advance(by: .seconds(1))
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        }
        #expect(error?.kind == .transient)
    }

    @Test func shortLivedTokensAreKeptForMostOfTheirLife() async throws {
        let provider = ScriptedProvider { $0.token = { $0["expires_in"] = 300 } }
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.time.advance(by: .seconds(224))
        #expect(try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
        provider.time.advance(by: .seconds(1))
        let renewed = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(renewed.source == .identityProvider)
    }

    @Test func aRotatedRefreshTokenIsKeptThoughTheKeysCannotBeHad() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.time.advance(by: .seconds(40 * 3_600))
        provider.change { script in
            script.token = { $0["refresh_token"] = "refresh-2" }
            script.answers[provider.path(.keys)] = { throw TransportError.timedOut }
        }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        }
        #expect(error?.kind == .transient)
        provider.change { $0.answers = [:] }
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        let sent = provider.transport.requests(to: provider.path(.token)).map { form($0)["refresh_token"] }
        #expect(sent == [nil, "refresh-1", "refresh-2"])
    }

    @Test func whatARefreshBringsAfterSignOutIsDropped() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { script in
            script.token = { _ in application.cache.remove(homeAccountID: account.homeAccountID) }
        }
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        #expect(try await application.accounts().isEmpty)
    }

    @Test func aTokenAboutToEndIsRefreshed() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.time.advance(by: .seconds(3_298))
        #expect(try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
        provider.time.advance(by: .seconds(1))
        let result = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(result.source == .identityProvider)
    }

    @Test func otherScopesAreAskedForWithTheRefreshToken() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        let result = try await application.acquireTokenSilently(scopes: ["api://claims/Claims.Read"], account: account)
        #expect(result.source == .identityProvider)
        let request = try #require(provider.transport.requests(to: provider.path(.token)).last)
        #expect(form(request)["scope"] == "api://claims/Claims.Read offline_access openid profile")
    }

    @Test func aRotatedRefreshTokenReplacesTheOld() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { $0.token = { $0["refresh_token"] = "refresh-2" } }
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        provider.change { $0.token = { $0["refresh_token"] = nil } }
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        let sent = provider.transport.requests(to: provider.path(.token)).map { form($0)["refresh_token"] }
        #expect(sent == [nil, "refresh-1", "refresh-2", "refresh-2"])
    }

    @Test func aRefusedRefreshTokenIsRemovedAndThePersonMustSignIn() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { script in
            script.answers[provider.path(.token)] = {
                .json(
                    #"{"error":"invalid_grant","suberror":"bad_token","error_codes":[50173],"correlation_id":"c-1"}"#,
                    status: .badRequest
                )
            }
        }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        }
        #expect(error?.kind == .interactionRequired)
        #expect(error?.serverCode == "invalid_grant")
        #expect(error?.correlationID == "c-1")
        let again = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        }
        #expect(again?.code == .noTokenInCache)
        #expect(again?.interaction == .signIn)
        #expect(provider.count(.token) == 2)
    }

    @Test(arguments: ["consent_required", "basic_action", "client_mismatch", "protection_policy_required"])
    func aRefusalThatIsNotAboutTheRefreshTokenKeepsIt(_ suberror: String) async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { script in
            script.answers[provider.path(.token)] = {
                .json(
                    #"{"error":"invalid_grant","suberror":"\#(suberror)","claims":"{}"}"#,
                    status: .badRequest
                )
            }
        }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["api://other/Read"], account: account)
        }
        let isRefusal = ["client_mismatch", "protection_policy_required"].contains(suberror)
        #expect(error?.kind == (isRefusal ? .refused : .interactionRequired))
        provider.change { $0.answers = [:] }
        let token = try await application.acquireTokenSilently(
            scopes: ["User.Read"],
            account: account,
            forceRefresh: true
        )
        #expect(token.source == .identityProvider)
    }

    @Test func claimsWithoutASuberrorAreAChallenge() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { script in
            script.answers[provider.path(.token)] = {
                .json(#"{"error":"interaction_required","claims":"{\"access_token\":{}}"}"#, status: .badRequest)
            }
        }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["api://other/Read"], account: account)
        }
        #expect(error?.interaction == .claimsChallenge)
        #expect(error?.claims == #"{"access_token":{}}"#)
    }

    @Test func aFailureOfTheServiceKeepsTheRefreshToken() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { $0.answers[provider.path(.token)] = { throw TransportError.timedOut } }
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        }
        #expect(error?.kind == .transient)
        #expect(error?.code == .unreachable)
        provider.change { $0.answers = [:] }
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
    }

    @Test func equalRefreshesShareOneRequest() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        provider.time.advance(by: .seconds(3_400))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
                }
            }
            try await group.waitForAll()
        }
        #expect(provider.count(.token) == 2)
    }

    @Test func aRemovedAccountHasNoTokens() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        #expect(account.homeAccountID == "\(ScriptedProvider.object).\(ScriptedProvider.tenant)")
        #expect(try await application.account(homeAccountID: account.homeAccountID) == account)
        try await application.removeAccount(account)
        #expect(try await application.accounts().isEmpty)
        #expect(try await application.account(homeAccountID: account.homeAccountID) == nil)
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        }
        #expect(error?.code == .noTokenInCache)
    }

    @Test func anotherUserNeverGetsTheToken() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        for stranger in [
            account.with(homeAccountID: "x.\(ScriptedProvider.tenant)"),
            account.with(environment: "login.microsoftonline.us"),
            account.with(tenantID: ScriptedProvider.otherTenant),
        ] {
            let result = try? await application.acquireTokenSilently(scopes: ["User.Read"], account: stranger)
            #expect(result?.source != .cache)
        }
    }
}

extension Account {
    /// The account with one thing changed.
    fileprivate func with(homeAccountID: String? = nil, environment: String? = nil, tenantID: String? = nil) -> Account
    {
        Account(
            homeAccountID: homeAccountID ?? self.homeAccountID,
            environment: environment ?? self.environment,
            tenantID: tenantID ?? self.tenantID,
            localAccountID: localAccountID,
            username: username,
            name: name
        )
    }
}
