// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// One departure of the provider, what must come of it, and how often the provider is asked for its keys.
///
/// The numbers are those of the OpenID Connect conformance suite's modules for relying parties, continued for what an
/// Entra client needs beyond it.
struct TokenCase: Sendable, CustomTestStringConvertible {
    var row: Int
    var name: String
    var outcome: Outcome
    var keyRequests = 1
    var kind = ScriptedProvider.Kind.entra
    var change: @Sendable (inout ScriptedProvider.Script) -> Void

    enum Outcome: Sendable, Equatable {
        case accept
        case rejectToken(JWTError.Code, String? = nil)
        case reject(AuthenticationError.Code)
    }

    init(
        _ row: Int,
        _ name: String,
        _ outcome: Outcome,
        keyRequests: Int = 1,
        kind: ScriptedProvider.Kind = .entra,
        change: @escaping @Sendable (inout ScriptedProvider.Script) -> Void
    ) {
        self.row = row
        self.name = name
        self.outcome = outcome
        self.keyRequests = keyRequests
        self.kind = kind
        self.change = change
    }

    var testDescription: String { "\(row) \(name)" }
}

@Suite struct IDTokenConformanceTests {
    @Test(arguments: claimCases + timeCases + headerCases + keyCases + formCases)
    func aSignInHasTheOutcomeOfItsRow(_ row: TokenCase) async throws {
        let provider = ScriptedProvider(row.kind, row.change)
        let application = try provider.makeApplication()
        let error = await authenticationError { try await provider.signIn(application) }
        switch row.outcome {
        case .accept:
            #expect(error == nil)
            #expect(try await application.accounts().count == 1)
        case .rejectToken(let code, let name):
            #expect(error?.kind == .rejectedToken)
            #expect(error?.code == .idTokenRejected)
            #expect(tokenFault(error) == code)
            if let name { #expect((error?.underlying as? JWTError)?.name == name) }
            #expect(try await application.accounts().isEmpty)
        case .reject(let code):
            #expect(error?.code == code)
            #expect(try await application.accounts().isEmpty)
        }
        #expect(provider.count(.token) == 1)
        #expect(provider.count(.keys) == row.keyRequests)
        #expect(provider.count(.userInfo) == 0)
        // The same provider doing all right is accepted: the rejection was for the right reason.
        provider.change { $0 = ScriptedProvider.Script() }
        provider.time.advance(by: .seconds(301))
        let sound = try provider.makeApplication()
        #expect(try await provider.signIn(sound).idToken?.claims.subject == "subject-1")
    }

    static let claimCases: [TokenCase] = [
        TokenCase(1, "nothing wrong", .accept) { _ in },
        TokenCase(2, "another issuer", .rejectToken(.issuer)) { $0.claims = { $0.append("1", to: "iss") } },
        TokenCase(3, "no subject", .rejectToken(.missingClaim, "sub")) { $0.claims = { $0["sub"] = nil } },
        TokenCase(4, "another audience", .rejectToken(.audience)) { $0.claims = { $0.append("1", to: "aud") } },
        TokenCase(5, "no audience", .rejectToken(.missingClaim, "aud")) { $0.claims = { $0["aud"] = nil } },
        TokenCase(6, "no time of issue", .rejectToken(.missingClaim, "iat")) { $0.claims = { $0["iat"] = nil } },
        TokenCase(15, "another nonce", .rejectToken(.nonce)) { $0.claims = { $0.append("1", to: "nonce") } },
        TokenCase(15, "no nonce", .rejectToken(.missingClaim, "nonce")) { $0.claims = { $0["nonce"] = nil } },
        TokenCase(63, "an audience of one in a list", .accept) {
            $0.claims = { $0["aud"] = [.string(ScriptedProvider.clientID)] }
        },
        TokenCase(63, "a stranger in the audience", .rejectToken(.authorizedParty)) {
            $0.claims = { $0["aud"] = [.string(ScriptedProvider.clientID), "stranger"] }
        },
        TokenCase(64, "another authorized party", .rejectToken(.authorizedParty)) { $0.claims = { $0["azp"] = "x" } },
        TokenCase(65, "another tenant than the issuer's, which is fixed", .rejectToken(.tenant)) {
            $0.claims = { $0["tid"] = .string(ScriptedProvider.otherTenant) }
        },
        TokenCase(65, "a tenant that is no GUID", .rejectToken(.malformedClaim, "tid")) { script in
            script.metadata = { $0["issuer"] = .string("\(ScriptedProvider.origin)/{tenantid}/v2.0") }
            script.claims = { $0["tid"] = "contoso.com" }
        },
        TokenCase(65, "a tenant that the issuer does not name", .rejectToken(.issuer)) { script in
            script.metadata = { $0["issuer"] = .string("\(ScriptedProvider.origin)/{tenantid}/v2.0") }
            script.claims = { $0["tid"] = .string(ScriptedProvider.otherTenant) }
        },
        TokenCase(65, "no tenant while the issuer is a template", .rejectToken(.missingClaim, "tid")) { script in
            script.metadata = { $0["issuer"] = .string("\(ScriptedProvider.origin)/{tenantid}/v2.0") }
            script.claims = { $0["tid"] = nil }
        },
        TokenCase(67, "the issuer in its first version's form", .rejectToken(.issuer)) {
            $0.claims = { $0["iss"] = .string("https://sts.windows.net/\(ScriptedProvider.tenant)/") }
        },
        TokenCase(67, "a slash after the issuer", .rejectToken(.issuer)) { $0.claims = { $0.append("/", to: "iss") } },
        TokenCase(67, "the tenant in upper case", .accept) { script in
            script.metadata = { $0["issuer"] = .string("\(ScriptedProvider.origin)/{tenantid}/v2.0") }
            script.claims = {
                $0["tid"] = .string(ScriptedProvider.tenant.uppercased())
            }
        },
        TokenCase(67, "another cloud's host", .rejectToken(.issuer)) {
            $0.claims = { $0["iss"] = .string("https://login.microsoftonline.us/\(ScriptedProvider.tenant)/v2.0") }
        },
    ]

    static let timeCases: [TokenCase] = [
        TokenCase(60, "ended just past the skew", .rejectToken(.expired)) { $0.claims = { $0.shift("exp", -3_901) } },
        TokenCase(60, "ended just within the skew", .accept) { $0.claims = { $0.shift("exp", -3_899) } },
        TokenCase(61, "begins just past the skew", .rejectToken(.notYetValid)) { $0.claims = { $0.shift("nbf", 301) } },
        TokenCase(61, "begins just within the skew", .accept) { $0.claims = { $0.shift("nbf", 299) } },
        TokenCase(62, "an end in words", .rejectToken(.malformedClaim, "exp")) { $0.claims = { $0["exp"] = "soon" } },
        TokenCase(62, "an end before all time", .rejectToken(.malformedClaim, "exp")) {
            $0.claims = { $0["exp"] = -1 }
        },
        TokenCase(62, "no end", .rejectToken(.missingClaim, "exp")) { $0.claims = { $0["exp"] = nil } },
        TokenCase(62, "an end with a fraction", .accept) {
            $0.claims = { $0["exp"] = .number(1_788_260_400.5) }
        },
        TokenCase(62, "an end of 1e300", .rejectToken(.malformedClaim, "exp")) {
            $0.claims = { $0["exp"] = .number(1e300) }
        },
    ]

    static let headerCases: [TokenCase] = [
        TokenCase(9, "RS256", .accept) { _ in },
        TokenCase(10, "no algorithm", .rejectToken(.algorithmNotAllowed), keyRequests: 0) {
            $0.idToken = { $0.replacingHeader(#"{"alg":"none","kid":"first"}"#, signature: "AA") }
        },
        TokenCase(11, "a broken signature", .rejectToken(.signatureInvalid)) {
            $0.idToken = { $0.breakingSignature() }
        },
        TokenCase(73, "jku, x5u, x5c and jwk, which are passed over", .accept) {
            $0.header = [
                "jku": "https://evil.example/keys", "x5u": "https://evil.example/c", "x5c": ["MIIB"],
                "jwk": ["kty": "RSA"],
            ]
        },
        TokenCase(73, "crit", .rejectToken(.unsupportedHeader), keyRequests: 0) {
            $0.header = ["crit": ["exp"], "exp": 1]
        },
        TokenCase(73, "b64", .rejectToken(.unsupportedHeader), keyRequests: 0) { $0.header = ["b64": false] },
        TokenCase(73, "zip", .rejectToken(.unsupportedHeader), keyRequests: 0) { $0.header = ["zip": "DEF"] },
        TokenCase(73, "a member twice", .rejectToken(.malformed), keyRequests: 0) {
            $0.idToken = { $0.replacingHeader(#"{"alg":"RS256","alg":"RS256","kid":"first"}"#) }
        },
        TokenCase(74, "five parts", .rejectToken(.encrypted), keyRequests: 0) { $0.idToken = { $0 + ".AA.AA" } },
        TokenCase(74, "an empty part", .rejectToken(.malformed), keyRequests: 0) { $0.idToken = { _ in "e30..AA" } },
        TokenCase(74, "padding", .rejectToken(.malformed), keyRequests: 0) { $0.idToken = { $0 + "==" } },
        TokenCase(74, "a line break", .rejectToken(.malformed), keyRequests: 0) { $0.idToken = { $0 + "\n" } },
        TokenCase(74, "standard base64", .rejectToken(.malformed), keyRequests: 0) {
            $0.idToken = { String($0.dropLast(2)) + "+/" }
        },
    ]

    static let keyCases: [TokenCase] = [
        TokenCase(7, "no key named, one key", .accept) { script in
            script.keys = { $0[0]["kid"] = nil }
            script.idToken = { _ in "" }
            script.unnamedKey()
        },
        TokenCase(8, "no key named, several keys", .rejectToken(.keyNotFound)) { script in
            script.publishedKeys = [ScriptedProvider.firstKey, ScriptedProvider.secondKey]
            script.unnamedKey()
        },
        TokenCase(66, "a key of another tenant", .rejectToken(.keyIssuer)) {
            $0.keys = { $0[0]["issuer"] = .string("\(ScriptedProvider.origin)/\(ScriptedProvider.otherTenant)/v2.0") }
        },
        TokenCase(66, "a key of the consumers' tenant", .rejectToken(.keyIssuer)) {
            $0.keys = {
                $0[0]["issuer"] = .string("\(ScriptedProvider.origin)/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0")
            }
        },
        TokenCase(66, "a key of every tenant", .accept) {
            $0.keys = { $0[0]["issuer"] = .string("\(ScriptedProvider.origin)/{tenantid}/v2.0") }
        },
        TokenCase(70, "two keys of one name", .rejectToken(.keyNotFound)) { script in
            script.publishedKeys = [ScriptedProvider.firstKey, ScriptedProvider.secondKey]
            script.keys = { $0[1]["kid"] = "first" }
        },
        TokenCase(70, "a key for encryption", .rejectToken(.keyNotFound)) {
            $0.keys = { $0[0]["use"] = "enc" }
        },
        TokenCase(70, "a symmetric key", .rejectToken(.keyNotFound)) {
            $0.keys = { $0[0] = ["kty": "oct", "kid": "first", "k": "AAAA"] }
        },
        TokenCase(70, "a key of 1,024 bits", .rejectToken(.keyNotFound)) {
            $0.keys = { $0[0]["n"] = .string(Base64URL.encode([0xC1] + Array(repeating: 0x5B, count: 127))) }
        },
        TokenCase(70, "an even exponent", .rejectToken(.keyNotFound)) {
            $0.keys = { $0[0]["e"] = "AQAA" }
        },
        TokenCase(70, "an algorithm against the type", .rejectToken(.keyNotFound)) {
            $0.keys = { $0[0]["alg"] = "ES256" }
        },
    ]

    static let formCases: [TokenCase] = [
        TokenCase(75, "no client_info", .accept) { $0.token = { $0["client_info"] = nil } },
        TokenCase(75, "client_info that is none", .reject(.clientInfo)) { $0.token = { $0["client_info"] = "%%%" } },
        TokenCase(75, "client_info of an application", .accept) {
            $0.token = { $0["client_info"] = .string(Base64URL.encode(Array(#"{"authz":["x"]}"#.utf8))) }
        },
        TokenCase(75, "client_info of another object", .reject(.clientInfo)) {
            $0.token = {
                $0["client_info"] = .string(
                    ScriptedProvider.clientInfo(ScriptedProvider.otherTenant, ScriptedProvider.tenant)
                )
            }
        },
        TokenCase(75, "client_info of a guest's home", .accept) {
            $0.token = {
                $0["client_info"] = .string(
                    ScriptedProvider.clientInfo(ScriptedProvider.object, ScriptedProvider.otherTenant)
                )
            }
        },
        TokenCase(76, "no lifetime", .accept) { $0.token = { $0["expires_in"] = nil } },
        TokenCase(76, "a lifetime in words", .accept) { $0.token = { $0["expires_in"] = "3599" } },
        TokenCase(76, "bearer in lower case", .accept) { $0.token = { $0["token_type"] = "bearer" } },
        TokenCase(76, "BEARER", .accept) { $0.token = { $0["token_type"] = "BEARER" } },
        TokenCase(76, "another type of token", .reject(.tokenType), keyRequests: 0) {
            $0.token = { $0["token_type"] = "mac" }
        },
        TokenCase(76, "a lifetime past all numbers", .reject(.malformedDocument), keyRequests: 0) {
            $0.token = { $0["expires_in"] = .number(1e300) }
        },
        TokenCase(1, "no ID token", .reject(.idTokenMissing), keyRequests: 0) { $0.token = { $0["id_token"] = nil } },
        TokenCase(1, "no access token", .reject(.accessTokenMissing), keyRequests: 0) {
            $0.token = { $0["access_token"] = nil }
        },
    ]
}
