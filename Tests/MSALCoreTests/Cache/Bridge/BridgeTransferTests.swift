// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// What an application takes out of a shared cache, and what it gives back.
@Suite struct BridgeTransferTests {
    private let provider = ScriptedProvider()
    private let store: MemoryTokenStore
    private let keys = KeyRing.ephemeral()
    private static let log = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private static let home = "\(ScriptedProvider.object).\(ScriptedProvider.tenant)"

    init() {
        store = MemoryTokenStore(time: provider.time)
    }

    private var now: Date { provider.time.now }

    /// An application over the store, as another process would make it.
    private func makeStored() throws -> ConfidentialClientApplication {
        try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: ScriptedProvider.clientID,
                authority: try provider.authority,
                credential: .secret(Secret("secret"))
            ),
            transport: provider.transport,
            tokens: TokenPersistence(store: store, keys: keys),
            time: provider.time
        )
    }

    private func accessToken(_ secret: String, _ change: (inout AccessTokenEntity) -> Void = { _ in })
        -> AccessTokenEntity
    {
        var token = AccessTokenEntity(
            homeAccountID: Self.home,
            environment: "login.windows.net",
            clientID: ScriptedProvider.clientID,
            realm: ScriptedProvider.tenant,
            scopes: ["User.Read"],
            secret: Secret(secret),
            cachedAt: now,
            expiresOn: now.addingTimeInterval(3_000)
        )
        change(&token)
        return token
    }

    private func refreshToken(_ secret: String, at time: Date?) -> RefreshTokenEntity {
        RefreshTokenEntity(
            homeAccountID: Self.home,
            environment: "login.windows.net",
            clientID: ScriptedProvider.clientID.uppercased(),
            secret: Secret(secret),
            modifiedAt: time
        )
    }

    /// A cache as another MSAL would have written it after a sign-in.
    private func document(_ change: (inout CacheDocument) -> Void = { _ in }) -> CacheDocument {
        var document = CacheDocument()
        document.accessTokens = [accessToken("imported")]
        document.refreshTokens = [refreshToken("refresh-imported", at: nil)]
        document.accounts = [
            AccountEntity(
                homeAccountID: Self.home,
                environment: "login.windows.net",
                realm: ScriptedProvider.tenant,
                localAccountID: ScriptedProvider.object,
                username: "ada@contoso.example",
                authorityType: "MSSTS"
            )
        ]
        change(&document)
        return document
    }

    @Test func anImportedCacheServesSilentlyAndByRefresh() async throws {
        let application = try provider.makeApplication()
        let report = try await application.importCache(document().json())
        #expect(report.accessTokens == 1 && report.refreshTokens == 1 && report.skipped.isEmpty)
        let account = try #require(try await application.account(homeAccountID: Self.home))
        #expect(account.username == "ada@contoso.example")
        let hit = try await application.acquireTokenSilently(scopes: ["user.read"], account: account)
        #expect(hit.source == .cache && hit.accessToken.reveal() == "imported" && hit.idToken == nil)
        #expect(provider.count(.token) == 0)
        let fresh = try await application.acquireTokenSilently(
            scopes: ["User.Read"],
            account: account,
            forceRefresh: true
        )
        #expect(fresh.source == .identityProvider && fresh.idToken != nil)
        #expect(
            form(try #require(provider.transport.requests(to: provider.path(.token)).last))["refresh_token"]
                == "refresh-imported"
        )
    }

    @Test func anExportIsWhatAnImportTakes() async throws {
        let first = try provider.makeApplication()
        let account = try #require(try await provider.signIn(first, scopes: ["User.Read", "Mail.Read"]).account)
        _ = try await first.acquireTokenForClient(scopes: ["api://x/.default"])
        let exported = try await first.exportCache()
        let second = try provider.makeApplication()
        let report = try await second.importCache(exported)
        #expect(report.accessTokens == 2 && report.refreshTokens == 1 && report.idTokens == 1 && report.accounts == 1)
        let asked = provider.transport.requests.count
        #expect(try await second.acquireTokenSilently(scopes: ["Mail.Read"], account: account).source == .cache)
        #expect(try await second.acquireTokenForClient(scopes: ["api://x/.default"]).source == .cache)
        #expect(provider.transport.requests.count == asked)
        #expect(try JSONValue(parsing: try await second.exportCache()) == JSONValue(parsing: exported))
        let json = try JSONValue(parsing: exported)
        let key =
            "-login.microsoftonline.com-accesstoken-\(ScriptedProvider.clientID)-\(ScriptedProvider.tenant)-api://x/.default"
        #expect(json["AccessToken"]?[key]?["home_account_id"] == .null)
    }

    @Test func whatIsNewerHereStays() async throws {
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        let older = document {
            $0.refreshTokens = [refreshToken("refresh-older", at: now.addingTimeInterval(-10))]
        }
        _ = try await application.importCache(older.json())
        #expect(
            try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).accessToken.reveal()
                == "access-1"
        )
        #expect(application.cache.refreshTokens(of: account).map { $0.secret.reveal() } == ["refresh-1"])
        let newer = document {
            $0.accessTokens = [accessToken("longer") { $0.expiresOn = now.addingTimeInterval(9_000) }]
            $0.refreshTokens = [refreshToken("refresh-newer", at: now.addingTimeInterval(10))]
        }
        _ = try await application.importCache(newer.json())
        let result = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(result.accessToken.reveal() == "longer")
        // The ID token was validated here, and no import takes that away.
        #expect(result.idToken != nil)
        #expect(application.cache.refreshTokens(of: account).map { $0.secret.reveal() } == ["refresh-newer"])
    }

    @Test func tokensForSpecialRequestsServeNobodyAndAreGivenBack() async throws {
        let special = document {
            $0.accessTokens = [
                accessToken("bound") { $0.keyID = "key" },
                accessToken("isolated") { $0.extendedKey = "hash" },
                accessToken("on-behalf") { $0.assertionHash = "hash" },
                accessToken("pop") { $0.tokenType = "pop" },
                accessToken("of another") { $0.clientID = "another-client" },
                accessToken("elsewhere") { $0.environment = "login.partner.microsoftonline.cn" },
            ]
            $0.foreignSections = [
                CacheDocument.ForeignSection(name: Array("\"Other\"".utf8), json: Array("{\"a\":[1]}".utf8))
            ]
        }
        for application in [try provider.makeApplication(), try makeStored()] {
            _ = try await application.importCache(special.json())
            let account = try #require(try await application.account(homeAccountID: Self.home))
            let result = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            #expect(result.accessToken.reveal() == "access-1")
            let exported = try CacheDocument(reading: try await application.exportCache())
            #expect(
                Set(exported.accessTokens.map { $0.secret.reveal() }) == [
                    "bound", "isolated", "on-behalf", "pop", "of another", "elsewhere", "access-1",
                ]
            )
            #expect(exported.foreignSections == special.foreignSections)
            try await application.removeAccount(account)
            let left = try CacheDocument(reading: try await application.exportCache())
            #expect(left.accessTokens.map { $0.secret.reveal() } == ["of another"])
            #expect(left.refreshTokens.isEmpty)
        }
    }

    @Test func aRefreshTokenOfAnotherProviderIsNotSentToThisOne() async throws {
        let application = try provider.makeApplication()
        let other = document {
            $0.accessTokens = []
            $0.refreshTokens[0].environment = "login.microsoftonline.us"
            $0.accounts[0].environment = "login.microsoftonline.us"
        }
        _ = try await application.importCache(other.json())
        #expect(try await application.accounts().isEmpty)
        let exported = try CacheDocument(reading: try await application.exportCache())
        #expect(exported.refreshTokens.count == 1 && exported.accounts.count == 1)
    }

    @Test func whatHasEndedIsLeftOut() async throws {
        let application = try provider.makeApplication()
        let ended = document { $0.accessTokens[0].expiresOn = now }
        let report = try await application.importCache(ended.json())
        #expect(report.endedAccessTokens == 1)
        #expect(report.description.contains("1 access token left out"))
        #expect(try CacheDocument(reading: try await application.exportCache()).accessTokens.isEmpty)
    }

    @Test func anImportOutlivesTheProcess() async throws {
        let own = document {
            $0.accessTokens.append(
                accessToken("own") {
                    $0.homeAccountID = ""
                    $0.scopes = ["api://x/.default"]
                }
            )
        }
        _ = try await makeStored().importCache(own.json())
        let next = try makeStored()
        let exported = try CacheDocument(reading: try await next.exportCache())
        #expect(Set(exported.accessTokens.map { $0.secret.reveal() }) == ["imported", "own"])
        #expect(exported.refreshTokens.map { $0.secret.reveal() } == ["refresh-imported"])
        #expect(exported.refreshTokens.first?.homeAccountID == Self.home)
        #expect(exported.refreshTokens.first?.modifiedAt == nil)
        let account = try #require(try await next.account(homeAccountID: Self.home))
        let hit = try await next.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(hit.source == .cache && hit.accessToken.reveal() == "imported")
        #expect(try await next.acquireTokenForClient(scopes: ["api://x/.default"]).accessToken.reveal() == "own")
    }

    @Test func tokensWithoutAnAccountGetOne() async throws {
        let application = try provider.makeApplication()
        let bare = document {
            $0.accounts = []
            $0.accessTokens = []
        }
        _ = try await application.importCache(bare.json())
        let account = try #require(try await application.accounts().first)
        #expect(account.homeAccountID == Self.home && account.tenantID == ScriptedProvider.tenant)
        let result = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(result.account?.username == "ada@contoso.example")
    }

    @Test func aTenantNamedOtherwiseIsKnownByItsGUID() async throws {
        let source = try provider.makeApplication()
        _ = try await provider.signIn(source)
        var named = try CacheDocument(reading: try await source.exportCache())
        named.accessTokens[0].realm = "Contoso.com"
        named.idTokens[0].realm = "contoso.com"
        named.accounts[0].realm = "contoso.com"
        let application = try provider.makeApplication()
        _ = try await application.importCache(named.json())
        let account = try #require(try await application.accounts().first)
        #expect(account.tenantID == ScriptedProvider.tenant)
        let asked = provider.transport.requests.count
        for tenant in [nil, "contoso.com", ScriptedProvider.tenant] {
            let result = try await application.acquireTokenSilently(
                scopes: ["User.Read"],
                account: account,
                tenant: tenant
            )
            #expect(result.source == .cache)
        }
        #expect(provider.transport.requests.count == asked)
    }

    @Test func aProviderOnAPortOfItsOwnIsSharedByItsHost() async throws {
        let application = try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: ScriptedProvider.clientID,
                authority: try Authority("http://localhost:8400/\(ScriptedProvider.tenant)"),
                credential: .secret(Secret("secret"))
            ),
            transport: provider.transport,
            time: provider.time
        )
        let local = document {
            $0.accessTokens[0].environment = "localhost"
            $0.refreshTokens[0].environment = "localhost"
            $0.accounts[0].environment = "localhost"
        }
        _ = try await application.importCache(local.json())
        let account = try #require(try await application.accounts().first)
        #expect(account.environment == "localhost:8400")
        let exported = try CacheDocument(reading: try await application.exportCache())
        #expect(exported.accounts.map(\.environment) == ["localhost"])
        #expect(exported.accessTokens.map(\.environment) == ["localhost"])
        #expect(exported.refreshTokens.map(\.environment) == ["localhost"])
    }

    @Test func theContentsOfAStoreAreListedWithoutSecrets() async throws {
        _ = try await makeStored().importCache(document().json())
        let persistence = TokenPersistence(store: store, keys: keys)
        let contents = try await TokenStoreContents(of: persistence, logger: Self.log)
        #expect(contents.accounts.map(\.homeAccountID) == [Self.home])
        #expect(contents.tokens.map(\.kind) == [.access, .refresh] && contents.unreadable == 0)
        #expect(!"\(contents)".contains("imported"))
        let other = TokenPersistence(store: store, keys: .ephemeral())
        #expect(try await TokenStoreContents(of: other, logger: Self.log).unreadable == 3)
        let json = try await TokenStoreContents.export(persistence, logger: Self.log)
        #expect(try TokenStoreContents.clients(in: json).map(\.id) == [ScriptedProvider.clientID])
        #expect(try await TokenStoreContents.removeAll(from: persistence, logger: Self.log) == 3)
        #expect(try await TokenStoreContents(of: persistence, logger: Self.log).accounts.isEmpty)
    }
}
