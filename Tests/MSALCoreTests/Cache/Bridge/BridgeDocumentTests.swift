// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Testing

@testable import MSALCore

/// What becomes of a whole document.
@Suite struct BridgeDocumentTests {
    private func refreshToken(_ client: String, family: String? = nil, assertion: String? = nil) -> RefreshTokenEntity {
        RefreshTokenEntity(
            homeAccountID: "H.t",
            environment: "e",
            clientID: client,
            secret: Secret("rt-" + client),
            familyID: family,
            assertionHash: assertion
        )
    }

    @Test func everySectionIsReadAndTheRestKept() throws {
        let document = try CacheDocument(reading: Array(BridgeSamples.everything.utf8))
        #expect(document.accessTokens.count == 1 && document.refreshTokens.count == 1)
        #expect(document.idTokens.count == 1 && document.accounts.count == 1 && document.appMetadata.count == 1)
        let json = try JSONValue(parsing: document.json())
        #expect(json["AnotherA"] == ["field": "1"])
        #expect(json["AccessToken"]?["an-entry"] == ["foo": "bar"])
        let token = json["AccessToken"]?["h.t-login.microsoftonline.com-accesstoken-c-t-a b"]
        #expect(token?["client_info"] == ["x": [1, 2.5, "é"]])
        #expect(json["Account"]?["h.t-login.microsoftonline.com-t"]?["account_source"] == "authorization_code")
        #expect(json["AppMetadata"]?["appmetadata-login.microsoftonline.com-C"]?["family_id"] == "1")
    }

    @Test func oneBadEntryHarmsNoOther() throws {
        let json = #"""
            {"AccessToken": {"bad": {"secret": "x"}, "worse": 5,
                "k": {"secret": "s", "environment": "e", "client_id": "c", "target": "a", "expires_on": "1"}},
             "RefreshToken": [], "IdToken": {"i": {"home_account_id": "me@contoso.com"}, "j": {"home_account_id": "u.t"}}}
            """#
        let document = try CacheDocument(reading: Array(json.utf8))
        #expect(document.accessTokens.map { $0.secret.reveal() } == ["s"])
        let report = CacheImportReport(document)
        #expect(
            report.description == """
                1 access token, 0 refresh tokens, 0 ID tokens, 0 accounts, 0 applications
                5 entries passed over:
                  AccessToken, entry 1: its 'target' is missing or empty
                  AccessToken, entry 2: it is not an object
                  RefreshToken, the whole section: it is not an object
                  IdToken, entry 1: its 'environment' is missing or empty
                  IdToken, entry 2 (account u.t): its 'environment' is missing or empty
                """
        )
        let written = try JSONValue(parsing: document.json())
        #expect(written["AccessToken"]?["worse"] == 5 && written["AccessToken"]?["bad"] == ["secret": "x"])
        #expect(written["IdToken"]?["i"] == ["home_account_id": "me@contoso.com"])
    }

    @Test func aLongListOfReasonsIsCutShort() throws {
        let entries = (0..<30).map { "\"\($0)\":{}" }.joined(separator: ",")
        let report = CacheImportReport(try CacheDocument(reading: Array("{\"Account\":{\(entries)}}".utf8)))
        #expect(report.skipped.count == 30)
        #expect(report.description.split(separator: "\n").count == 23)
        #expect(report.description.hasSuffix("and 10 more"))
    }

    @Test func noTwoEntriesShareAKey() throws {
        var document = CacheDocument()
        document.refreshTokens = [
            refreshToken("a", family: "1"), refreshToken("B", family: "1"), refreshToken("c", assertion: "Hash"),
            refreshToken("c"), refreshToken("c"), refreshToken("c"),
        ]
        document.foreignEntries = [
            CacheDocument.ForeignEntry(section: .refreshTokens, key: "h.t-e-refreshtoken-c--", json: Array("7".utf8))
        ]
        let section = try #require(try JSONValue(parsing: document.json())["RefreshToken"]?.objectValue)
        #expect(
            Set(section.keys) == [
                "h.t-e-refreshtoken-1--", "h.t-e-refreshtoken-1---b", "h.t-e-refreshtoken-c---hash",
                "h.t-e-refreshtoken-c--", "h.t-e-refreshtoken-c---2", "h.t-e-refreshtoken-c---2-3",
                "h.t-e-refreshtoken-c---2-4",
            ]
        )
        #expect(section["h.t-e-refreshtoken-c--"]?["user_assertion_hash"] == nil)
        #expect(try CacheDocument(reading: document.json()).refreshTokens.count == 6)
    }

    @Test func anEmptyCacheIsAnEmptyObject() throws {
        #expect(CacheDocument().json() == Array("{}".utf8))
    }

    @Test func extendedKeysAreThoseOfTheVectors() throws {
        let cases = try VectorFile("extended-cache-key").cases
        #expect(cases.count == 13)
        for vector in cases {
            let fields = vector["fields"]?.objectValue?.map { ($0.key, $0.value.stringValue ?? "") } ?? []
            #expect(ExtendedCacheKey.hash(of: fields) == vector["hash"]?.stringValue)
            #expect(ExtendedCacheKey.hash(of: fields.reversed()) == vector["hash"]?.stringValue)
        }
    }
}
