// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import Testing

@testable import MSALCore

/// Which refresh token serves, which one stays and which one goes.
@Suite struct SilentRefreshTokenTests {
    typealias Service = ScriptedTokenService

    private func refresh(
        _ application: ConfidentialClientApplication,
        _ account: Account,
        scopes: [String] = ["User.Read"],
        tenant: String? = nil
    ) async throws -> AuthenticationResult {
        try await application.acquireTokenSilently(
            scopes: scopes,
            account: account,
            tenant: tenant,
            forceRefresh: true
        )
    }

    private func held(_ application: ConfidentialClientApplication, _ account: Account) -> [String] {
        application.cache.refreshTokens(of: account).map { $0.secret.reveal() }
    }

    @Test func eachRefreshUsesTheNewestTokenAndKeepsOne() async throws {
        let service = Service()
        service.issue { $0.isSingleUse = true }
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        for scopes in [["User.Read"], ["api://one/Read"], ["api://two/Read"], ["User.Read"]] {
            _ = try await refresh(application, account, scopes: scopes)
        }
        #expect(service.calls.map(\.refreshToken) == ["rt-1", "rt-2", "rt-3", "rt-4"])
        #expect(held(application, account) == ["rt-5"])
    }

    @Test func anAnswerWithoutARefreshTokenKeepsTheOneThereIs() async throws {
        let service = Service()
        service.issue { $0.rotates = false }
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        for _ in 0..<2 { _ = try await refresh(application, account) }
        #expect(service.calls.map(\.refreshToken) == ["rt-1", "rt-1"])
        #expect(held(application, account) == ["rt-1"])
    }

    @Test func oneRefreshTokenServesEveryTenant() async throws {
        let service = Service()
        let application = try service.makeApplication { $0.tenants = .any }
        let account = try await service.signIn(at: application)
        let there = try await application.acquireTokenSilently(
            scopes: ["User.Read"],
            account: account,
            tenant: Service.other
        )
        #expect(there.tenantID == Service.other)
        #expect(there.account?.homeAccountID == account.homeAccountID)
        #expect(there.account?.tenantID == Service.other)
        #expect(there.account?.localAccountID != account.localAccountID)
        #expect(service.holder(of: there.accessToken)?.tenant == Service.other)
        #expect(service.calls.map(\.tenant) == [Service.other])
        #expect(service.calls.map(\.refreshToken) == ["rt-1"])
        // Each tenant has its own token at hand from here on, by either account.
        let home = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(service.holder(of: home.accessToken)?.tenant == Service.home)
        let guest = try #require(there.account)
        for again in [
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: guest),
            try await application.acquireTokenSilently(
                scopes: ["User.Read"],
                account: account,
                tenant: Service.other.uppercased()
            ),
        ] {
            #expect(again.accessToken == there.accessToken && again.source == .cache)
        }
        #expect(service.calls.count == 1)
        #expect(try await application.accounts().map(\.tenantID).sorted() == [Service.home, Service.other].sorted())
        #expect(try await application.account(homeAccountID: account.homeAccountID) == account)
    }

    @Test func aTenantAskedForByItsDomainIsFoundByIt() async throws {
        let service = Service()
        let application = try service.makeApplication { $0.tenants = .any }
        let account = try await service.signIn(at: application)
        for source in [AuthenticationResult.Source.identityProvider, .cache] {
            let result = try await application.acquireTokenSilently(
                scopes: ["User.Read"],
                account: account,
                tenant: Service.otherDomain
            )
            #expect(result.source == source)
            #expect(result.tenantID == Service.other)
        }
        #expect(service.calls.map(\.tenant) == [Service.otherDomain])
    }

    @Test func aTenantThatIsNotAcceptedKeepsNothing() async throws {
        let service = Service()
        let application = try service.makeApplication { $0.tenants = .only([Service.home]) }
        let account = try await service.signIn(at: application)
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, tenant: Service.other)
        }
        #expect(error?.code == .tenantNotAllowed)
        #expect(try await application.accounts() == [account])
    }

    @Test(arguments: ["login.windows.net", "login.microsoft.com", "sts.windows.net"])
    func anAliasOfTheProviderIsAHit(_ alias: String) async throws {
        let service = Service()
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        let other = Account(
            homeAccountID: account.homeAccountID,
            environment: alias,
            tenantID: account.tenantID.uppercased(),
            localAccountID: account.localAccountID,
            username: account.username,
            name: account.name
        )
        #expect(try await application.acquireTokenSilently(scopes: ["user.read"], account: other).source == .cache)
        _ = try await refresh(application, other)
        #expect(service.calls.map(\.refreshToken) == ["rt-1"])
        #expect(try await application.accounts().count == 1)
    }

    @Test func aRefusedTokenIsGoneAndTheAccessTokenServesOn() async throws {
        let service = Service()
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        service.script(.error("invalid_grant"))
        let error = await authenticationError { try await refresh(application, account) }
        #expect(error?.kind == .interactionRequired && error?.interaction == .signIn)
        #expect(held(application, account).isEmpty)
        #expect(try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
        let again = await authenticationError { try await refresh(application, account) }
        #expect(again?.code == .noTokenInCache)
        #expect(service.calls.count == 1)
        try await service.signIn(at: application)
        _ = try await refresh(application, account)
        #expect(service.calls.last?.refreshToken == "rt-2")
    }

    @Test func missingConsentKeepsTheTokenForWhatIsGranted() async throws {
        let service = Service()
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        service.script(.error("invalid_grant", suberror: "consent_required"))
        let error = await authenticationError { try await refresh(application, account, scopes: ["api://new/Read"]) }
        #expect(error?.interaction == .consent)
        _ = try await refresh(application, account)
        #expect(service.calls.map(\.refreshToken) == ["rt-1", "rt-1"])
    }

    @Test func aGrantOfMoreServesEveryPartOfIt() async throws {
        let service = Service()
        service.issue { $0.granted = "User.Read Mail.Read openid" }
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application, scopes: ["User.Read", "Mail.Read"])
        for scopes in [["mail.READ"], ["User.Read"], ["Mail.Read", "User.Read"]] {
            let result = try await application.acquireTokenSilently(scopes: scopes, account: account)
            #expect(result.accessToken.reveal() == "at-1")
            #expect(result.scopes == ["User.Read", "Mail.Read", "openid"])
        }
        service.issue { $0.granted = nil }
        let more = ["User.Read", "Files.Read"]
        let result = try await application.acquireTokenSilently(scopes: more, account: account)
        #expect(result.source == .identityProvider)
    }

    // MARK: Families

    @Test func aMemberOfAFamilyUsesItsToken() async throws {
        let service = Service()
        service.issue { $0.familyID = "1" }
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        _ = try await refresh(application, account)
        #expect(service.calls.map(\.refreshToken) == ["rt-1"])
        #expect(held(application, account) == ["rt-2"])
        #expect(application.cache.refreshTokens(of: account).map(\.familyID) == ["1"])
    }

    @Test func aMemberWhoseFamilyTokenIsRefusedDropsItAndTriesItsOwn() async throws {
        let service = Service()
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        // The family's token comes later than the application's own, which stays beside it.
        add("rt-family", family: "1", to: application, account)
        application.families.note("1", at: account.environment)
        service.script(.error("invalid_grant", suberror: "bad_token"), .grant)
        let result = try await refresh(application, account)
        #expect(result.source == .identityProvider)
        #expect(service.calls.map(\.refreshToken) == ["rt-family", "rt-1"])
        #expect(held(application, account) == ["rt-2"])
    }

    @Test func anUnknownApplicationLeavesTheFamilysTokenAlone() async throws {
        let service = Service()
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        add("rt-family", family: "1", to: application, account)
        application.cache.change(account.homeAccountID, at: service.time.now) { user in
            user.refreshTokens.removeAll { $0.familyID == nil }
        }
        let unknown = try service.makeApplication(clientID: Service.secondClient)
        unknown.cache.replace(
            UserContents(realms: [], refreshTokens: application.cache.refreshTokens(of: account)),
            of: account.homeAccountID,
            version: nil,
            at: service.time.now
        )
        service.script(.error("invalid_grant", suberror: "bad_token"))
        let error = await authenticationError { try await refresh(unknown, account) }
        #expect(error?.kind == .interactionRequired)
        #expect(held(unknown, account) == ["rt-family"])
    }

    @Test func anApplicationThatIsNoMemberDoesNotTryAgain() async throws {
        let service = Service()
        let application = try service.makeApplication()
        application.cache.replace(
            UserContents(realms: [], refreshTokens: [familyToken("rt-family", "1")]),
            of: Service.Person.ada.homeAccountID,
            version: nil,
            at: service.time.now
        )
        let account = Account(
            homeAccountID: Service.Person.ada.homeAccountID,
            environment: "login.microsoftonline.com",
            tenantID: Service.home,
            localAccountID: Service.Person.ada.object,
            username: "",
            name: nil
        )
        service.script(.error("invalid_grant", suberror: "client_mismatch"))
        let error = await authenticationError { try await refresh(application, account) }
        #expect(error?.kind == .interactionRequired)
        let again = await authenticationError { try await refresh(application, account) }
        #expect(again?.kind == .interactionRequired)
        #expect(service.calls.count == 1)
        #expect(held(application, account) == ["rt-family"])
    }

    @Test func theRefusalOfItsOwnTokenIsWhatAnApplicationHears() async throws {
        let service = Service()
        let account = try await service.signIn(at: try service.makeApplication())
        // After a restart nothing is known about families.
        let application = try service.makeApplication()
        var own = familyToken("rt-1", "")
        own.familyID = nil
        own.clientID = Service.firstClient
        application.cache.replace(
            UserContents(realms: [UserRealm(account: account)], refreshTokens: [familyToken("rt-family", "1"), own]),
            of: account.homeAccountID,
            version: nil,
            at: service.time.now
        )
        service.script(
            .error("invalid_grant", suberror: "bad_token"),
            .error("invalid_grant", suberror: "client_mismatch")
        )
        let error = await authenticationError { try await refresh(application, account) }
        #expect(service.calls.map(\.refreshToken) == ["rt-1", "rt-family"])
        #expect(error?.kind == .interactionRequired)
        #expect(error?.interaction == .signIn)
        #expect(held(application, account) == ["rt-family"])
    }

    private func familyToken(_ secret: String, _ family: String) -> CachedRefreshToken {
        CachedRefreshToken(
            secret: Secret(secret),
            environment: "login.microsoftonline.com",
            clientID: "another-client",
            familyID: family,
            modifiedAt: ManualTime().now
        )
    }

    private func add(
        _ secret: String,
        family: String,
        to application: ConfidentialClientApplication,
        _ account: Account
    ) {
        application.cache.change(account.homeAccountID, at: ManualTime().now) { user in
            user.refreshTokens.append(familyToken(secret, family))
        }
    }
}
