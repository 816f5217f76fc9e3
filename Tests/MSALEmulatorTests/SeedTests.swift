// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import Testing

/// Seed files.
@Suite struct SeedTests {
    @Test func theExampleInTheDocumentationIsGood() async throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/emulator-seed.json")
        let seed = try EmulatorSeed(json: Array(try Data(contentsOf: url)))
        let browser = try TestBrowser.open(seed: seed)
        #expect(seed.accounts.map(\.username) == ["ada@contoso.example"])
        let page = try await browser.get("/")
        #expect(page.text.contains("ada@contoso.example"))
        #expect(!page.text.contains(seed.accounts[0].password))
    }

    @Test func allFaultsAreReportedAtOnce() throws {
        let json = """
            {"tenants": [{"id": "x", "displayName": "A", "domains": ["a.example"]}], "colour": 1,
             "users": [{"id": "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d401", "tenant": "a.example", "displayName": 7,
                        "userPrincipalName": "b@c.example"}],
             "applications": [{"clientID": "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6", "displayName": "P",
                "homeTenant": "nobody.example", "redirectURIs": ["http://portal.example/", "https://a.example/*"],
                "secrets": [{"value": "s", "expires": "soon"}]}]}
            """
        let faults = try #require(throws: EmulatorSeedFaults.self) { try EmulatorSeed(json: Array(json.utf8)) }
        let paths = Set(faults.faults.map(\.path))
        #expect(
            paths.isSuperset(of: [
                "colour", "tenants[0].id", "users[0].password", "users[0].displayName", "users[0].tenant",
                "applications[0].homeTenant", "applications[0].redirectURIs[0]", "applications[0].redirectURIs[1]",
                "applications[0].secrets[0].expires",
            ]),
            "\(faults)"
        )
        #expect(faults.description.contains("users[0].password: is missing"))
    }

    @Test func brokenReferencesAreFound() throws {
        var seed = EmulatorSeed.insurance
        seed.servicePrincipals[0].roleAssignments.append(EmulatorSeed.RoleAssignment("Nobody", to: "ghost@x.example"))
        seed.servicePrincipals[0].delegatedPermissions[0].scopes.append("Fly")
        seed.servicePrincipals.append(seed.servicePrincipals[1])
        let faults = try #require(throws: EmulatorSeedFaults.self) { try Emulator(seed: seed) }
        #expect(
            faults.faults.map(\.path) == [
                "servicePrincipals[0].roleAssignments[4].role", "servicePrincipals[0].roleAssignments[4].principal",
                "servicePrincipals[0].delegatedPermissions[0].scopes[1]",
                "servicePrincipals[\(seed.servicePrincipals.count - 1)]",
            ]
        )
    }

    @Test(arguments: ["", "[]", "{", #"{"tenants":[]}"#, #"{"tenants":{}}"#, #"{"a":1,"a":2}"#])
    func whatIsNoSeedIsRefused(_ json: String) {
        #expect(throws: EmulatorSeedFaults.self) { try EmulatorSeed(json: Array(json.utf8)) }
    }

    @Test func theBuiltInAccountsAreListed() throws {
        let accounts = EmulatorSeed.insurance.accounts
        #expect(
            accounts.map(\.roles) == [
                ["Customer"], ["Claims.Adjuster"], ["Policy.Underwriter"], ["Portal.Admin"], [], [],
            ]
        )
        #expect(accounts[0].username == "customer@harbourmutual.example")
        #expect(accounts[0].password == "Customer-Pass-1")
    }
}
