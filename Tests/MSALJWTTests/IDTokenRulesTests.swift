// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One row: what is different from a good token or the usual rules, and what comes of it.
struct RuleRow: Sendable, CustomTestStringConvertible {
    /// What the row is about.
    let testDescription: String
    /// The claims that differ; `nil` removes one.
    var claims: [String: JSONValue?] = [:]
    /// The signing key's issuer.
    var keyIssuer: String? = Given.template
    /// The expected issuer.
    var issuer: IssuerRule = .template(Given.template)
    /// Changes to the rules.
    var change: @Sendable (inout IDTokenRules) -> Void = { _ in }
    /// The refusal; `nil` where the token is accepted.
    var refused: JWTError.Code?
    /// The claim at fault.
    var name: String?

    /// Makes a row.
    init(
        _ description: String,
        _ claims: [String: JSONValue?] = [:],
        keyIssuer: String? = Given.template,
        issuer: IssuerRule = .template(Given.template),
        refused: JWTError.Code? = nil,
        name: String? = nil,
        change: @escaping @Sendable (inout IDTokenRules) -> Void = { _ in }
    ) {
        testDescription = description
        self.claims = claims
        self.keyIssuer = keyIssuer
        self.issuer = issuer
        self.change = change
        self.refused = refused
        self.name = name
    }

    /// Signs and verifies the row's token, and checks it by the row's rules.
    func check() throws {
        let signer = try Keys.one.get()
        let keys = try keySet(jwk(signer, ["issuer": keyIssuer.map { .string($0) }]))
        let token = try keys.verify(UnverifiedJWT(signer.sign(.object(Given.claims.changed(by: claims)))))
        var rules = IDTokenRules(issuer: issuer, clientID: Given.client, nonce: Given.nonce)
        change(&rules)
        guard let refused else { return try rules.check(token, at: Given.now) }
        let error = try refusal { try rules.check(token, at: Given.now) }
        #expect(error.code == refused)
        #expect(error.name == name)
    }
}

@Suite("ID token rules")
struct IDTokenRulesTests {
    @Test("Claims that have to be there", arguments: ["iss", "sub", "aud", "exp", "iat", "nonce", "tid"])
    func missing(name: String) throws {
        try RuleRow("missing", [name: nil], refused: .missingClaim, name: name).check()
        let wrong: JSONValue = ["exp", "iat"].contains(name) ? "1790000000" : 1
        try RuleRow("of another type", [name: wrong], refused: .malformedClaim, name: name).check()
        try RuleRow("null", [name: .some(.null)], refused: .malformedClaim, name: name).check()
    }

    @Test(
        "Issuer, tenant and the key's issuer agree",
        arguments: [
            RuleRow("as the platform sends it"),
            RuleRow("other issuer", ["iss": .string(Given.issuer + "1")], refused: .issuer, name: "iss"),
            RuleRow("trailing slash", ["iss": .string(Given.issuer + "/")], refused: .issuer, name: "iss"),
            RuleRow(
                "version 1 form",
                ["iss": .string("https://sts.windows.net/\(Given.tenant)/")],
                refused: .issuer,
                name: "iss"
            ),
            RuleRow(
                "other cloud",
                ["iss": .string("https://login.microsoftonline.us/\(Given.tenant)/v2.0")],
                refused: .issuer,
                name: "iss"
            ),
            RuleRow(
                "host in other case",
                ["iss": .string("https://login.MicrosoftOnline.com/\(Given.tenant)/v2.0")],
                refused: .issuer,
                name: "iss"
            ),
            RuleRow(
                "tenant in upper case",
                ["iss": .string("https://login.microsoftonline.com/\(Given.tenant.uppercased())/v2.0")]
            ),
            RuleRow("tid in upper case", ["tid": .string(Given.tenant.uppercased())]),
            RuleRow(
                "fixed issuer, tenant in upper case",
                ["iss": .string("https://login.microsoftonline.com/\(Given.tenant.uppercased())/v2.0")],
                issuer: .exact(Given.issuer)
            ),
            RuleRow("issuer that is the template", ["iss": .string(Given.template)], refused: .issuer, name: "iss"),
            RuleRow(
                "fixed issuer is never a template",
                issuer: .exact(Given.template),
                refused: .issuer,
                name: "iss"
            ),
            RuleRow(
                "tid of another tenant than iss",
                ["tid": .string(Given.otherTenant)],
                refused: .issuer,
                name: "iss"
            ),
            RuleRow("tid not a GUID", ["tid": "common"], refused: .malformedClaim, name: "tid"),
            RuleRow(
                "tid with braces",
                ["tid": .string("{\(Given.tenant)}")],
                refused: .malformedClaim,
                name: "tid"
            ),
            RuleRow(
                "tid that is the placeholder",
                ["tid": "{tenantid}", "iss": .string(Given.template)],
                refused: .malformedClaim,
                name: "tid"
            ),
            RuleRow(
                "tid with a path in it",
                ["tid": .string("\(Given.tenant)/x"), "iss": .string(Given.issuer)],
                refused: .malformedClaim,
                name: "tid"
            ),
            RuleRow("expected tenant", change: { $0.tenantID = Given.tenant.uppercased() }),
            RuleRow("unexpected tenant", refused: .tenant, name: "tid", change: { $0.tenantID = Given.otherTenant }),
            RuleRow(
                "tenant expected, fixed issuer, no tid",
                ["tid": nil],
                keyIssuer: nil,
                issuer: .exact(Given.issuer),
                refused: .missingClaim,
                name: "tid",
                change: { $0.tenantID = Given.tenant }
            ),
            RuleRow(
                "key of another tenant",
                keyIssuer: "https://login.microsoftonline.com/\(Given.otherTenant)/v2.0",
                refused: .keyIssuer,
                name: "iss"
            ),
            RuleRow(
                "key of the personal accounts",
                keyIssuer: "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
                refused: .keyIssuer,
                name: "iss"
            ),
            RuleRow(
                "key of another cloud",
                keyIssuer: "https://login.microsoftonline.us/{tenantid}/v2.0",
                refused: .keyIssuer,
                name: "iss"
            ),
            RuleRow("key of this tenant only", keyIssuer: Given.issuer),
            RuleRow(
                "templated key, fixed issuer, no tid",
                ["tid": nil],
                issuer: .exact(Given.issuer),
                refused: .missingClaim,
                name: "tid"
            ),
            RuleRow("key without issuer", keyIssuer: nil),
            RuleRow("empty key issuer", keyIssuer: "", refused: .keyIssuer, name: "iss"),
            RuleRow(
                "another provider, no tenant anywhere",
                ["iss": "https://id.example", "tid": nil],
                keyIssuer: nil,
                issuer: .exact("https://id.example")
            ),
            RuleRow(
                "another provider whose tid means something else",
                ["iss": "https://id.example", "tid": 7],
                keyIssuer: nil,
                issuer: .exact("https://id.example")
            ),
            RuleRow(
                "canonically equivalent is not the same",
                ["iss": "https://id.example/e\u{301}", "tid": nil],
                keyIssuer: nil,
                issuer: .exact("https://id.example/é"),
                refused: .issuer,
                name: "iss"
            ),
        ]
    )
    func issuer(row: RuleRow) throws {
        try row.check()
    }

    @Test(
        "The token is for this client and was issued to it",
        arguments: [
            RuleRow("other audience", ["aud": .string(Given.client + "1")], refused: .audience, name: "aud"),
            RuleRow(
                "audience in other case",
                ["aud": .string(Given.client.uppercased())],
                refused: .audience,
                name: "aud"
            ),
            RuleRow("list of one", ["aud": [.string(Given.client)]]),
            RuleRow("list of the same twice", ["aud": [.string(Given.client), .string(Given.client)]]),
            RuleRow("empty list", ["aud": []], refused: .audience, name: "aud"),
            RuleRow("empty text", ["aud": ""], refused: .audience, name: "aud"),
            RuleRow("list of strangers", ["aud": ["a", "b"]], refused: .audience, name: "aud"),
            RuleRow("list with a number", ["aud": [.string(Given.client), 1]], refused: .malformedClaim, name: "aud"),
            RuleRow("list in a list", ["aud": [[.string(Given.client)]]], refused: .malformedClaim, name: "aud"),
            RuleRow(
                "list with a stranger, no azp",
                ["aud": [.string(Given.client), "stranger"]],
                refused: .authorizedParty,
                name: "azp"
            ),
            RuleRow(
                "list with a stranger, azp is us",
                ["aud": ["stranger", .string(Given.client)], "azp": .string(Given.client)]
            ),
            RuleRow("azp is us", ["azp": .string(Given.client)]),
            RuleRow("azp is another", ["azp": "stranger"], refused: .authorizedParty, name: "azp"),
            RuleRow("azp is empty", ["azp": ""], refused: .authorizedParty, name: "azp"),
            RuleRow("azp is no text", ["azp": [.string(Given.client)]], refused: .malformedClaim, name: "azp"),
        ]
    )
    func audience(row: RuleRow) throws {
        try row.check()
    }

    @Test(
        "Times count with the skew",
        arguments: [
            RuleRow("exp 301 s ago", ["exp": .integer(Given.seconds - 301)], refused: .expired, name: "exp"),
            RuleRow("exp 300 s ago", ["exp": .integer(Given.seconds - 300)], refused: .expired, name: "exp"),
            RuleRow("exp 299 s ago", ["exp": .integer(Given.seconds - 299)]),
            RuleRow("exp 299.5 s ago", ["exp": .number(Double(Given.seconds) - 299.5)]),
            RuleRow("exp 300.5 s ago", ["exp": .number(Double(Given.seconds) - 300.5)], refused: .expired, name: "exp"),
            RuleRow("exp now, no skew", ["exp": .integer(Given.seconds)], refused: .expired, name: "exp") {
                $0.clockSkew = .zero
            },
            RuleRow("exp in a second, negative skew", ["exp": .integer(Given.seconds + 1)]) {
                $0.clockSkew = .seconds(-60)
            },
            RuleRow("exp as text", ["exp": "1790003600"], refused: .malformedClaim, name: "exp"),
            RuleRow("exp true", ["exp": true], refused: .malformedClaim, name: "exp"),
            RuleRow("exp negative", ["exp": -1], refused: .malformedClaim, name: "exp"),
            RuleRow("exp 1e300", ["exp": .number(1e300)], refused: .malformedClaim, name: "exp"),
            RuleRow("exp beyond 64 bits", ["exp": .number(1e19)], refused: .malformedClaim, name: "exp"),
            RuleRow("exp the largest integer", ["exp": .integer(.max)], refused: .malformedClaim, name: "exp"),
            RuleRow("exp the smallest integer", ["exp": .integer(.min)], refused: .malformedClaim, name: "exp"),
            RuleRow("exp zero", ["exp": 0], refused: .expired, name: "exp"),
            RuleRow(
                "exp in milliseconds",
                ["exp": .integer(Given.seconds * 1000)],
                refused: .malformedClaim,
                name: "exp"
            ),
            RuleRow("nbf in 301 s", ["nbf": .integer(Given.seconds + 301)], refused: .notYetValid, name: "nbf"),
            RuleRow("nbf in 300 s", ["nbf": .integer(Given.seconds + 300)]),
            RuleRow("nbf in 299 s", ["nbf": .integer(Given.seconds + 299)]),
            RuleRow("nbf absent", ["nbf": nil]),
            RuleRow("nbf as text", ["nbf": "0"], refused: .malformedClaim, name: "nbf"),
            RuleRow("iat in 301 s", ["iat": .integer(Given.seconds + 301)], refused: .issuedInTheFuture, name: "iat"),
            RuleRow("iat in 299 s", ["iat": .integer(Given.seconds + 299)]),
            RuleRow("iat 1e300", ["iat": .number(1e300)], refused: .malformedClaim, name: "iat"),
        ]
    )
    func times(row: RuleRow) throws {
        try row.check()
    }

    @Test(
        "The sign-in is recent enough, if asked for",
        arguments: [
            RuleRow("auth_time absent", refused: .missingClaim, name: "auth_time") { $0.maximumAge = .seconds(60) },
            RuleRow("auth_time not asked for", ["auth_time": "nonsense"]),
            RuleRow("as old as allowed", ["auth_time": .integer(Given.seconds - 360)]) { $0.maximumAge = .seconds(60) },
            RuleRow(
                "a second older",
                ["auth_time": .integer(Given.seconds - 361)],
                refused: .authenticationTooOld,
                name: "auth_time"
            ) { $0.maximumAge = .seconds(60) },
            RuleRow(
                "in the future",
                ["auth_time": .integer(Given.seconds + 301)],
                refused: .issuedInTheFuture,
                name: "auth_time"
            ) { $0.maximumAge = .seconds(60) },
            RuleRow("as text", ["auth_time": "1"], refused: .malformedClaim, name: "auth_time") {
                $0.maximumAge = .zero
            },
            RuleRow("fractions of a second count", ["auth_time": .number(Double(Given.seconds) - 1.25)]) {
                $0.maximumAge = .milliseconds(1250)
                $0.clockSkew = .zero
            },
        ]
    )
    func age(row: RuleRow) throws {
        try row.check()
    }

    @Test(
        "The nonce is the one sent",
        arguments: [
            RuleRow("other nonce", ["nonce": .string(Given.nonce + "1")], refused: .nonce, name: "nonce"),
            RuleRow("empty nonce", ["nonce": ""], refused: .nonce, name: "nonce"),
            RuleRow("none was sent", ["nonce": "whatever"]) { $0.nonce = nil },
            RuleRow("an empty one was sent", ["nonce": ""], refused: .nonce, name: "nonce") { $0.nonce = "" },
        ]
    )
    func nonce(row: RuleRow) throws {
        try row.check()
    }

    @Test(
        "More claims can be asked for",
        arguments: [
            RuleRow("absent", refused: .missingClaim, name: "oid") { $0.requiredClaims = ["oid"] },
            RuleRow("null", ["oid": .some(.null)], refused: .missingClaim, name: "oid") { $0.requiredClaims = ["oid"] },
            RuleRow("present", ["oid": "x"]) { $0.requiredClaims = ["oid"] },
        ]
    )
    func required(row: RuleRow) throws {
        try row.check()
    }

    @Test("Unlikely clock readings are no trap", arguments: [-1e300, 0, 1e300, .infinity, -.infinity, .nan])
    func survivesStrangeClocks(seconds: Double) throws {
        let signer = try Keys.one.get()
        let token = try keySet(jwk(signer)).verify(UnverifiedJWT(signer.sign(.object(Given.claims))))
        var rules = IDTokenRules(issuer: .exact(Given.issuer), clientID: Given.client, nonce: Given.nonce)
        rules.clockSkew = .seconds(Int64.max)
        rules.maximumAge = .seconds(Int64.max)
        _ = try? rules.check(token, at: Date(timeIntervalSince1970: seconds))
        rules.clockSkew = .seconds(300)
        let now = Date(timeIntervalSince1970: seconds)
        #expect(throws: JWTError.self) { try rules.check(token, at: now) }
    }
}
