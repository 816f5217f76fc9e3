// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT
import Testing

@testable import MSALCore

@Suite struct AuthenticateChallengeTests {
    /// A field value and what it says.
    struct Shape: Sendable {
        var value: String
        var challenges: [AuthenticateChallenge]

        init(_ value: String, _ challenges: AuthenticateChallenge...) {
            self.value = value
            self.challenges = challenges
        }
    }

    private static func bearer(_ parameters: [String: String]) -> AuthenticateChallenge {
        AuthenticateChallenge(scheme: "Bearer", parameters: parameters)
    }

    /// As the grammar has them, and as servers send them.
    static let shapes = [
        Shape("Bearer", bearer([:])),
        Shape("Bearer realm=\"\"", bearer(["realm": ""])),
        Shape(
            "Basic realm=\"C:\\\\keys\\\\a.key\"",
            AuthenticateChallenge(scheme: "Basic", parameters: ["realm": "C:\\keys\\a.key"])
        ),
        Shape(
            "Basic realm=/var/opt/azcmagent/tokens/a.key",
            AuthenticateChallenge(scheme: "Basic", parameters: ["realm": "/var/opt/azcmagent/tokens/a.key"])
        ),
        Shape(
            "Negotiate oYG2MIGzoAMKAQCh==",
            AuthenticateChallenge(scheme: "Negotiate", token68: "oYG2MIGzoAMKAQCh==")
        ),
        Shape(
            "Negotiate, NTLM, Bearer realm=\"a\"",
            AuthenticateChallenge(scheme: "Negotiate"),
            AuthenticateChallenge(scheme: "NTLM"),
            bearer(["realm": "a"])
        ),
        Shape(
            "Negotiate YWJj, Basic realm=\"b\"",
            AuthenticateChallenge(scheme: "Negotiate", token68: "YWJj"),
            AuthenticateChallenge(scheme: "Basic", parameters: ["realm": "b"])
        ),
        // The example of RFC 9110 §11.6.1.
        Shape(
            #"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
            AuthenticateChallenge(scheme: "Basic", parameters: ["realm": "simple"]),
            AuthenticateChallenge(
                scheme: "Newauth",
                parameters: ["realm": "apps", "type": "1", "title": "Login to \"apps\""]
            )
        ),
        // Resource Manager.
        Shape(
            #"Bearer authorization_uri="https://login.windows.net/t", error="invalid_token", "#
                + #"error_description="The 'Authorization' header, with a comma, is missing.""#,
            bearer([
                "authorization_uri": "https://login.windows.net/t", "error": "invalid_token",
                "error_description": "The 'Authorization' header, with a comma, is missing.",
            ])
        ),
        // Storage: no quotes, no comma.
        Shape(
            "Bearer authorization_uri=https://login.microsoftonline.com/t/oauth2/authorize resource_id=https://storage.azure.com",
            bearer([
                "authorization_uri": "https://login.microsoftonline.com/t/oauth2/authorize",
                "resource_id": "https://storage.azure.com",
            ])
        ),
        // Key Vault.
        Shape(
            #"Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net""#,
            bearer(["authorization": "https://login.microsoftonline.com/t", "resource": "https://vault.azure.net"])
        ),
        // Space around equals signs, no space after commas, names in capitals, the same name twice.
        Shape(
            "bearer REALM = \"a\",Scope=\"b c\",,realm=x",
            AuthenticateChallenge(scheme: "bearer", parameters: ["realm": "a", "scope": "b c"])
        ),
        // Commas missing, between parameters and between challenges.
        Shape(
            "Bearer realm=\"a\" error=\"b\" Basic realm=\"c\"",
            bearer(["realm": "a", "error": "b"]),
            AuthenticateChallenge(scheme: "Basic", parameters: ["realm": "c"])
        ),
        Shape(
            "DPoP error=\"use_dpop_nonce\", algs=\"ES256 PS256\"",
            AuthenticateChallenge(scheme: "DPoP", parameters: ["error": "use_dpop_nonce", "algs": "ES256 PS256"])
        ),
        Shape("PoP nonce=\"eyJ.a-b_c\"", AuthenticateChallenge(scheme: "PoP", parameters: ["nonce": "eyJ.a-b_c"])),
        Shape(
            "Bearer claims=eyJhIjoxfQ==, error=insufficient_claims",
            bearer(["claims": "eyJhIjoxfQ==", "error": "insufficient_claims"])
        ),
        Shape("Bearer realm=\"never closed, error=\"", bearer(["realm": "never closed, error="])),
        Shape("Bearer realm=\"never closed", bearer(["realm": "never closed"])),
        Shape("Bearer realm=\"ends in a backslash\\", bearer(["realm": "ends in a backslash\\"])),
        Shape("Bearer realm=\"für Ägypten 🐫\"", bearer(["realm": "für Ägypten 🐫"])),
        // By the grammar this is a single value, though it was hardly meant so.
        Shape("Bearer error=", AuthenticateChallenge(scheme: "Bearer", token68: "error=")),
        Shape(
            "Bearer error=, realm=\"a\"",
            AuthenticateChallenge(scheme: "Bearer", token68: "error=", parameters: ["realm": "a"])
        ),
        Shape("Bearer realm=\"a\", error=", bearer(["realm": "a", "error": ""])),
        // A parameter without a scheme belongs to nothing; what is quoted by itself is no challenge.
        Shape("realm=\"a\", Bearer error=\"b\"", bearer(["error": "b"])),
        Shape("\"Basic realm=x\" Bearer error=\"b\"", bearer(["error": "b"])),
        Shape("ü; {} \u{0}\r\n Bearer\terror=\"b\"", bearer(["error": "b"])),
        Shape(""), Shape(" , ,, \t"), Shape("\""), Shape("==="), Shape("ä"),
    ]

    @Test(arguments: shapes)
    func challengesAreReadAsTheyAreMeant(_ shape: Shape) {
        #expect(AuthenticateChallenge.read([shape.value]) == shape.challenges)
    }

    @Test func severalFieldsAreReadInTheirOrder() throws {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .wwwAuthenticate, value: "Negotiate"))
        fields.append(HTTPField(name: .wwwAuthenticate, value: "Bearer realm=\"a\", Basic realm=\"b\""))
        let challenges = AuthenticateChallenge.read(fields)
        #expect(challenges.map(\.scheme) == ["Negotiate", "Bearer", "Basic"])
        #expect(challenges[1]["Realm"] == "a")
        #expect(challenges[1]["error"] == nil)
        #expect(AuthenticateChallenge.read(HTTPFields()).isEmpty)
    }

    @Test func aChallengeOfThePlatformTellsWhatItAsksFor() throws {
        let claims = #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#
        let read = AuthenticateChallenge.read([
            "Basic realm=\"x\", Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/contoso.com/oauth2/authorize\", "
                + "client_id=\"00000003-0000-0000-c000-000000000000\", error=\"insufficient_claims\", "
                + "error_description=\"More is needed.\", scope=\"A.Read B.Read\", nonce=\"n-1\", resource_id=\"api://claims\", "
                + "claims=\"\(Base64.encode(Array(claims.utf8)))\", cc_type=\"authcontext\""
        ])
        let bearer = try #require(BearerChallenge(among: read))
        #expect(bearer.realm == nil)
        #expect(bearer.authorizationURI == "https://login.microsoftonline.com/contoso.com/oauth2/authorize")
        #expect(try bearer.authority == .entra(tenant: "contoso.com"))
        #expect(bearer.tenant == "contoso.com")
        #expect(bearer.clientID == "00000003-0000-0000-c000-000000000000")
        #expect(bearer.error == "insufficient_claims")
        #expect(bearer.errorDescription == "More is needed.")
        #expect(bearer.scopes == ["A.Read", "B.Read"])
        #expect(bearer.nonce == "n-1")
        #expect(bearer.resource == "api://claims")
        #expect(bearer.claims == claims)
        #expect(bearer.challenge["cc_type"] == "authcontext")
    }

    @Test(arguments: [
        "Bearer claims=\"eyJhIjoxfQ\"", "Bearer claims=\"eyJhIjoxfQ==\"", "Bearer claims=eyJhIjoxfQ==",
        #"bearer claims="{\"a\":1}""#, "Bearer error=\"x\", Bearer claims=\"eyJhIjoxfQ\", error=\"y\"",
    ])
    func theClaimsAreDecoded(_ value: String) {
        #expect(BearerChallenge(among: AuthenticateChallenge.read([value]))?.claims == #"{"a":1}"#)
    }

    @Test(arguments: [
        "Bearer", "Bearer claims=\"\"", "Bearer claims=\"not base64!\"", "Bearer claims=\"W10=\"",
        "Bearer claims=\"eyJhIjox\"", "Bearer authorization_uri=\"http://login.example/t\"",
        "Bearer authorization_uri=\"not a URL\", scope=\"\", nonce=\"\"",
    ])
    func whatCannotBeUsedIsAsIfItWereMissing(_ value: String) throws {
        let bearer = try #require(BearerChallenge(among: AuthenticateChallenge.read([value])))
        #expect(bearer.claims == nil)
        #expect(bearer.authority == nil && bearer.tenant == nil)
        #expect(bearer.scopes.isEmpty && bearer.nonce == nil)
    }

    @Test func otherSchemesAreNotBearer() {
        #expect(BearerChallenge(among: AuthenticateChallenge.read(["Basic realm=\"Bearer\", PoP nonce=\"n\""])) == nil)
    }

    @Test func whatIsWrittenByTheGrammarIsReadBack() {
        var seed = Seed(4711)
        for _ in 0..<2_000 {
            let challenges = (0..<seed.next(4)).map { _ in challenge(&seed) }
            let text = challenges.map { written($0, &seed) }.joined(separator: seed.pick([", ", ",", " , ,"]))
            #expect(AuthenticateChallenge.read([text]) == challenges, "\(text)")
        }
    }

    @Test func noInputIsTooMuch() {
        var seed = Seed(12)
        let pieces = [
            "Bearer ", "Basic", " ", ",", "=", "\"", "\\", "realm", "realm=", "\"a\"", "\t", "ä", "\u{0}", "a68+/==",
            ";", "🐫",
        ]
        for _ in 0..<3_000 {
            let text = (0..<seed.next(24)).map { _ in seed.pick(pieces) }.joined()
            let challenges = AuthenticateChallenge.read([text])
            #expect(challenges.allSatisfy { !$0.scheme.isEmpty && text.contains($0.scheme) }, "\(text)")
            #expect(AuthenticateChallenge.read([text]) == challenges)
        }
    }

    @Test(arguments: ["a ", "a=", "\"", "\\\"", ",", "Bearer ", "Bearer a=\"b\" ", "a==", "ä", "a\t=\t"])
    func whatIsLongIsReadToItsBound(_ piece: String) {
        let text = String(repeating: piece, count: 65_536 / piece.utf8.count + 1_000)
        let challenges = AuthenticateChallenge.read([text + ", Basic realm=\"last\""])
        #expect(!challenges.contains { $0["realm"] == "last" })
    }

    private func challenge(_ seed: inout Seed) -> AuthenticateChallenge {
        let scheme = seed.text("abcXYZ019!#-._~", 1...6)
        if seed.next(4) == 0 {
            return AuthenticateChallenge(
                scheme: scheme,
                token68: seed.text("abcXYZ019-._~+/", 1...9) + seed.pick(["", "=", "=="])
            )
        }
        let pairs = (0..<seed.next(5)).map { _ in
            (seed.text("abcxyz019_-", 1...6), seed.text("abc XYZ,=\"\\\tä🐫;{}", 0...12))
        }
        return AuthenticateChallenge(scheme: scheme, parameters: Dictionary(pairs) { first, _ in first })
    }

    private func written(_ challenge: AuthenticateChallenge, _ seed: inout Seed) -> String {
        if let token68 = challenge.token68 { return challenge.scheme + " " + token68 }
        let parameters = challenge.parameters.sorted { $0.key < $1.key }.map { name, value in
            let name = seed.next(2) == 0 ? name : name.uppercased()
            return name + seed.pick(["=", " = ", "= "]) + "\""
                + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        return ([challenge.scheme] + [parameters.joined(separator: seed.pick([", ", ",", " "]))]).joined(separator: " ")
    }
}

/// A small generator of its own, so that each run draws the same.
struct Seed {
    private var state: UInt64

    init(_ value: UInt64) {
        state = value
    }

    /// A number below a bound.
    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[next(elements.count)]
    }

    mutating func text(_ alphabet: String, _ length: ClosedRange<Int>) -> String {
        let characters = Array(alphabet)
        return String((0..<(length.lowerBound + next(length.count))).map { _ in pick(characters) })
    }
}
