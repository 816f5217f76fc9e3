// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// A shared cache in which everybody's tenant is called `common`, as an MSAL writes it that asked for no certain one.
@Suite struct BridgeTenantTests {
    private let provider = ScriptedProvider()
    private let keys = KeyRing.ephemeral()

    /// Somebody in the cache.
    struct Person: Sendable {
        var object: String
        var tenant: String

        var homeAccountID: String { "\(object).\(tenant)" }
    }

    private static let people = [
        Person(
            object: "11111111-2222-4333-8444-300000000001",
            tenant: ScriptedProvider.tenant
        ),
        Person(
            object: "11111111-2222-4333-8444-300000000002",
            tenant: ScriptedProvider.otherTenant
        ),
        // Of the tenant for personal accounts.
        Person(
            object: "00000000-0000-0000-40c0-3bac188d01d1",
            tenant: "9188040d-6c67-4c5b-b112-36a304b66dad"
        ),
    ]

    /// The hosts that the ID tokens and all else stand under: one cloud has several names.
    private static let hosts = [
        ("login.microsoftonline.com", "login.microsoftonline.com"),
        ("login.windows.net", "login.microsoftonline.com"),
    ]

    private func document(idTokenHost: String, host: String) throws -> CacheDocument {
        var document = CacheDocument()
        for person in Self.people {
            let claims: [String: JSONValue] = [
                "iss": .string("\(ScriptedProvider.origin)/\(person.tenant)/v2.0"),
                "aud": .string(ScriptedProvider.clientID), "sub": .string("subject of \(person.object)"),
                "oid": .string(person.object), "tid": .string(person.tenant),
            ]
            document.idTokens.append(
                IDTokenEntity(
                    homeAccountID: person.homeAccountID,
                    environment: idTokenHost,
                    clientID: ScriptedProvider.clientID,
                    realm: "common",
                    secret: Secret(try ScriptedProvider.firstKey.sign(.object(claims), header: [:]))
                )
            )
            document.accessTokens.append(
                AccessTokenEntity(
                    homeAccountID: person.homeAccountID,
                    environment: host,
                    clientID: ScriptedProvider.clientID,
                    realm: "common",
                    scopes: ["User.Read"],
                    secret: Secret("access token of \(person.object)"),
                    cachedAt: provider.time.now,
                    expiresOn: provider.time.now.addingTimeInterval(3_000)
                )
            )
            document.refreshTokens.append(
                RefreshTokenEntity(
                    homeAccountID: person.homeAccountID,
                    environment: host,
                    clientID: ScriptedProvider.clientID,
                    secret: Secret("refresh token of \(person.object)")
                )
            )
            document.accounts.append(
                AccountEntity(
                    homeAccountID: person.homeAccountID,
                    environment: host,
                    realm: "common",
                    localAccountID: person.object,
                    username: "\(person.object)@contoso.example",
                    authorityType: "MSSTS"
                )
            )
        }
        return document
    }

    private func makeApplication(_ store: MemoryTokenStore?) throws -> ConfidentialClientApplication {
        try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: ScriptedProvider.clientID,
                authority: .entra(tenant: "common"),
                credential: .secret(Secret("secret")),
                tenants: .any
            ),
            transport: provider.transport,
            tokens: store.map { TokenPersistence(store: $0, keys: keys) },
            time: provider.time
        )
    }

    @Test(arguments: hosts, [false, true])
    func eachOnesTokensLandInTheirOwnTenant(_ hosts: (idToken: String, other: String), hasStore: Bool) async throws {
        let store = hasStore ? MemoryTokenStore(time: provider.time) : nil
        let application = try makeApplication(store)
        let document = try document(idTokenHost: hosts.idToken, host: hosts.other)
        let report = try await application.importCache(document.json())
        #expect(report.skipped.isEmpty)
        // With a store another process finds the same.
        for node in [application, try store.map { try makeApplication($0) } ?? application] {
            let accounts = try await node.accounts()
            #expect(accounts.count == Self.people.count)
            for person in Self.people {
                let account = try #require(accounts.first { $0.homeAccountID == person.homeAccountID })
                #expect(account.tenantID == person.tenant)
                for tenant in [nil, person.tenant] {
                    let result = try await node.acquireTokenSilently(
                        scopes: ["User.Read"],
                        account: account,
                        tenant: tenant
                    )
                    #expect(result.source == .cache && result.tenantID == person.tenant)
                    #expect(result.accessToken.reveal() == "access token of \(person.object)")
                }
                for other in Self.people where other.tenant != person.tenant {
                    let found = node.cache.userToken(
                        of: account,
                        in: other.tenant,
                        for: ["User.Read"],
                        at: provider.time.now
                    )
                    #expect(found == nil)
                }
                #expect(
                    node.cache.refreshTokens(of: account).map { $0.secret.reveal() }
                        == ["refresh token of \(person.object)"]
                )
            }
        }
        #expect(provider.transport.requests.isEmpty)
    }
}
