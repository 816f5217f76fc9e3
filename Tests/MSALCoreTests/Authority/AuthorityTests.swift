// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct AuthorityTests {
    @Test func theVectorsHold() throws {
        let cases = try VectorFile("authority").cases
        #expect(cases.count > 20)
        for vector in cases {
            let url = vector["url"]?.stringValue ?? vector["openIDConnect"]?.stringValue ?? ""
            let authority = { () throws(AuthenticationError) -> Authority in
                vector["url"] == nil ? try .openIDConnect(issuer: url) : try Authority(url)
            }
            if vector["result"] == "error" {
                let error = #expect(throws: AuthenticationError.self, "\(url)") { try authority() }
                #expect(error?.code == .authorityInvalid)
                continue
            }
            let read = try authority()
            if let host = vector["host"]?.stringValue { #expect(read.host == host, "\(url)") }
            if let tenant = vector["tenant"]?.stringValue { #expect(read.tenant == tenant, "\(url)") }
            if let kind = vector["kind"]?.stringValue { #expect("\(read.kind)" == kind, "\(url)") }
            if let discovery = vector["discovery"]?.stringValue { #expect(read.discovery.url == discovery, "\(url)") }
            if let asks = vector["instanceDiscovery"]?.boolValue {
                #expect(read.needsInstanceDiscovery == asks, "\(url)")
            }
        }
    }

    @Test(arguments: [
        "https://user:password@login.microsoftonline.com/contoso.com", "ftp://login.microsoftonline.com/contoso.com",
        "https://login.microsoftonline.com:99999/contoso.com", "https://login.microsoftonline.com\\contoso.com",
        "http://127.0.0.256/tenant", "http://127.0.0.1.evil.example/tenant", "https://login.microsoft online.com/x",
    ])
    func aURLThatCouldMisleadIsRefused(_ url: String) {
        #expect(throws: AuthenticationError.self) { try Authority(url) }
    }

    @Test(arguments: [
        (
            "https://x.b2clogin.com/x.onmicrosoft.com/B2C_1A_signin/", "x.onmicrosoft.com",
            "/x.onmicrosoft.com/B2C_1A_signin/v2.0"
        ),
        ("https://x.b2clogin.cn/x/signin", "x", "/x/signin/v2.0"),
        (
            "https://login.contoso.com/tfp/contoso.onmicrosoft.com/signin", "contoso.onmicrosoft.com",
            "/tfp/contoso.onmicrosoft.com/signin/v2.0"
        ),
        ("https://login.contoso.com/TFP/t/b2c_1_a/oauth2/v2.0/authorize", "t", "/TFP/t/b2c_1_a/v2.0"),
        ("https://login.contoso.com/t/B2C_1_a", "t", "/t/B2C_1_a/v2.0"),
        ("https://login.microsoftonline.com/tfp/t/B2C_1_a", "t", "/tfp/t/B2C_1_a/v2.0"),
        ("https://x.b2clogin.com/x/v2.0/.well-known/openid-configuration?p=B2C_1_a", "x", "/x/v2.0"),
        ("https://x.b2clogin.com/x?p=signin", "x", "/x/v2.0"),
        ("https://login.contoso.com/t?P=b2c_1_a", "t", "/t/v2.0"),
    ])
    func aB2CAuthorityIsToldByHostSegmentOrPolicy(_ url: String, _ tenant: String, _ path: String) throws {
        let authority = try Authority(url)
        #expect(authority.kind == .b2c && authority.tenant == tenant)
        #expect(authority.discovery.path == path + "/.well-known/openid-configuration")
        #expect(authority.discovery.query == (url.contains("?") ? String(url.drop { $0 != "?" }.dropFirst()) : nil))
        #expect(!authority.needsInstanceDiscovery)
    }

    @Test(arguments: [
        "https://x.b2clogin.com/x.onmicrosoft.com", "https://x.b2clogin.com/x/oauth2/v2.0/authorize",
        "https://login.contoso.com/tfp/x", "https://login.contoso.com/tfp", "https://x.b2clogin.com/x?p=",
    ])
    func aB2CAuthorityWithoutAPolicyIsRefused(_ url: String) {
        let error = #expect(throws: AuthenticationError.self) { try Authority(url) }
        #expect(error?.code == .authorityInvalid && error?.message.contains("policy") == true)
    }

    @Test(arguments: ["https://b2clogin.com/x", "https://evilb2clogin.com/x", "https://login.contoso.com/x?p=signin"])
    func whatOnlyLooksLikeB2CIsNot(_ url: String) throws {
        #expect(try Authority(url).kind == .entra)
    }

    @Test func dSTSIsReadAsAnOpenIDConnectProviderWithATenant() throws {
        let authority = try Authority("https://login.contoso.net/dSTSv2/common")
        #expect(authority.kind == .openIDConnect && authority.tenant == "common" && !authority.isMultiTenant)
    }

    @Test func loopbackKeepsItsPortInTheCacheKey() throws {
        #expect(try Authority("http://localhost:8400/t").environment == "localhost:8400")
        #expect(try Authority("https://localhost/t").environment == "localhost")
        #expect(try Authority("http://[::1]:8400/t").environment == "[::1]:8400")
    }

    @Test(arguments: ["common", "Organizations", "consumers"])
    func anAuthorityOfManyTenantsNeedsADecision(_ tenant: String) throws {
        let authority = try Authority.entra(tenant: tenant)
        #expect(authority.isMultiTenant)
        var configuration = ApplicationConfiguration(
            clientID: "c",
            authority: authority,
            credential: .secret(Secret("s"))
        )
        #expect(throws: AuthenticationError.self) {
            try configuration.validate(as: ConfidentialClient.self, at: ManualTime().now)
        }
        configuration.tenants = .only(["not-a-guid"])
        #expect(throws: AuthenticationError.self) {
            try configuration.validate(as: ConfidentialClient.self, at: ManualTime().now)
        }
        configuration.tenants = .only([])
        #expect(throws: AuthenticationError.self) {
            try configuration.validate(as: ConfidentialClient.self, at: ManualTime().now)
        }
        configuration.tenants = .any
        #expect(throws: Never.self) { try configuration.validate(as: ConfidentialClient.self, at: ManualTime().now) }
    }

    @Test func anUnknownHostIsAskedAboutBeforeAnythingIsSentThere() async throws {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers["/common/discovery/instance"] = {
                .json(#"{"error":"invalid_instance","error_codes":[50049]}"#, status: .badRequest)
            }
        }
        let application = try provider.makeApplication { configuration in
            if let authority = try? Authority("https://sts.contoso.example/tenant") {
                configuration.authority = authority
            }
        }
        let error = await authenticationError {
            try await application.startAuthorizationCodeFlow(scopes: [], redirectURI: ScriptedProvider.redirectURI)
        }
        #expect(error?.code == .authorityUnknown)
        #expect(error?.kind == .misconfigured)
        #expect(provider.transport.requests.count == 1)
        #expect(provider.transport.requests.first?.head.authority == "login.microsoftonline.com")
    }

    @Test func aTenantThatIsNotAllowedIsRefusedAndNothingIsKept() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication { $0.tenants = .only([ScriptedProvider.otherTenant]) }
        let error = await authenticationError { try await provider.signIn(application) }
        #expect(error?.code == .tenantNotAllowed)
        #expect(try await application.accounts().isEmpty)
        let allowed = try provider.makeApplication { $0.tenants = .only([ScriptedProvider.tenant.uppercased()]) }
        _ = try await provider.signIn(allowed)
    }
}
