// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Grants whose token is a person's: user name and password, refresh tokens from elsewhere, agents.
@Suite struct PersonalGrantTests {
    @Test func aUserNameAndItsPasswordBringAToken() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makePublicApplication()
        let result = try await application.acquireToken(
            byPassword: Secret("pa ss&word"),
            of: "ada@contoso.example",
            ["User.Read"],
            nil,
            RequestOptions()
        )
        #expect(provider.lastForm["grant_type"] == "password")
        #expect(provider.lastForm["username"] == "ada@contoso.example")
        #expect(provider.lastForm["password"] == "pa ss&word")
        #expect(provider.lastForm["client_secret"] == nil)
        let request = try #require(provider.transport.requests(to: provider.path(.token)).last)
        #expect(request.head.headerFields[.anchorMailbox] == "UPN:ada@contoso.example")
        let account = try #require(result.account)
        #expect(try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
    }

    @Test func aPasswordIsInNoError() async throws {
        let provider = ScriptedProvider { script in
            script.token = { $0 = ["error": "invalid_grant", "error_description": "AADSTS50126: no"] }
        }
        let application = try provider.makePublicApplication()
        let error = await authenticationError {
            try await application.acquireToken(
                byPassword: Secret("pa55"),
                of: "ada@contoso.example",
                ["User.Read"],
                nil,
                RequestOptions()
            )
        }
        #expect(error != nil)
        #expect(!"\(String(describing: error))".contains("pa55"))
    }

    @Test func aRefreshTokenFromElsewhereIsTakenIn() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let result = try await application.acquireToken(byRefreshToken: Secret("old"), scopes: ["User.Read"])
        #expect(provider.lastForm["grant_type"] == "refresh_token")
        #expect(provider.lastForm["refresh_token"] == "old")
        let account = try #require(result.account)
        #expect(application.cache.refreshTokens(of: account).map(\.secret) == [Secret("refresh-1")])
    }

    @Test func anAnswerWithoutIDTokenIsFiledByItsClientInfoWhereThatWillDo() async throws {
        let provider = ScriptedProvider { $0.token = { $0["id_token"] = nil } }
        let application = try provider.makeApplication()
        let result = try await application.acquireToken(byRefreshToken: Secret("old"), scopes: ["User.Read"])
        #expect(result.account?.homeAccountID == "\(ScriptedProvider.object).\(ScriptedProvider.tenant)")
        #expect(result.idToken == nil)
        // A sign-in needs one.
        let error = await authenticationError { try await provider.signIn(application) }
        #expect(error?.code == .idTokenMissing)
    }

    @Test func anAnswerThatNamesNobodyIsRefused() async throws {
        let provider = ScriptedProvider {
            $0.token = {
                $0["id_token"] = nil
                $0["client_info"] = nil
            }
        }
        let application = try provider.makeApplication()
        let error = await authenticationError {
            try await application.acquireToken(byRefreshToken: Secret("old"), scopes: ["User.Read"])
        }
        #expect(error?.kind == .rejectedToken)
        #expect(try await application.accounts().isEmpty)
    }

    @Test(arguments: [
        (FederatedUser.username("ada@contoso.example"), "username", "ada@contoso.example", "UPN:ada@contoso.example"),
        (.objectID("o-1"), "user_id", "o-1", "Oid:o-1@\(ScriptedProvider.tenant)"),
    ]) func anAgentsInstanceStandsForAPerson(
        user: FederatedUser,
        name: String,
        value: String,
        anchor: String
    ) async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await application.acquireToken(
            byUserFederatedIdentityCredential: Secret("instance"),
            of: user,
            scopes: ["User.Read"]
        )
        #expect(provider.lastForm["grant_type"] == "user_fic")
        #expect(provider.lastForm["user_federated_identity_credential"] == "instance")
        #expect(provider.lastForm[name] == value)
        let request = try #require(provider.transport.requests(to: provider.path(.token)).last)
        #expect(request.head.headerFields[.anchorMailbox] == anchor)
    }

    @Test func anAgentsTokenTakesThreeExchanges() async throws {
        let agent = "0a0a0a0a-2222-4333-8444-555555555555"
        let provider = ScriptedProvider {
            $0.claims = { claims in if claims["aud"] != nil { claims["aud"] = .string(agent) } }
        }
        let blueprint = try provider.makeApplication()
        let result = try await blueprint.acquireTokenForAgent(
            agent,
            on: .username("ada@contoso.example"),
            scopes: ["User.Read"]
        )
        #expect(result.account?.username == "ada@contoso.example")
        let forms = provider.transport.requests(to: provider.path(.token)).map { form($0) }
        #expect(forms.map { $0["grant_type"] } == ["client_credentials", "client_credentials", "user_fic"])
        #expect(forms.map { $0["client_id"] } == [ScriptedProvider.clientID, agent, agent])
        #expect(forms[0]["fmi_path"] == agent)
        #expect(forms[0]["client_secret"] != nil)
        #expect(forms[1]["client_assertion"] == "access-1")
        #expect(forms[1]["scope"] == "api://AzureADTokenExchange/.default")
        #expect(forms[2]["client_assertion"] == "access-1")
        #expect(forms[2]["user_federated_identity_credential"] == "access-1")
        let again = try await blueprint.acquireTokenForAgent(
            agent,
            on: .username("ada@contoso.example"),
            scopes: ["User.Read"]
        )
        #expect(again.source == .cache)
        #expect(provider.count(.token) == 3)
    }

    @Test func anAgentActsForWhoeverHasTheNameNow() async throws {
        let agent = "0a0a0a0a-2222-4333-8444-555555555555"
        let provider = ScriptedProvider { $0.claims = { $0["aud"] = .string(agent) } }
        let blueprint = try provider.makeApplication()
        let ask = {
            try await blueprint.acquireTokenForAgent(agent, on: .username("ada@contoso.example"), scopes: ["User.Read"])
        }
        _ = try await ask()
        provider.time.advance(by: .seconds(3_600))
        // The renewal shows that the account has got another name.
        provider.change {
            $0.claims = {
                $0["aud"] = .string(agent)
                $0["preferred_username"] = "ada.lovelace@contoso.example"
            }
        }
        _ = try await ask()
        let grants = provider.transport.requests(to: provider.path(.token)).map { form($0)["grant_type"] }
        #expect(grants.last == "user_fic")
        #expect(grants.contains("refresh_token"))
    }
}
