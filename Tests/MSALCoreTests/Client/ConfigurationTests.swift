// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing

@testable import MSALCore

@Suite struct ConfigurationTests {
    private func read(_ variables: [String: String]) -> (ApplicationConfiguration?, ConfigurationFaults) {
        var faults = ConfigurationFaults()
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables))
        let configuration = ApplicationConfiguration.read(from: reader, collecting: &faults)
        return (configuration, faults)
    }

    private let sound = ["AZURE_AD_CLIENT_ID": "c", "AZURE_AD_CLIENT_SECRET": "very-secret"]

    @Test(arguments: [
        (["AZURE_AD_TENANT_ID": "contoso.com"], "https://login.microsoftonline.com/contoso.com"),
        (
            ["AZURE_AD_TENANT_ID": "contoso.com", "AZURE_AD_INSTANCE": "https://login.microsoftonline.us/"],
            "https://login.microsoftonline.us/contoso.com"
        ),
        (
            ["AZURE_AD_AUTHORITY": "https://contoso.ciamlogin.com"],
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com"
        ),
        (["AZURE_AD_OIDC_AUTHORITY": "http://localhost:9400"], "http://localhost:9400"),
    ])
    func anAuthorityIsReadFromAnyOfItsSettings(_ variables: [String: String], _ authority: String) {
        let (configuration, faults) = read(sound.merging(variables) { $1 })
        #expect(faults.isEmpty, "\(faults)")
        #expect(configuration?.authority.base.url == authority)
        #expect(configuration?.clientID == "c")
    }

    @Test func allFaultsAreReportedAtOnceWithKeyAndCure() {
        let (configuration, faults) = read(["AZURE_AD_ALLOWED_TENANTS": "contoso"])
        #expect(configuration == nil)
        #expect(
            faults.faults.map(\.key) == [
                "AZURE_AD_CLIENT_ID", "AZURE_AD_CLIENT_SECRET", "AZURE_AD_TENANT_ID", "AZURE_AD_ALLOWED_TENANTS",
            ]
        )
        #expect(faults.faults.allSatisfy { !$0.cure.isEmpty && !$0.problem.isEmpty })
        #expect("\(faults)".split(separator: "\n").count == 5)
    }

    @Test(arguments: [
        ["AZURE_AD_TENANT_ID": "t", "AZURE_AD_AUTHORITY": "https://login.microsoftonline.com/t"],
        ["AZURE_AD_OIDC_AUTHORITY": "https://idp.example", "AZURE_AD_TENANT_ID": "t"],
        ["AZURE_AD_AUTHORITY": "http://login.microsoftonline.com/t"],
        ["AZURE_AD_TENANT_ID": "a/b"],
        ["AZURE_AD_TENANT_ID": "common"],
        ["AZURE_AD_TENANT_ID": "t", "AZURE_AD_INSTANCE": "login.microsoftonline.com"],
    ])
    func aContradictionIsAFault(_ variables: [String: String]) {
        let (configuration, faults) = read(sound.merging(variables) { $1 })
        #expect(configuration == nil)
        #expect(faults.faults.count == 1)
        #expect(!"\(faults)".contains("very-secret"))
    }

    @Test func aFaultHidesNoOther() {
        let (_, faults) = read([
            "AZURE_AD_CLIENT_ID": "c d", "AZURE_AD_TENANT_ID": "common", "AZURE_AD_CLIENT_SECRET": "",
        ])
        #expect(
            faults.faults.map(\.key) == ["AZURE_AD_CLIENT_SECRET", "AZURE_AD_CLIENT_ID", "AZURE_AD_ALLOWED_TENANTS"]
        )
    }

    @Test(arguments: [
        (["AZURE_AD_TENANT_ID": "t", "AZURE_AD_ALLOWED_TENANTS": ","], "AZURE_AD_ALLOWED_TENANTS"),
        (
            ["AZURE_AD_AUTHORITY": "https://login.microsoftonline.com/t", "AZURE_AD_INSTANCE": "https://x.example"],
            "AZURE_AD_INSTANCE"
        ),
        (
            ["AZURE_AD_OIDC_AUTHORITY": "https://x.example", "AZURE_AD_INSTANCE": "https://x.example"],
            "AZURE_AD_INSTANCE"
        ),
    ])
    func aFaultNamesTheSettingThatHasIt(_ variables: [String: String], _ key: String) {
        #expect(read(sound.merging(variables) { $1 }).1.faults.map(\.key) == [key])
    }

    @Test func aFileMayHoldNumbersAndLists() {
        let reader = ConfigReader(
            provider: InMemoryProvider(values: [
                "number": ConfigValue(.int(30), isSecret: false),
                "list": ConfigValue(.stringArray(["a", "b"]), isSecret: false),
            ])
        )
        #expect(reader.value("number") == "30")
        #expect(reader.value("list") == "a,b")
        #expect(reader.value("nothing") == nil)
    }

    @Test func manyTenantsAreAcceptedOnPurpose() {
        var variables = sound.merging(["AZURE_AD_TENANT_ID": "organizations", "AZURE_AD_ALLOWED_TENANTS": "*"]) { $1 }
        #expect(read(variables).0?.tenants == .any)
        variables["AZURE_AD_ALLOWED_TENANTS"] = "\(ScriptedProvider.tenant), \(ScriptedProvider.otherTenant)"
        #expect(read(variables).0?.tenants == .only([ScriptedProvider.tenant, ScriptedProvider.otherTenant]))
    }

    @Test(arguments: ["", " "])
    func anEmptyClientIDIsRefused(_ clientID: String) throws {
        let error = #expect(throws: AuthenticationError.self) {
            try ScriptedProvider().makeApplication { $0.clientID = clientID }
        }
        #expect(error?.code == .configurationInvalid)
    }
}
