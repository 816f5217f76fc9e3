// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import MSALCore

@Suite struct EndpointTests {
    private func head(_ scheme: String?, _ authority: String?, _ path: String?) -> HTTPRequest {
        HTTPRequest(method: .get, scheme: scheme, authority: authority, path: path)
    }

    @Test func theMetadataServiceIsTheOnePlainAddressThatMayBeAsked() throws {
        let asked = Endpoint.instanceMetadata(path: "/metadata/instance/compute", query: "api-version=2021-02-01")
        #expect(asked.url == "http://169.254.169.254/metadata/instance/compute?api-version=2021-02-01")
        #expect(Endpoint(of: asked.request(.get)) == asked)
    }

    @Test(arguments: [
        "http://169.254.169.254/", "http://169.254.169.254/metadata/identity/oauth2/token", "HTTP://169.254.169.254/t",
        "http://169.254.169.254:80/t", "http://0xA9FEA9FE/t",
    ])
    func noTextLeadsToTheMetadataService(_ url: String) {
        #expect(Endpoint(url) == nil)
        #expect(throws: AuthenticationError.self) { try Authority(url) }
        #expect(throws: AuthenticationError.self) { try Authority.openIDConnect(issuer: url) }
    }

    @Test(
        arguments: [
            ("http", "169.254.169.254", "@evil.example/"), ("http", "169.254.169.254", ".evil.example/"),
            ("http", "169.254.169.254", ":8080/"), ("http", "169.254.169.254:8080", "/"),
            ("http", "169.254.169.253", "/"),
            ("http", "169.254.169.254.", "/"), ("http", "user@169.254.169.254", "/"), ("http", "evil.example", "/"),
            ("ftp", "169.254.169.254", "/"), ("http", "169.254.169.254", "/a b"), (nil, "169.254.169.254", "/"),
            ("http", nil, "/"), ("http", "169.254.169.254", nil), ("http", "fd00:ec2::254", "/"),
        ] as [(String?, String?, String?)]
    )
    func whatOnlyLooksLikeItIsRefused(_ scheme: String?, _ authority: String?, _ path: String?) {
        #expect(Endpoint(of: head(scheme, authority, path)) == nil)
    }

    @Test(arguments: [
        ("https", "login.example", "/t?a=b"), ("http", "localhost:8400", "/t"), ("https", "169.254.169.254", "/t"),
    ])
    func whatMayBeSentAsBeforeMayStillBeSent(_ scheme: String, _ authority: String, _ path: String) {
        #expect(Endpoint(of: head(scheme, authority, path))?.url == "\(scheme)://\(authority)\(path)")
    }
}
