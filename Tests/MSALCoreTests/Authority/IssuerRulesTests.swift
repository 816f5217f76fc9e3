// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

@testable import MSALCore

@Suite struct IssuerRulesTests {
    @Test func theVectorsHold() throws {
        let cases = try VectorFile("issuer").cases
        #expect(cases.count == 26)
        for vector in cases {
            let authority = try Authority.openIDConnect(issuer: vector["authority"]?.stringValue ?? "")
            var document: [String: JSONValue] = [
                "authorization_endpoint": "https://login.example/a", "token_endpoint": "https://login.example/t",
                "jwks_uri": "https://login.example/k",
            ]
            document["issuer"] = vector["issuer"]
            let metadata = Result { try ProviderMetadata(.object(document), of: authority) }
            switch metadata {
            case .success: #expect(vector["accept"] == true, "\(vector)")
            case .failure(let error):
                #expect(vector["accept"] == false, "\(vector)")
                #expect((error as? AuthenticationError)?.code == .metadataIssuer)
            }
        }
    }

    @Test(arguments: [
        ("https://example.com/tenant", "https://example.com/tenant", true),
        ("https://example.com/tenant", "https://example.com/tenant/", true),
        ("https://example.com/tenant/", "https://example.com/tenant", true),
        ("https://example.com/tenant", "https://example.com/other", false),
        ("https://example.com/tenant", "https://example.com/tenantINVALID", false),
        ("https://custom.com/tenant", "https://login.microsoftonline.com/tenant", true),
        ("https://login.microsoftonline.com/tenant", "https://custom.com/tenant", false),
        ("https://custom.com/tenant", "https://WESTUS2.LOGIN.MICROSOFTONLINE.COM/tenant", true),
        ("https://custom.com/tenant", "https://west.us.2.login.microsoftonline.com/tenant", false),
        ("https://custom.com/tenant", "https://westus2.login.evil.com/tenant", false),
        ("https://someweb.com/tenant", "https://us.someweb.com/tenant", true),
        ("https://otherdomain.com/tenant", "https://us.someweb.com/tenant", false),
        ("https://custom.com/tenant", "https://tenant.b2clogin.cn/tenant/v2.0", true),
        ("https://custom.com/tenant", "https://fakeb2clogin.com/tenant", false),
        ("https://custom.com/tenant", "https://b2clogin.com.evil.com/tenant", false),
        ("https://c.com/t", "http://login.microsoftonline.com/anything", false),
        ("https://c.com/t", "https://c.com:444/", false),
        ("https://c.com/t", "https://a.us.c.com", false),
        ("https://custom.com/common/v2.0", "https://login.microsoftonline.com/{tenantid}/v2.0", false),
        ("http://localhost:9000", "http://localhost:9000", true),
        ("http://localhost:9000", "http://localhost:9001", false),
    ])
    func aGenericProviderMayAnnounceWhatIsItsOwn(_ authority: String, _ issuer: String, _ accept: Bool) throws {
        let refusal = IssuerRules.refusal(of: issuer, for: try .openIDConnect(issuer: authority))
        #expect((refusal == nil) == accept, "\(refusal ?? "accepted")")
    }

    @Test(arguments: [
        ("contoso.com", "https://login.microsoftonline.com/\(ScriptedProvider.tenant)/v2.0", true),
        ("common", "https://login.microsoftonline.com/{tenantid}/v2.0", true),
        (ScriptedProvider.tenant, "https://login.microsoftonline.com/\(ScriptedProvider.tenant)/v2.0", true),
        (ScriptedProvider.tenant, "https://login.microsoftonline.com/\(ScriptedProvider.otherTenant)/v2.0", false),
        ("contoso.com", "https://login.windows.net/\(ScriptedProvider.tenant)/v2.0", true),
        ("contoso.com", "https://login.microsoftonline.us/\(ScriptedProvider.tenant)/v2.0", false),
        ("contoso.com", "https://login.microsoftonline.com/contoso.com/v2.0", false),
        ("contoso.com", "https://login.microsoftonline.com/\(ScriptedProvider.tenant)/v2.0/", false),
        ("contoso.com", "https://login.microsoftonline.com/\(ScriptedProvider.tenant)", false),
        ("contoso.com", "http://login.microsoftonline.com/\(ScriptedProvider.tenant)/v2.0", false),
    ])
    func thePlatformMayAnnounceItsTenant(_ tenant: String, _ issuer: String, _ accept: Bool) throws {
        let refusal = IssuerRules.refusal(of: issuer, for: try .entra(tenant: tenant))
        #expect((refusal == nil) == accept, "\(refusal ?? "accepted")")
    }
}
