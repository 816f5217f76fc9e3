// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import MSALJWT
import Testing

/// An application that signs with the key of its own certificate.
@Suite struct CertificateAssertionTests {
    /// A way to write an assertion that real clients use.
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout TestAssertion, TestCertificate) -> Void
    }

    /// A certificate in base64, its lines broken.
    private static func broken(_ der: [UInt8]) -> String {
        Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    }

    @Test(arguments: [
        Form(testDescription: "PS256 and x5t#S256") { _, _ in },
        Form(testDescription: "RS256 and x5t") { assertion, certificate in
            assertion.algorithm = .rs256
            assertion.header["x5t"] = .string(certificate.sha1)
        },
        Form(testDescription: "PS256 and x5t") { $0.header["x5t"] = .string($1.sha1) },
        Form(testDescription: "RS256 and x5t#S256") { assertion, _ in assertion.algorithm = .rs256 },
        Form(testDescription: "both thumbprints") { assertion, certificate in
            assertion.header["x5t"] = .string(certificate.sha1)
            assertion.header["x5t#S256"] = .string(certificate.sha256)
        },
        Form(testDescription: "padding") { $0.header["x5t#S256"] = .string($1.sha256 + "=") },
        Form(testDescription: "a key ID besides") { assertion, _ in assertion.header["kid"] = "whatever" },
        Form(testDescription: "x5c with broken lines") { assertion, certificate in
            assertion.header["x5t#S256"] = .string(certificate.sha256)
            assertion.header["x5c"] = [.string(CertificateAssertionTests.broken(certificate.der))]
        },
        Form(testDescription: "x5c as a bare text, and nothing else") { assertion, certificate in
            assertion.header["x5c"] = .string(Data(certificate.der).base64EncodedString())
        },
        Form(testDescription: "times with fractions") { assertion, _ in
            assertion.claims["exp"] = 1_790_000_600.25
            assertion.claims["iat"] = 1_790_000_000.5
        },
        Form(testDescription: "times as texts") { assertion, _ in
            assertion.claims["exp"] = "1790000600"
            assertion.claims["nbf"] = "1790000000"
        },
        Form(testDescription: "a clock that is four minutes ahead") { assertion, _ in
            assertion.claims["nbf"] = 1_790_000_240
        },
        Form(testDescription: "no iat and no jti") { assertion, _ in
            assertion.claims["iat"] = nil
            assertion.claims["jti"] = nil
        },
        Form(testDescription: "the issuer as audience") { assertion, _ in
            assertion.claims["aud"] = .string("http://localhost:8400/\(Harbour.tenant)/v2.0")
        },
        Form(testDescription: "a list of one audience") { assertion, _ in
            assertion.claims["aud"] = [.string("http://localhost:8400\(Harbour.token)")]
        },
        Form(testDescription: "a client ID in capitals") { assertion, _ in
            assertion.claims["iss"] = .string(Harbour.nightly.uppercased())
        },
    ])
    func anAssertionIsTaken(_ form: Form) async throws {
        let certificate = try TestCertificate.daemon()
        var assertion = TestAssertion()
        form.change(&assertion, certificate)
        let browser = try TestBrowser.open(seed: Seeds.withCertificate(certificate))
        let page = try await browser.post(
            Harbour.token,
            ClientCredentialsTests.form(assertion: try assertion.signed(by: certificate))
        )
        #expect(page.status == 200, "\(page.text)")
        let claims = try await browser.claims(page.json["access_token"])
        #expect(claims["azpacr"] == "2")
        #expect(claims.roles == ["Claims.Read.All"])
    }

    /// A certificate for a key that is no RSA key.
    private static let ellipticCurve = """
        -----BEGIN CERTIFICATE-----
        MIIBhzCCAS2gAwIBAgIUPF2t/yUvcGGwbYgq69rk9T1rg3QwCgYIKoZIzj0EAwIw
        GDEWMBQGA1UEAwwNY3VydmUuZXhhbXBsZTAgFw0yNjExMjgxMDAwMDlaGA8yMTI2
        MTEwNDEwMDAwOVowGDEWMBQGA1UEAwwNY3VydmUuZXhhbXBsZTBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABPCQj8ua7ooe6NztvV6KNtmQrc+svrBwZXql3oznZKk1
        kofzykq+Hjnthu5x+xO4Wl/+WhKfNIwEY8PMjvuRXWOjUzBRMB0GA1UdDgQWBBQi
        TXJREL+LNfsiBZApFVuNAGcH8zAfBgNVHSMEGDAWgBQiTXJREL+LNfsiBZApFVuN
        AGcH8zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCFCZJ6PMe4
        /1CXESZPu0Fnre1cI1dGZk9ovGSCWqDzhwIgFsliEq7pZG9HyJuZIOfVlrYbgFAv
        UIpTVSTRyEpL8EI=
        -----END CERTIFICATE-----
        """

    /// An assertion that is refused, and the error for it.
    struct Row: Sendable, CustomTestStringConvertible {
        let code: Int
        let why: String
        var status = 401
        var error = "invalid_client"
        var form: [String: String?] = [:]
        var change: @Sendable (inout TestAssertion, TestCertificate) -> Void = { _, _ in }
        var testDescription: String { "\(code) \(why)" }
    }

    @Test(arguments: [
        Row(code: 700027, why: "unknown thumbprint") { $0.header["x5t#S256"] = .string($1.sha1) },
        Row(code: 700027, why: "thumbprints of two certificates") { assertion, certificate in
            assertion.header["x5t#S256"] = .string(certificate.sha256)
            assertion.header["x5t"] = .string(Base64URL.encode(Array(repeating: 7, count: 20)))
        },
        Row(code: 700027, why: "no thumbprint") { assertion, _ in assertion.header["x5c"] = [] },
        Row(code: 50048, why: "issuer and subject differ") { assertion, _ in
            assertion.claims["sub"] = .string(Harbour.portal)
        },
        Row(code: 50048, why: "no subject") { assertion, _ in assertion.claims["sub"] = nil },
        Row(code: 50048, why: "no issuer") { assertion, _ in assertion.claims["iss"] = nil },
        Row(code: 700021, why: "another application's") { assertion, _ in
            assertion.claims["sub"] = .string(Harbour.portal)
            assertion.claims["iss"] = .string(Harbour.portal)
        },
        Row(code: 700023, why: "another endpoint") { assertion, _ in
            assertion.claims["aud"] = .string("https://login.microsoftonline.com/\(Harbour.tenant)/v2.0")
        },
        Row(code: 700023, why: "no audience") { assertion, _ in assertion.claims["aud"] = nil },
        Row(code: 5_002_741, why: "two audiences") { assertion, _ in
            assertion.claims["aud"] = [.string("http://localhost:8400\(Harbour.token)"), "x"]
        },
        Row(code: 700024, why: "over") { assertion, _ in assertion.claims["exp"] = 1_789_999_700 },
        Row(code: 700024, why: "not yet") { assertion, _ in assertion.claims["nbf"] = 1_790_000_301 },
        Row(code: 700024, why: "no end") { assertion, _ in assertion.claims["exp"] = nil },
        Row(code: 700024, why: "an end that is no time") { assertion, _ in assertion.claims["exp"] = "tomorrow" },
        Row(code: 700024, why: "a start that is no time") { assertion, _ in assertion.claims["nbf"] = true },
        Row(code: 700024, why: "an end beyond all calendars") { assertion, _ in assertion.claims["exp"] = 1e300 },
        Row(code: 50012, why: "another type", form: ["client_assertion_type": "urn:x"]),
        Row(
            code: 900144,
            why: "no type",
            status: 400,
            error: "invalid_request",
            form: ["client_assertion_type": nil]
        ),
        Row(
            code: 50027,
            why: "no token at all",
            status: 400,
            error: "invalid_request",
            form: ["client_assertion": "a.b.c"]
        ),
        Row(
            code: 9_002_313,
            why: "a secret besides",
            status: 400,
            error: "invalid_request",
            form: ["client_secret": "nightly-development-secret"]
        ),
        Row(code: 7_000_218, why: "nothing", form: ["client_assertion": nil]),
    ])
    func anAssertionIsRefused(_ row: Row) async throws {
        let certificate = try TestCertificate.daemon()
        var assertion = TestAssertion()
        row.change(&assertion, certificate)
        let browser = try TestBrowser.open(seed: Seeds.withCertificate(certificate))
        let form = ClientCredentialsTests.form(assertion: try assertion.signed(by: certificate), row.form)
        let page = try await browser.post(Harbour.token, form)
        #expect(page.json["error_codes"] == [.integer(Int64(row.code))], "\(page.text)")
        #expect(page.status == row.status)
        #expect(page.json["error"] == .string(row.error))
    }

    @Test func theSignatureMustBeTheRegisteredKeys() async throws {
        let certificate = try TestCertificate.daemon()
        let browser = try TestBrowser.open(seed: Seeds.withCertificate(certificate))
        var forged = TestAssertion()
        forged.header["x5t#S256"] = .string(certificate.sha256)
        // A certificate that comes along must never take the place of the registered one.
        forged.header["x5c"] = [.string(Data(try TestCertificate.stranger().der).base64EncodedString())]
        let page = try await browser.post(
            Harbour.token,
            ClientCredentialsTests.form(assertion: try forged.signed(by: .stranger()))
        )
        #expect(page.json["error_codes"] == [700027])
    }

    @Test func weakAlgorithmsAreNotRead() async throws {
        let certificate = try TestCertificate.daemon()
        let browser = try TestBrowser.open(seed: Seeds.withCertificate(certificate))
        var assertion = TestAssertion()
        assertion.algorithm = .rs512
        for text in [try assertion.signed(by: certificate), "eyJhbGciOiJub25lIn0.e30."] {
            let page = try await browser.post(Harbour.token, ClientCredentialsTests.form(assertion: text))
            #expect(page.json["error_codes"] == [50027], "\(page.text)")
        }
    }

    @Test func anExpiredCertificateHasItsOwnError() async throws {
        let old = try TestCertificate("old.example", until: TestCertificate.start - 60)
        let browser = try TestBrowser.open(seed: Seeds.withCertificate(old))
        let page = try await browser.post(
            Harbour.token,
            ClientCredentialsTests.form(assertion: try TestAssertion().signed(by: old))
        )
        #expect(page.json["error_codes"] == [1_000_502])
    }

    @Test(arguments: [false, true])
    func anAssertionIsUsedOnceInStrictModeOnly(_ isStrict: Bool) async throws {
        let certificate = try TestCertificate.daemon()
        let browser = try TestBrowser.open(seed: Seeds.withCertificate(certificate), isStrict: isStrict)
        let form = ClientCredentialsTests.form(assertion: try TestAssertion().signed(by: certificate))
        #expect(try await browser.post(Harbour.token, form).status == 200)
        let again = try await browser.post(Harbour.token, form)
        #expect(again.json["error_codes"] == (isStrict ? [50012] : nil), "every MSAL reuses one until it ends")
    }

    @Test func aSecretIsStillASecret() async throws {
        let browser = try TestBrowser.open(seed: Seeds.withCertificate(.daemon()))
        let page = try await browser.post(Harbour.token, ClientCredentialsTests.form())
        #expect(try await browser.claims(page.json["access_token"])["azpacr"] == "1")
        let graph = try await browser.post(
            Harbour.token,
            ClientCredentialsTests.form(["scope": "https://graph.microsoft.com/.default"])
        )
        #expect(try await browser.claims(graph.json["access_token"])["appidacr"] == "1")
    }

    @Test func aPublicClientShowsNoAssertion() async throws {
        var seed = EmulatorSeed.insurance
        seed.applications[1].secrets = []
        seed.applications[1].federatedCredentials = []
        let browser = try TestBrowser.open(seed: seed)
        let page = try await browser.post(
            Harbour.token,
            ClientCredentialsTests.form(assertion: try TestAssertion().signed(by: .daemon()))
        )
        #expect(page.json["error_codes"] == [700025])
    }

    @Test func theMetadataAnnounceIt() async throws {
        let page = try await TestBrowser.open().get("/\(Harbour.tenant)/v2.0/.well-known/openid-configuration")
        #expect(
            page.json["token_endpoint_auth_methods_supported"]
                == ["client_secret_post", "private_key_jwt", "client_secret_basic"]
        )
    }

    @Test func badCertificatesInASeedAreFaults() throws {
        var seed = EmulatorSeed.insurance
        let weak = Self.ellipticCurve
        seed.applications[1].certificates = ["no certificate", weak]
        seed.applications[1].trustedSubjects = [EmulatorSeed.TrustedSubject("x", authority: "none")]
        let faults = try #require(throws: EmulatorSeedFaults.self) { try Emulator(seed: seed) }
        #expect(
            faults.faults.map(\.path) == [
                "applications[1].certificates[0]", "applications[1].certificates[1]",
                "applications[1].trustedSubjects[0].authority",
            ]
        )
        #expect(throws: EmulatorSeedFaults.self) { try seed.register(certificate: weak, for: "nobody") }
    }
}
