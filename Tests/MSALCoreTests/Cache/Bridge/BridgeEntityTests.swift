// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Testing

@testable import MSALCore

/// Documents for the tests of the bridge.
enum BridgeSamples {
    /// A cache with an entry of each kind, an entry that is none, and members and sections of others.
    static let everything = #"""
        {
            "AccessToken": {
                "h.t-login.microsoftonline.com-accesstoken-c-t-a b": {
                    "credential_type": "AccessToken", "secret": "at", "home_account_id": "h.t",
                    "environment": "login.microsoftonline.com", "client_id": "C", "target": "A b", "realm": "t",
                    "token_type": "Bearer", "cached_at": "1000", "expires_on": "4600", "extended_expires_on": "8200",
                    "refresh_on": "2800", "client_info": {"x": [1, 2.5, "\u00e9",],}, "key_id": "k"
                },
                "an-entry": {"foo": "bar"}
            },
            "RefreshToken": {
                "h.t-login.microsoftonline.com-refreshtoken-c--a b": {
                    "credential_type": "RefreshToken", "secret": "rt", "home_account_id": "h.t", "family_id": "1",
                    "environment": "login.microsoftonline.com", "client_id": "C", "target": "A b",
                    "last_modification_time": "1000", "user_assertion_hash": "hash=="
                }
            },
            "IdToken": {
                "h.t-login.microsoftonline.com-idtoken-c-t-": {
                    "credential_type": "IdToken", "secret": "id", "home_account_id": "h.t", "realm": "t",
                    "environment": "login.microsoftonline.com", "client_id": "C"
                }
            },
            "Account": {
                "h.t-login.microsoftonline.com-t": {
                    "home_account_id": "h.t", "environment": "login.microsoftonline.com", "realm": "t",
                    "local_account_id": "l", "username": "d\u00fc@contoso.com", "authority_type": "MSSTS",
                    "account_source": "authorization_code"
                }
            },
            "AppMetadata": {
                "appmetadata-login.microsoftonline.com-C": {
                    "client_id": "C", "environment": "login.microsoftonline.com", "family_id": "1"
                }
            },
            "Another\u0041": {"field": "1"}
        }
        """#
}

/// What an entry of each kind needs, and the names other libraries have for its fields.
@Suite struct BridgeEntityTests {
    private static let accessToken: [String: JSONValue] = [
        "credential_type": "AccessToken", "secret": "at", "home_account_id": "h.t", "environment": "e.com",
        "client_id": "c", "realm": "t", "target": "A b", "cached_at": "1000", "expires_on": "4600",
    ]

    private func accessToken(_ changes: [String: JSONValue?]) throws -> AccessTokenEntity {
        var members = Self.accessToken
        for (name, value) in changes { members[name] = value }
        return try AccessTokenEntity(json: JSONValue.object(members).serialized())
    }

    @Test(arguments: ["secret", "environment", "client_id", "target", "expires_on"])
    func anAccessTokenNeedsThis(field: String) {
        for value: JSONValue? in [nil, .null, ""] {
            #expect { try accessToken([field: value]) } throws: { error in
                let error = error as? AuthenticationError
                return error?.code == .cacheMalformed && error?.message.contains("'\(field)'") == true
            }
        }
    }

    @Test(arguments: ["home_account_id", "environment", "client_id", "secret"])
    func aRefreshTokenNeedsThis(field: String) throws {
        var members = Self.accessToken
        members["credential_type"] = "RefreshToken"
        let whole = JSONValue.object(["RefreshToken": ["k": .object(members)]])
        #expect(try CacheDocument(reading: whole.serialized()).refreshTokens.count == 1)
        members[field] = nil
        let part = JSONValue.object(["RefreshToken": ["k": .object(members)]])
        let document = try CacheDocument(reading: part.serialized())
        #expect(document.refreshTokens.isEmpty)
        #expect(document.skipped.map(\.reason) == ["its '\(field)' is missing or empty"])
    }

    @Test func whatIsNotNeededHasAMeaningWhereItIsAbsent() throws {
        let token = try accessToken(["home_account_id": nil, "realm": nil, "cached_at": nil])
        #expect(token.homeAccountID == "" && token.realm == "" && token.tokenType == "Bearer")
        #expect(token.cachedAt == Date(timeIntervalSince1970: 0))
        #expect(try accessToken(["home_account_id": .null]).homeAccountID == "")
        #expect(try accessToken(["home_account_id": ""]).homeAccountID == "")
        let account = try AccountEntity(json: Array(#"{"home_account_id":"h","environment":"e"}"#.utf8))
        #expect(account.username == "" && account.authorityType == "MSSTS" && account.realm == "")
    }

    @Test(arguments: [
        ("1788256800", 1_788_256_800), ("1788256800.75", 1_788_256_800), ("-62135596800", -62_135_596_800),
        ("9999999999999", 9_999_999_999_999),
    ]) func timesAreDecimalTextsOrNumbers(text: String, seconds: Double) throws {
        let time = Date(timeIntervalSince1970: seconds)
        #expect(try accessToken(["expires_on": .string(text)]).expiresOn == time)
        if let number = Int64(text) {
            #expect(try accessToken(["expires_on": .integer(number)]).expiresOn == time)
        }
    }

    @Test(arguments: ["<expires_on>", "12x", " 1", "1e3", "9999999999999999", "-", ".5"])
    func whatIsNoTimeMakesTheEntryUseless(text: String) {
        #expect(throws: AuthenticationError.self) { try accessToken(["expires_on": .string(text)]) }
        #expect(throws: AuthenticationError.self) { try accessToken(["refresh_on": .string(text)]) }
    }

    @Test(arguments: ["key_id", "kid", "keyid"]) func theKeyOfATokenHasThreeNames(name: String) throws {
        let token = try accessToken([name: "key-1"])
        #expect(token.keyID == "key-1")
        let json = try JSONValue(parsing: token.json())
        #expect(json["key_id"] == "key-1" && json[name] == "key-1")
    }

    @Test func fieldsOfOtherNamesAreReadAndKept() throws {
        let token = try accessToken([
            "ext_expires_on": "8200", "access_token_type": "pop", "userAssertionHash": "hash", "unknown": [1, .null],
        ])
        #expect(token.extendedExpiresOn == Date(timeIntervalSince1970: 8_200))
        #expect(token.tokenType == "pop" && token.assertionHash == "hash")
        let json = try JSONValue(parsing: token.json())
        #expect(json["ext_expires_on"] == "8200" && json["extended_expires_on"] == "8200")
        #expect(json["userAssertionHash"] == "hash" && json["user_assertion_hash"] == "hash")
        #expect(json["unknown"] == [1, .null])
    }

    @Test func assertionHashesLoseTheirPadding() throws {
        #expect(try accessToken(["user_assertion_hash": "abc="]).assertionHash == "abc")
        #expect(try accessToken(["user_assertion_hash": "abc=="]).assertionHash == "abc")
        #expect(try accessToken(["user_assertion_hash": ""]).assertionHash == nil)
        #expect(throws: AuthenticationError.self) { try accessToken(["user_assertion_hash": "=="]) }
    }

    @Test func furtherParametersKeepATokenApartWhoeverWroteThem() throws {
        let hash = ExtendedCacheKey.hash(of: [("fmi_path", "a/b")])
        #expect(try accessToken(["ext_cache_key": .string(hash)]).extendedKey == hash)
        #expect(try accessToken(["ext_cache_key_hash": .string(hash.uppercased())]).extendedKey == hash)
        #expect(try accessToken(["ext": ["fmi_path": "a/b"]]).extendedKey == hash)
        #expect(try accessToken(["additionalCacheKeyComponents": ["fmi_path": "a/b"]]).extendedKey == hash)
        #expect(try accessToken(["ext": [:]]).extendedKey == nil)
        for unclear: JSONValue in ["x", ["a"], ["fmi_path": 5], ["scope": "x"]] {
            #expect(throws: AuthenticationError.self) { try accessToken(["ext": unclear]) }
        }
    }

    @Test func anEntryOfAnotherKindIsNotTaken() throws {
        #expect(throws: AuthenticationError.self) { try accessToken(["credential_type": "RefreshToken"]) }
        #expect(throws: AuthenticationError.self) { try accessToken(["credential_type": 5]) }
        #expect(try accessToken(["credential_type": nil]).secret == Secret("at"))
        #expect(try accessToken(["credential_type": "AccessToken_With_AuthScheme"]).secret == Secret("at"))
    }

    @Test func faultsTellNothingOfTheEntry() {
        let json = #"{"home_account_id":"HIDDEN","environment":"HIDDEN","client_id":"HIDDEN","secret":["HIDDEN"]}"#
        #expect { try RefreshTokenEntity(json: Array(json.utf8)) } throws: { !"\($0)".contains("HIDDEN") }
        #expect { try RefreshTokenEntity(json: Array("HIDDEN".utf8)) } throws: { !"\($0)".contains("HIDDEN") }
    }

    @Test func entitiesComeBackAsTheyWereWritten() throws {
        let document = try CacheDocument(reading: Array(BridgeSamples.everything.utf8))
        let accessToken = try #require(document.accessTokens.first)
        #expect(try AccessTokenEntity(json: accessToken.json()) == accessToken)
        let refreshToken = try #require(document.refreshTokens.first)
        #expect(try RefreshTokenEntity(json: refreshToken.json()) == refreshToken)
        let idToken = try #require(document.idTokens.first)
        #expect(try IDTokenEntity(json: idToken.json()) == idToken)
        let account = try #require(document.accounts.first)
        #expect(try AccountEntity(json: account.json()) == account)
        let metadata = try #require(document.appMetadata.first)
        #expect(try AppMetadataEntity(json: metadata.json()) == metadata)
    }

    @Test func textsThatNeedEscapesComeBack() throws {
        let name = "\u{0}\u{1f}\"\\/\u{7f}é😀\u{2028}" + String(repeating: "x", count: 40) + "\n"
        let account = AccountEntity(
            homeAccountID: name,
            environment: "e",
            realm: "r",
            localAccountID: "",
            username: name,
            name: name,
            authorityType: "MSSTS"
        )
        #expect(try AccountEntity(json: account.json()) == account)
        #expect(try JSONValue(parsing: account.json())["username"] == .string(name))
    }
}
