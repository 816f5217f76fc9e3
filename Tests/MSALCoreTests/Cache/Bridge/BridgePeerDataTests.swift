// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Testing

@testable import MSALCore

/// Caches that the tests of other MSALs hold, read where they lie beside the package.
@Suite struct BridgePeerDataTests {
    /// A whole cache, and what is in it.
    struct Whole: CustomTestStringConvertible {
        var path: String
        /// Access tokens, refresh tokens, ID tokens, accounts, applications.
        var counts: [Int]
        var skipped: [String] = []
        var sections = 0

        var testDescription: String { path }
    }

    private static let caches = [
        Whole(path: "msal-java/AAD_cache_data/full_cache.json", counts: [1, 1, 1, 1, 0]),
        Whole(
            path: "msal-java/serialized_cache.json",
            counts: [1, 1, 1, 1, 1],
            skipped: ["its 'target' is missing or empty"],
            sections: 1
        ),
        Whole(
            path: "msal-go/test_serialized_cache.json",
            counts: [1, 1, 1, 1, 1],
            skipped: ["its 'target' is missing or empty"],
            sections: 1
        ),
        Whole(
            path: "msal-java/multi-cloud-account-cache.json",
            counts: [0, 0, 2, 2, 0],
            skipped: Array(repeating: "its 'secret' is missing or empty", count: 4)
        ),
        Whole(
            path: "msal-java/multi-tenant-account-cache.json",
            counts: [0, 0, 0, 5, 0],
            skipped: Array(repeating: "its 'secret' is missing or empty", count: 5)
        ),
        Whole(path: "msal-dotnet/ExpectedTokenCache.json", counts: [5, 4, 3, 3, 3]),
        Whole(path: "msal-dotnet/CacheFromTheFuture.json", counts: [5, 4, 3, 3, 3], sections: 4),
        Whole(path: "msal-dotnet/SingleCloudTokenCache.json", counts: [2, 2, 2, 2, 1]),
        Whole(path: "msal-dotnet/MultiTenantTokenCache.json", counts: [3, 2, 3, 3, 1]),
        Whole(path: "msal-dotnet/token_cache_adfs.json", counts: [1, 1, 1, 1, 1]),
    ]

    @Test(.enabled(if: PeerData.has("msal-dotnet"), PeerData.notice), arguments: caches)
    func wholeCachesAreReadAndWrittenWithoutLoss(cache: Whole) throws {
        let bytes = try PeerData.bytes(cache.path)
        let document = try CacheDocument(reading: bytes)
        let report = CacheImportReport(document)
        #expect(
            [report.accessTokens, report.refreshTokens, report.idTokens, report.accounts, report.applications]
                == cache.counts
        )
        #expect(report.skipped.map(\.reason) == cache.skipped)
        #expect(report.foreignSections == cache.sections)

        let written = document.json()
        let after = try CacheDocument(reading: written)
        #expect(Set(after.accessTokens) == Set(document.accessTokens))
        #expect(Set(after.refreshTokens) == Set(document.refreshTokens))
        #expect(Set(after.idTokens) == Set(document.idTokens))
        #expect(Set(after.accounts) == Set(document.accounts))
        #expect(Set(after.appMetadata) == Set(document.appMetadata))
        #expect(Set(after.foreignSections) == Set(document.foreignSections))
        #expect(Set(after.foreignEntries) == Set(document.foreignEntries))

        let original = try #require(try JSONValue(parsing: PeerData.strict(bytes)).objectValue)
        let ours = try #require(try JSONValue(parsing: written).objectValue)
        for (section, value) in original {
            guard let entries = value.objectValue, CacheSection(rawValue: section) != nil else {
                #expect(ours[section] == value, "\(section)")
                continue
            }
            var rest = ours[section]?.objectValue?.values.map(Self.normalised) ?? []
            #expect(rest.count == entries.count, "\(section)")
            for entry in entries.values.map(Self.normalised) {
                let place = try #require(rest.firstIndex { Self.holds($0, entry) }, "\(section): an entry is lost")
                rest.remove(at: place)
            }
        }
    }

    /// One entity as MSAL for Java writes it, and its key.
    @Test(
        .enabled(if: PeerData.has("msal-java"), PeerData.notice),
        arguments: ["AAD", "MSA", "Foci"],
        ["at", "rt", "id_token", "account", "app_metadata"]
    )
    func singleEntitiesAndKeysAreThoseOfJava(folder: String, kind: String) throws {
        let path = "msal-java/\(folder)_cache_data/\(kind)_cache_entity"
        guard kind != "app_metadata" || folder == "Foci" else { return }
        var text = String(decoding: try PeerData.bytes(path + ".json"), as: UTF8.self)
        // The file has names of times where times are.
        for (name, seconds) in [("expires_on", "4600"), ("cached_at", "1000"), ("extended_expires_on", "8200")] {
            text = text.replacingOccurrences(of: "<\(name)>", with: seconds)
        }
        let key = try PeerData.text(path + "_key.txt")
        let json = Array(text.utf8)
        switch kind {
        case "at":
            // Java writes no token type; it is what Python looks for.
            try expectSame(AccessTokenEntity(json: json), json, key, adding: ["token_type": "Bearer"])
        case "rt": try expectSame(RefreshTokenEntity(json: json), json, key)
        case "id_token": try expectSame(IDTokenEntity(json: json), json, key)
        case "account": try expectSame(AccountEntity(json: json), json, key)
        default: try expectSame(AppMetadataEntity(json: json), json, key)
        }
    }

    private func expectSame(
        _ entity: some CacheEntity,
        _ json: [UInt8],
        _ key: String,
        adding: [String: JSONValue] = [:]
    ) throws {
        let expected = try #require(try JSONValue(parsing: json).objectValue).merging(adding) { first, _ in first }
        #expect(try JSONValue(parsing: entity.json()) == .object(expected))
        #expect(entity.key == key)
    }

    /// An entry without nulls, which stand for nothing.
    private static func normalised(_ entry: JSONValue) -> JSONValue {
        guard let members = entry.objectValue else { return entry }
        return .object(members.filter { $0.value != .null })
    }

    /// Whether an entry has all that another has.
    private static func holds(_ entry: JSONValue, _ other: JSONValue) -> Bool {
        guard let members = entry.objectValue, let wanted = other.objectValue else { return entry == other }
        return wanted.allSatisfy { members[$0.key] == $0.value }
    }
}
