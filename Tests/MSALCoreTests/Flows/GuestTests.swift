// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

@testable import MSALCore

/// Somebody whose home is one tenant and who was seen in another: which tenant's token endpoint is asked for what.
@Suite struct GuestTests {
    typealias Service = ScriptedTokenService

    /// An application's authority, the tenant a guest's token is asked for, and where that must be asked.
    struct Way: CustomTestStringConvertible {
        var authority: String
        var asked: String?
        /// The tenant in the path of the token endpoint.
        var endpoint: String
        /// The tenant that the token is of.
        var tenant: String

        var testDescription: String { "at \(authority), asked for \(asked ?? "the account's"): \(endpoint)" }
    }

    private static let ways = [
        // The person signs in to the application's own tenant, as a guest there.
        Way(authority: Service.other, asked: nil, endpoint: Service.other, tenant: Service.other),
        Way(authority: Service.other, asked: Service.other, endpoint: Service.other, tenant: Service.other),
        Way(authority: Service.other, asked: Service.home, endpoint: Service.home, tenant: Service.home),
        Way(authority: Service.otherDomain, asked: nil, endpoint: Service.otherDomain, tenant: Service.other),
        Way(authority: Service.otherDomain, asked: Service.other, endpoint: Service.otherDomain, tenant: Service.other),
        Way(authority: Service.otherDomain, asked: Service.home, endpoint: Service.home, tenant: Service.home),
        // The person signs in to their home, and the other tenant is asked for them later.
        Way(authority: Service.home, asked: nil, endpoint: Service.other, tenant: Service.other),
        Way(
            authority: Service.home,
            asked: Service.other.uppercased(),
            endpoint: Service.other.uppercased(),
            tenant: Service.other
        ),
        Way(authority: Service.home, asked: Service.home, endpoint: Service.home, tenant: Service.home),
        // For everybody the platform answers as the person's home.
        Way(authority: Service.everybody, asked: nil, endpoint: Service.other, tenant: Service.other),
        Way(authority: Service.everybody, asked: Service.other, endpoint: Service.other, tenant: Service.other),
        Way(authority: Service.everybody, asked: Service.home, endpoint: Service.everybody, tenant: Service.home),
    ]

    private let stage = SharedStage()

    private func makeNode(_ authority: String) throws -> ConfidentialClientApplication {
        let authority = try Authority.entra(tenant: authority)
        return try stage.makeNode { $0.authority = authority }
    }

    /// Signs the person in, and has the other tenant see them.
    private func guest(at node: ConfidentialClientApplication) async throws -> Account {
        let account = try await stage.service.signIn(at: node)
        if account.tenantID == Service.other { return account }
        let result = try await node.acquireTokenSilently(
            scopes: ["User.Read"],
            account: account,
            tenant: Service.other
        )
        return try #require(result.account)
    }

    @Test(arguments: ways, [false, true])
    func aGuestsTokenIsAskedOfTheTenantThatIsMeant(_ way: Way, isRestarted: Bool) async throws {
        let first = try makeNode(way.authority)
        let guest = try await guest(at: first)
        #expect(guest.tenantID == Service.other && guest.homeAccountID == Service.Person.ada.homeAccountID)
        let node = isRestarted ? try makeNode(way.authority) : first
        let before = stage.service.calls.count
        for source in [AuthenticationResult.Source.identityProvider, .cache] {
            let result = try await node.acquireTokenSilently(
                scopes: ["api://new/Read"],
                account: guest,
                tenant: way.asked
            )
            #expect(result.source == source)
            #expect(result.tenantID == way.tenant && result.account?.tenantID == way.tenant)
            #expect(result.account?.homeAccountID == guest.homeAccountID)
            #expect(stage.service.holder(of: result.accessToken)?.tenant == way.tenant)
        }
        #expect(stage.service.calls.dropFirst(before).map(\.tenant) == [way.endpoint])
        #expect(stage.service.refusalCount == 0)
    }

    @Test func theTokensOfTwoTenantsAreNotTakenForOneAnother() async throws {
        let node = try makeNode(Service.other)
        let guest = try await guest(at: node)
        let there = try await node.acquireTokenSilently(scopes: ["User.Read"], account: guest)
        let home = try await node.acquireTokenSilently(scopes: ["User.Read"], account: guest, tenant: Service.home)
        #expect(there.accessToken != home.accessToken)
        let atHome = try #require(home.account)
        #expect(atHome.localAccountID == Service.Person.ada.object && guest.localAccountID != atHome.localAccountID)
        for node in [node, try makeNode(Service.other)] {
            for (account, tenant, wanted) in [
                (guest, nil, there), (atHome, nil, home), (guest, Service.home, home), (atHome, Service.other, there),
            ] {
                let result = try await node.acquireTokenSilently(
                    scopes: ["User.Read"],
                    account: account,
                    tenant: tenant
                )
                #expect(result.source == .cache && result.accessToken == wanted.accessToken)
                #expect(result.idToken?.claims.tenantID == wanted.tenantID)
            }
        }
    }
}
