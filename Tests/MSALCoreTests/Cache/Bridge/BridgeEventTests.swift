// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Testing

@testable import MSALCore

/// The 60 answers of `cache-events.json`: what msal for Python writes for each, and what this library does.
///
/// Both must agree but for the deliberate differences, each of which has a name and a count.
@Suite struct BridgeEventTests {
    /// A deliberate difference from msal for Python.
    enum Difference: String {
        /// An answer that tells no lifetime lives an hour; Python says ten minutes. `expires_on` in an answer is not read:
        /// the platform's token endpoint sends none.
        case lifetime
        /// Python invents `extended_expires_on` where the answer has no `ext_expires_in`.
        case extendedLifetime
        /// The user name is `preferred_username` or `email`; `upn` is for AD FS alone, and not promised to be one.
        case username
        /// At a provider that is not the platform, `oid` may be anything: the local account is the subject.
        case localAccount
        /// Python notes by which grant an account came, for its broker.
        case accountSource
        /// Without an ID token nobody is signed in: no account, whatever `client_info` says.
        case accountWithoutIDToken
        /// A user's tokens of which nothing says whose they are: Python files them as the application's own.
        case tokensOfNobody
    }

    @Test func entriesAreThoseOfPythonButForWhatIsMeant() throws {
        let cases = try VectorFile("cache-events").cases
        #expect(cases.count == 60)
        var counts: [Difference: Int] = [:]
        for vector in cases {
            let event = try #require(vector["event"])
            let now = Date(timeIntervalSince1970: try #require(vector["now"]?.doubleValue))
            let document = try Self.document(of: event, at: now)
            let written = try JSONValue(parsing: document.json())
            let ours = try #require(written.objectValue)
            let theirs = try #require(vector["cache"]?.objectValue)
            for section in Set(ours.keys).union(theirs.keys) {
                let entries = ours[section]?.objectValue ?? [:]
                let expected = theirs[section]?.objectValue ?? [:]
                for key in Set(entries.keys).union(expected.keys) {
                    guard let entry = entries[key]?.objectValue, let other = expected[key]?.objectValue else {
                        let isMeant = entries[key] == nil && event["response"]?["id_token"] == nil
                        #expect(isMeant, "\(section) \(key)")
                        counts[section == "Account" ? .accountWithoutIDToken : .tokensOfNobody, default: 0] += 1
                        continue
                    }
                    for name in Set(entry.keys).union(other.keys) where entry[name] != other[name] {
                        let difference = Self.difference(name, entry[name], other[name], event)
                        let meant = try #require(difference, "\(section) \(key) \(name)")
                        counts[meant, default: 0] += 1
                    }
                }
            }
            // What was written is what is read.
            let read = try CacheDocument(reading: document.json())
            #expect(read.accessTokens == document.accessTokens && read.refreshTokens == document.refreshTokens)
            #expect(read.idTokens == document.idTokens && read.accounts == document.accounts)
            #expect(read.appMetadata == document.appMetadata && read.skipped.isEmpty)
        }
        #expect(counts == Self.expectedCounts)
    }

    private static let expectedCounts: [Difference: Int] = [
        .lifetime: 21, .extendedLifetime: 36, .username: 11, .localAccount: 3, .accountSource: 29,
        .accountWithoutIDToken: 6, .tokensOfNobody: 2,
    ]

    /// The name of a difference; nil if it is none that is meant.
    private static func difference(
        _ name: String,
        _ ours: JSONValue?,
        _ theirs: JSONValue?,
        _ event: JSONValue
    ) -> Difference? {
        let response = event["response"]
        switch name {
        case "expires_on":
            return response?["expires_in"] == nil && ours == "4600" ? .lifetime : nil
        case "extended_expires_on":
            return response?["ext_expires_in"] == nil && ours == nil ? .extendedLifetime : nil
        case "username":
            return ours == "" && theirs?.stringValue?.hasPrefix("upn") == true ? .username : nil
        case "local_account_id":
            let isForeign = event["token_endpoint"]?.stringValue?.contains("/adfs/") == true
            return isForeign && ours?.stringValue?.hasPrefix("SUB") == true ? .localAccount : nil
        case "account_source":
            return ours == nil && theirs == event["grant_type"] ? .accountSource : nil
        default:
            return nil
        }
    }

    /// The entities of an answer, made of what the library reads out of it.
    private static func document(of event: JSONValue, at now: Date) throws -> CacheDocument {
        let json = try #require(event["response"])
        let response = try TokenResponse(json)
        let endpoint = try #require(event["token_endpoint"]?.stringValue)
        let url = endpoint.replacing("/oauth2/v2.0/token", with: "").replacing("/oauth2/token", with: "")
        // The vectors' B2C endpoints have no policy, which an authority must have.
        let authority = try Authority(url.contains(".b2clogin.com/") ? url + "/B2C_1_signin" : url)
        let clientID = try #require(event["client_id"]?.stringValue)
        // An event's scopes are the ones to file under: its sender has looked into the answer already.
        let scopes = (event["scope"]?.arrayValue?.compactMap(\.stringValue) ?? [])
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let environment = authority.environment
        let parameters = event["data"]?.objectValue?.map { ($0.key, $0.value.stringValue ?? "") } ?? []
        let extendedKey = ExtendedCacheKey.hash(of: parameters)

        var document = CacheDocument()
        var home = try json["client_info"]?.stringValue.flatMap { try ClientInfo($0)?.homeAccountID } ?? ""
        if let idToken = response.idToken {
            let parts = idToken.split(separator: ".", omittingEmptySubsequences: false)
            let claims = try JWTClaims(parsing: try #require(Base64URL.decode(parts[1])))
            let account = try Account(claims: claims, clientInfo: response.clientInfo, authority: authority)
            home = account.homeAccountID
            // The vectors' ID tokens name no tenant, so that the one that was asked for stands in its place.
            let realm = account.tenantID.isEmpty ? authority.tenant : account.tenantID
            document.accounts = [
                AccountEntity(
                    homeAccountID: home,
                    environment: environment,
                    realm: realm,
                    localAccountID: account.localAccountID,
                    username: account.username,
                    name: account.name,
                    authorityType: authority.kind == .adfs ? "ADFS" : "MSSTS"
                )
            ]
            document.idTokens = [
                IDTokenEntity(
                    homeAccountID: home,
                    environment: environment,
                    clientID: clientID,
                    realm: realm,
                    secret: Secret(idToken)
                )
            ]
        }
        document.appMetadata = [
            AppMetadataEntity(clientID: clientID, environment: environment, familyID: response.familyID)
        ]
        guard !home.isEmpty || event["grant_type"] == "client_credentials" else { return document }
        document.accessTokens = [
            AccessTokenEntity(
                homeAccountID: home,
                environment: environment,
                clientID: clientID,
                realm: authority.tenant,
                scopes: scopes,
                secret: response.accessToken,
                tokenType: response.tokenType,
                cachedAt: now,
                expiresOn: now.adding(response.lifetime),
                extendedExpiresOn: response.extendedLifetime.map { now.adding($0) },
                refreshOn: response.refreshIn.map { now.adding($0) },
                extendedKey: extendedKey.isEmpty ? nil : extendedKey
            )
        ]
        if let token = response.refreshToken {
            document.refreshTokens = [
                RefreshTokenEntity(
                    homeAccountID: home,
                    environment: environment,
                    clientID: clientID,
                    secret: token,
                    familyID: response.familyID,
                    scopes: scopes,
                    modifiedAt: now
                )
            ]
        }
        return document
    }
}
