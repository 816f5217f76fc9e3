// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The probe that comes before a password.
@Suite struct UserRealmTests {
    @Test func aFederatedDomainNamesItsServer() async throws {
        let page = try await TestBrowser.open().get(
            "/common/userrealm/broker@brokers.harbourmutual.example?api-version=1.0"
        )
        #expect(page.status == 200)
        #expect(
            page.json == [
                "ver": "1.0", "account_type": "Federated", "domain_name": "brokers.harbourmutual.example",
                "federation_protocol": "WSTrust",
                "federation_metadata_url": "http://localhost:8400/adfs/services/trust/mex",
                "federation_active_auth_url": "http://localhost:8400/adfs/services/trust/13/usernamemixed",
                "cloud_instance_name": "microsoftonline.com", "cloud_audience_urn": "urn:federation:MicrosoftOnline",
            ]
        )
    }

    @Test(arguments: [
        ("adjuster@harbourmutual.example", "Managed", "harbourmutual.example"),
        ("nobody@HarbourMutual.example", "Managed", "harbourmutual.example"),
        ("a+b%40harbourmutual.example", "Managed", "harbourmutual.example"),
        ("harbourmutual.example", "Managed", "harbourmutual.example"),
        ("somebody@elsewhere.example", "Unknown", nil), ("%C3%A4@x", "Unknown", nil), ("@", "Unknown", nil),
        (Harbour.tenant, "Unknown", nil),
    ])
    func otherDomainsAreManagedOrUnknown(_ name: String, _ type: String, _ domain: String?) async throws {
        let json = try await TestBrowser.open().get("/common/userrealm/\(name)?api-version=1.0").json
        #expect(json["account_type"] == .string(type))
        #expect(json["domain_name"]?.stringValue == domain)
        #expect(json["cloud_audience_urn"] == "urn:federation:MicrosoftOnline")
        #expect(json["federation_metadata_url"] == nil)
    }

    @Test(arguments: ["2.0", "2.1"])
    func theSecondVersionSpellsItDifferently(_ version: String) async throws {
        let browser = try TestBrowser.open()
        let federated = try await browser.get(
            "/common/userrealm/a+b@brokers.harbourmutual.example?api-version=\(version)"
        )
        #expect(federated.json["NameSpaceType"] == "Federated")
        #expect(federated.json["Login"] == "a+b@brokers.harbourmutual.example")
        #expect(federated.json["DomainName"] == "brokers.harbourmutual.example")
        #expect(federated.json["FederationBrandName"] == "Harbour Mutual")
        let unknown = try await browser.get("/common/userrealm/a@b.example?api-version=\(version)")
        #expect(unknown.json["NameSpaceType"] == "Unknown")
    }

    @Test(arguments: ["", "?api-version=", "?api-version=3.0"])
    func theVersionMustBeKnown(_ query: String) async throws {
        let page = try await TestBrowser.open().get("/common/userrealm/a@b.example\(query)")
        #expect(page.status == 400)
        #expect(page.json["error"] == "invalid_request")
    }

    @Test func badEscapesAreRefused() async throws {
        let page = try await TestBrowser.open().get("/common/userrealm/a%ZZ?api-version=1.0")
        #expect(page.json["error"] == "invalid_request")
    }
}
