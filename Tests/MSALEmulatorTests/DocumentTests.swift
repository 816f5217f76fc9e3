// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The public documents and sign-out.
@Suite struct DocumentTests {
    @Test func metadataHasThePlatformsMembersInItsOrder() async throws {
        let page = try await TestBrowser.open().get("/harbourmutual.example/v2.0/.well-known/openid-configuration")
        let root = "http://localhost:8400/\(Harbour.tenant)"
        #expect(page.json["issuer"] == .string("\(root)/v2.0"))
        #expect(page.json["token_endpoint"] == .string("\(root)/oauth2/v2.0/token"))
        #expect(page.json["jwks_uri"] == .string("\(root)/discovery/v2.0/keys"))
        let order = [
            "token_endpoint", "token_endpoint_auth_methods_supported", "jwks_uri", "response_modes_supported",
            "subject_types_supported", "id_token_signing_alg_values_supported", "response_types_supported",
            "scopes_supported", "issuer", "request_uri_parameter_supported", "userinfo_endpoint",
            "authorization_endpoint", "device_authorization_endpoint", "http_logout_supported",
            "frontchannel_logout_supported", "end_session_endpoint", "claims_supported", "tenant_region_scope",
            "cloud_instance_name", "cloud_graph_host_name", "msgraph_host",
            "rbac_url",
        ]
        #expect(page.json.objectValue?.count == order.count)
        let positions = order.compactMap { page.text.range(of: "\"\($0)\":")?.lowerBound }
        #expect(positions.count == order.count && positions == positions.sorted())
        #expect(page.head.headerFields[.accessControlAllowOrigin] == "*")
    }

    @Test(arguments: [
        ("common", "{tenantid}"), ("organizations", "{tenantid}"),
        ("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"),
    ])
    func sharedAuthoritiesHaveATemplateForIssuer(_ segment: String, _ issuer: String) async throws {
        let page = try await TestBrowser.open().get("/\(segment)/v2.0/.well-known/openid-configuration")
        #expect(page.json["issuer"] == .string("http://localhost:8400/\(issuer)/v2.0"))
        #expect(page.json["tenant_region_scope"] == .null)
    }

    @Test func everythingAnnouncedIsThere() async throws {
        let browser = try TestBrowser.open()
        let json = try await browser.get("/\(Harbour.tenant)/v2.0/.well-known/openid-configuration").json
        for (name, value) in json.objectValue ?? [:] {
            guard name.hasSuffix("_endpoint") || name.hasSuffix("_uri"), let address = value.stringValue else {
                continue
            }
            #expect(try await browser.get(address).status != 404, "\(name)")
        }
    }

    @Test func addressesFollowALoopbackHostAndNoOther() async throws {
        let emulator = try Emulator(configuration: EmulatorConfiguration(baseURL: "https://login.local:9"))
        for (asked, announced) in [
            ("https://localhost:8443", "https://localhost:8443"), ("http://a.localhost:1", "http://a.localhost:1"),
            ("http://127.0.0.1:2", "http://127.0.0.1:2"), ("http://[::1]:3", "http://[::1]:3"),
            ("http://evil.example", "https://login.local:9"),
            ("http://localhost.evil.example", "https://login.local:9"),
        ] {
            let page = try await TestBrowser(emulator, base: asked).get("/common/v2.0/.well-known/openid-configuration")
            #expect(page.json["token_endpoint"] == .string("\(announced)/common/oauth2/v2.0/token"), "\(asked)")
        }
    }

    @Test func keysAreNamedByTheirCertificateAndRotate() async throws {
        let browser = try TestBrowser.open()
        let old = try await browser.tokens()["id_token"]
        let before = try await browser.get("/\(Harbour.tenant)/discovery/v2.0/keys").json["keys"]?.arrayValue ?? []
        let key = try #require(before.first)
        #expect(before.count == 1)
        #expect(
            key.objectValue?.keys.sorted()
                == ["cloud_instance_name", "e", "issuer", "kid", "kty", "n", "use", "x5c", "x5t"]
        )
        #expect(key["kid"] == key["x5t"])
        #expect(key["issuer"] == "http://localhost:8400/{tenantid}/v2.0")
        #expect(key["x5c"]?.arrayValue?.first?.stringValue.flatMap { Data(base64Encoded: $0) } != nil)
        try browser.emulator.rotateSigningKey()
        let after = try await browser.get("/discovery/v2.0/keys").json["keys"]?.arrayValue ?? []
        #expect(after.count == 2)
        #expect(after.last?["kid"] == key["kid"])
        _ = try await browser.claims(old)
        let new = try await browser.tokens()["id_token"]
        #expect(try UnverifiedJWT(new?.stringValue ?? "").header.keyID == after.first?["kid"]?.stringValue)
        try browser.emulator.rotateSigningKey(keepingOldKeys: false)
        await #expect(throws: JWTError.self) { try await browser.claims(old) }
    }

    @Test func instanceDiscoveryKnowsThisHostAndTheClouds() async throws {
        let browser = try TestBrowser.open()
        let path = "/common/discovery/instance?api-version=1.1&authorization_endpoint="
        let own = try await browser.get(path + "https://localhost/\(Harbour.tenant)/oauth2/v2.0/authorize")
        #expect(
            own.json["tenant_discovery_endpoint"]
                == .string("http://localhost:8400/\(Harbour.tenant)/v2.0/.well-known/openid-configuration")
        )
        #expect(own.json["api-version"] == "1.1")
        let cloud = try await browser.get(path + "https://login.windows.net/common/oauth2/authorize")
        #expect(
            cloud.json["tenant_discovery_endpoint"]
                == "https://login.windows.net/common/v2.0/.well-known/openid-configuration"
        )
        let metadata = cloud.json["metadata"]?.arrayValue ?? []
        #expect(metadata.first?["preferred_cache"] == "login.windows.net")
        #expect(metadata.last?["aliases"] == ["localhost", "localhost:8400"])
        for bad in [
            "https://evil.example/x/oauth2/v2.0/authorize", "nonsense", "http://login.windows.net/x/y", "https://a",
        ] {
            let page = try await browser.get(path + TestForm.escape(bad))
            #expect(page.status == 400)
            #expect(page.json["error"] == "invalid_instance", "\(bad)")
            #expect(page.json["error_codes"] == [50049])
        }
    }

    @Test func unknownPlacesSayWhereToLook() async throws {
        let browser = try TestBrowser.open()
        let program = try await browser.get("/nothing/here")
        #expect(program.status == 404)
        #expect(program.json["error"] == "not_found")
        let person = try await browser.get("/nothing/here", headers: [.accept: "text/html,*/*"])
        #expect(person.status == 404)
        #expect(person.text.contains("start page"))
        let tenant = try await browser.get("/nobody.example/v2.0/.well-known/openid-configuration")
        #expect(tenant.status == 400)
        #expect(tenant.json["error"] == "invalid_tenant")
        #expect(try await browser.get("/healthz").json["status"] == "ok")
    }

    @Test func signOutEndsTheSessionAndGoesOnlyWhereRegistered() async throws {
        let browser = try TestBrowser.open()
        let path = "/\(Harbour.tenant)/oauth2/v2.0/logout"
        let token = try await browser.tokens()["id_token"]?.stringValue ?? ""
        let target = "http://localhost:8080/auth/signed-out"
        let page = try await browser.get(
            path + "?"
                + TestForm.encode([("post_logout_redirect_uri", target), ("state", "a b"), ("id_token_hint", token)])
        )
        #expect(page.location == target + "?state=a%20b")
        #expect(try await browser.get(Harbour.request(["prompt": "none"])).answer["error"] == "login_required")
        for form in [
            [], [("post_logout_redirect_uri", "https://evil.example/")],
            [("post_logout_redirect_uri", target + "?x=1")],
            [("post_logout_redirect_uri", target), ("client_id", Harbour.nightly)],
        ] {
            _ = try await browser.code()
            let page = try await browser.post(path, form)
            #expect(page.status == 200)
            #expect(page.text.contains("You are signed out"))
            #expect(try await browser.get(Harbour.request(["prompt": "none"])).answer["error"] == "login_required")
        }
    }

    @Test func aHintSignsOutOneOfSeveral() async throws {
        let browser = try TestBrowser.open()
        let claims = try await browser.claims(try await browser.tokens()["id_token"])
        let page = try await browser.get(Harbour.request(["login_hint": "customer@harbourmutual.example"]))
        _ = try await browser.submit(page, ["passwd": "Customer-Pass-1"], action: "password")
        _ = try await browser.get(
            "/\(Harbour.tenant)/oauth2/v2.0/logout?logout_hint=\(TestForm.escape(claims.loginHint ?? ""))"
        )
        let left = try await browser.get(Harbour.request(["prompt": "none"]))
        #expect(left.answer["code"] != nil, "the customer is still there, alone")
    }
}
