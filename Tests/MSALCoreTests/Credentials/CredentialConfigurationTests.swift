// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Foundation
import Testing

@testable import MSALCore

@Suite struct CredentialConfigurationTests {
    private let fixtures: CertificateFixtures

    init() throws {
        fixtures = try CertificateFixtures()
    }

    private func read(_ variables: [String: String]) -> (ClientCredential?, ConfigurationFaults) {
        var faults = ConfigurationFaults()
        let sound = ["AZURE_AD_CLIENT_ID": "c", "AZURE_AD_TENANT_ID": "contoso.com"]
        let provider = EnvironmentVariablesProvider(environmentVariables: sound.merging(variables) { $1 })
        let settings = ApplicationConfiguration.read(from: ConfigReader(provider: provider), collecting: &faults)
        return (settings?.credential, faults)
    }

    @Test func aCertificateIsReadWithItsPassphrase() throws {
        let pem = try fixtures.certificate("leaf") + fixtures.key("aes256-sha512", "encrypted")
        try withTemporaryFile(pem) { path in
            let (credential, faults) = read([
                "AZURE_AD_CLIENT_CERTIFICATE_PATH": path, "AZURE_AD_CLIENT_CERTIFICATE_PASSWORD": "Harbour-Pass-1",
            ])
            #expect(faults.isEmpty)
            let leaf = try fixtures.leaf()
            #expect(credential?.description == "\(leaf)")
            let (_, wrong) = read([
                "AZURE_AD_CLIENT_CERTIFICATE_PATH": path, "AZURE_AD_CLIENT_CERTIFICATE_PASSWORD": "Harbour-Pass-2",
            ])
            #expect(wrong.faults.map(\.key) == ["AZURE_AD_CLIENT_CERTIFICATE_PATH"])
            #expect("\(wrong)".contains(path))
            #expect(!"\(wrong)".contains("Harbour-Pass-2"))
        }
    }

    @Test func aWorkloadsTokenFileIsTaken() {
        let (credential, faults) = read(["AZURE_FEDERATED_TOKEN_FILE": "/run/token"])
        #expect(faults.isEmpty)
        #expect(credential?.description == "federated token in '/run/token'")
    }

    @Test(arguments: [
        (["AZURE_AD_CLIENT_SECRET": "s", "AZURE_FEDERATED_TOKEN_FILE": "/t"], ["AZURE_AD_CLIENT_SECRET"]),
        (
            ["AZURE_AD_CLIENT_CERTIFICATE_PATH": "/c", "AZURE_FEDERATED_TOKEN_FILE": "/t"],
            ["AZURE_AD_CLIENT_CERTIFICATE_PATH"]
        ),
        (["AZURE_AD_CLIENT_CERTIFICATE_PATH": "/nowhere/c.pem"], ["AZURE_AD_CLIENT_CERTIFICATE_PATH"]),
        (
            ["AZURE_AD_CLIENT_CERTIFICATE_PASSWORD": "p"],
            ["AZURE_AD_CLIENT_CERTIFICATE_PASSWORD", "AZURE_AD_CLIENT_SECRET"]
        ),
        ([:], ["AZURE_AD_CLIENT_SECRET"]),
    ])
    func exactlyOneCredentialIsWanted(_ variables: [String: String], _ keys: [String]) {
        let (credential, faults) = read(variables)
        #expect(credential == nil)
        #expect(faults.faults.map(\.key) == keys)
    }
}
