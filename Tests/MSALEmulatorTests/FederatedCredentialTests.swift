// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import MSALJWT
import Testing

/// Tokens of another issuer in place of a secret.
@Suite struct FederatedCredentialTests {
    static let cluster = "/workload/harbour-cluster"
    static let subject = "system:serviceaccount:claims:nightly"

    /// A token of a made-up cluster.
    private func token(
        _ browser: TestBrowser,
        _ cluster: String = cluster,
        _ query: [(String, String)] = [("subject", subject)]
    ) async throws -> String {
        let page = try await browser.get("\(cluster)/token?" + TestForm.encode(query))
        #expect(page.status == 200, "\(page.text)")
        return page.text
    }

    @Test func aWorkloadGetsATokenWithoutASecret() async throws {
        let browser = try TestBrowser.open()
        let form = ClientCredentialsTests.form(assertion: try await token(browser))
        let page = try await browser.post(Harbour.token, form)
        #expect(page.status == 200, "\(page.text)")
        let claims = try await browser.claims(page.json["access_token"])
        #expect(claims.roles == ["Claims.Read.All"])
        #expect(claims["azpacr"] == "2")
        #expect(claims.subject == claims.objectID)
        // The token may have been fetched by http and be shown by https.
        let https = TestBrowser(browser.emulator, base: "https://localhost:8443")
        #expect(try await https.post(Harbour.token, form).status == 200)
    }

    @Test func theClusterIsAnIssuerOfItsOwn() async throws {
        let browser = try TestBrowser.open()
        let metadata = try await browser.get(Self.cluster + "/.well-known/openid-configuration").json
        #expect(metadata["issuer"] == "http://localhost:8400/workload/harbour-cluster")
        let address = try #require(metadata["jwks_uri"]?.stringValue)
        let keys = try JSONWebKeySet(parsing: try await browser.get(address).body)
        let claims = try keys.verify(UnverifiedJWT(try await token(browser))).claims
        #expect(claims.issuer == metadata["issuer"]?.stringValue)
        #expect(claims.subject == Self.subject)
        #expect(claims.audience == ["api://AzureADTokenExchange"])
        #expect(claims["kubernetes.io"]?["serviceaccount"]?["name"] == "nightly")
        await #expect(throws: JWTError.self, "it is not the platform's key") {
            try await browser.claims(.string(try await token(browser)))
        }
        for bad in ["subject=nobody", "lifetime=0", "lifetime=x", "lifetime=1000000", "subject=a&subject=b"] {
            #expect(try await browser.get(Self.cluster + "/token?" + bad).status == 400, "\(bad)")
        }
    }

    /// A token that fits no credential, and the error for it.
    struct Row: Sendable, CustomTestStringConvertible {
        let code: Int
        var cluster = FederatedCredentialTests.cluster
        var query = [("subject", FederatedCredentialTests.subject)]
        var delay: TimeInterval = 0
        var testDescription: String { "\(code) \(cluster) \(query)" }
    }

    @Test(arguments: [
        Row(code: 700211, cluster: "/workload/other-cluster"),
        Row(code: 700211, cluster: "/workload/Harbour-cluster"),
        Row(code: 700212, query: [("subject", subject), ("audience", "api://azureadtokenexchange")]),
        Row(code: 700213, query: [("subject", "system:serviceaccount:claims:other")]),
        Row(code: 700213, query: [("subject", "system:serviceaccount:Claims:nightly")]),
        Row(code: 700213, query: []),
        Row(code: 700024, delay: 3901),
    ])
    func matchingIsExact(_ row: Row) async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let assertion = try await token(browser, row.cluster, row.query)
        clock.advance(by: row.delay)
        let page = try await browser.post(Harbour.token, ClientCredentialsTests.form(assertion: assertion))
        #expect(page.status == 401)
        #expect(page.json["error"] == "invalid_client")
        #expect(page.json["error_codes"] == [.integer(Int64(row.code))], "\(page.text)")
    }

    @Test func theSignatureIsChecked() async throws {
        let browser = try TestBrowser.open()
        let good = try await token(browser)
        let stranger = try TestBrowser.open()
        for assertion in [try await token(stranger), String(good.dropLast(8)) + "AAAAAAAA"] {
            let page = try await browser.post(Harbour.token, ClientCredentialsTests.form(assertion: assertion))
            #expect(page.json["error_codes"] == [700027], "\(page.text)")
        }
    }

    @Test func anApplicationWithoutCredentialsHasItsOwnError() async throws {
        let browser = try TestBrowser.open()
        let form = ClientCredentialsTests.form(
            assertion: try await token(browser),
            ["client_id": Harbour.portal]
        )
        #expect(try await browser.post(Harbour.token, form).json["error_codes"] == [70025])
    }

    @Test func aPersonsTokenIsNoCredential() async throws {
        var seed = EmulatorSeed.insurance
        seed.applications[1].federatedCredentials = [
            EmulatorSeed.FederatedCredential(issuer: "/\(Harbour.tenant)/v2.0", subject: "x")
        ]
        let browser = try TestBrowser.open(seed: seed)
        let tokens = try await browser.tokens(["scope": "openid api://harbour-claims/Claims.Read"])
        for name in ["access_token", "id_token"] {
            let assertion = try #require(tokens[name]?.stringValue)
            let page = try await browser.post(Harbour.token, ClientCredentialsTests.form(assertion: assertion))
            #expect(page.json["error_codes"] == [700229], "\(page.text)")
        }
    }

    @Test func anotherIssuersKeysAreAskedFor() async throws {
        let issuer = "https://token.actions.example"
        let subject = "repo:harbour/claims:ref:refs/heads/main"
        let key = try JSONWebKeySet(keys: [TestCertificate.daemon().key.publicKey])
        let emulator = try Emulator(
            seed: Self.seed(issuer: issuer, subject: subject),
            configuration: EmulatorConfiguration(issuerKeys: { asked in
                guard asked == issuer else { throw CancellationError() }
                return key.jsonRepresentation().serialized()
            }),
            now: { TestCertificate.start }
        )
        let claims: JSONValue = [
            "iss": .string(issuer), "sub": .string(subject), "aud": "api://AzureADTokenExchange", "exp": 1_790_000_600,
        ]
        let assertion = try TestCertificate.daemon().key.sign(claims)
        let browser = TestBrowser(emulator)
        let page = try await browser.post(Harbour.token, ClientCredentialsTests.form(assertion: assertion))
        #expect(page.status == 200, "\(page.text)")
        let unreachable = try TestBrowser.open(seed: Self.seed(issuer: issuer, subject: subject))
        let refused = try await unreachable.post(Harbour.token, ClientCredentialsTests.form(assertion: assertion))
        #expect(refused.json["error_codes"] == [50166], "nothing leaves this machine: \(refused.text)")
    }

    @Test func anIssuerOnThisMachineIsAskedByHTTP() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "msal-emulator-\(UUID().uuidString)").path
        let other = try Emulator(
            configuration: EmulatorConfiguration(httpPort: 0, httpsPort: nil, certificateDirectory: folder),
            now: { TestCertificate.start }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await other.run() }
            let issuer = try await other.waitUntilReady().http + "/workload/elsewhere"
            let authority = issuer.replacing("/workload/elsewhere", with: "")
            let foreign = TestBrowser(other, base: authority)
            let assertion = try await token(foreign, "/workload/elsewhere")
            let browser = try TestBrowser.open(seed: Self.seed(issuer: issuer, subject: Self.subject))
            let page = try await browser.post(Harbour.token, ClientCredentialsTests.form(assertion: assertion))
            #expect(page.status == 200, "\(page.text)")
            group.cancelAll()
        }
    }

    /// The built-in directory, whose nightly job trusts one issuer.
    private static func seed(issuer: String, subject: String) -> EmulatorSeed {
        var seed = EmulatorSeed.insurance
        seed.applications[1].federatedCredentials = [
            EmulatorSeed.FederatedCredential(issuer: issuer, subject: subject)
        ]
        return seed
    }
}
