// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALJWT

/// Users as a document of the shared schema holds them, written as msal for Python writes it.
enum UserDocument {
    /// How long the tokens are.
    enum Tokens: Sendable {
        /// As the platform's: 1,600 and 1,200 characters, an ID token with eight claims.
        case full
        /// So short that a million users fit into a small machine.
        case short
    }

    /// An entry of a section.
    private struct Entry {
        var key: String
        var members: [(String, String)]
    }

    /// What every user is granted.
    static let granted = "Calendars.Read Mail.Read User.Read email openid profile"

    /// The account of a user by number.
    static func account(_ user: Int) -> Account {
        Account(
            homeAccountID: homeAccountID(user),
            environment: TestData.host,
            tenantID: TestData.tenant,
            localAccountID: TestData.guid(user, 2),
            username: "user\(user)@contoso.example",
            name: nil
        )
    }

    /// The home account ID of a user by number.
    static func homeAccountID(_ user: Int) -> String {
        "\(TestData.guid(user, 2)).\(TestData.tenant)"
    }

    /// How the access token of a user begins.
    static func tokenStart(_ user: Int) -> String {
        TestData.token("user \(user) ", 0)
    }

    /// The document of some users.
    static func json(_ users: Range<Int>, _ tokens: Tokens = .full) -> [UInt8] {
        let now = Int(Date().timeIntervalSince1970)
        let sections: [(name: String, entry: (Int) -> Entry)] = [
            ("AccessToken", { accessToken($0, tokens, now) }),
            ("Account", { accountEntry($0) }),
            ("IdToken", { idToken($0, tokens, now) }),
            ("RefreshToken", { refreshToken($0, tokens, now) }),
        ]
        var text = "{\n"
        for (name, entry) in sections {
            text += "    \"\(name)\": {\n"
            for user in users {
                let entry = entry(user)
                let members = entry.members.map { name, value in "            \"\(name)\": \"\(value)\"" }
                text += "        \"\(entry.key)\": {\n" + members.joined(separator: ",\n")
                text += "\n        }\(user == users.upperBound - 1 ? "" : ",")\n"
            }
            text += "    },\n"
        }
        let key = "appmetadata-\(TestData.host)-\(TestData.clientID)"
        text += """
                "AppMetadata": {
                    "\(key)": {
                        "client_id": "\(TestData.clientID)",
                        "environment": "\(TestData.host)"
                    }
                }
            }
            """
        return Array(text.utf8)
    }

    private static func accessToken(_ user: Int, _ tokens: Tokens, _ now: Int) -> Entry {
        let home = homeAccountID(user)
        let key = "\(home)-\(TestData.host)-accesstoken-\(TestData.clientID)-\(TestData.tenant)-\(granted.lowercased())"
        let length = tokens == .full ? TestData.accessTokenLength : 64
        return Entry(
            key: key,
            members: [
                ("credential_type", "AccessToken"), ("secret", TestData.token("user \(user) ", length)),
                ("home_account_id", home), ("environment", TestData.host), ("client_id", TestData.clientID),
                ("target", granted), ("realm", TestData.tenant), ("token_type", "Bearer"), ("cached_at", "\(now)"),
                ("expires_on", "\(now + 36_000)"), ("extended_expires_on", "\(now + 36_000)"),
            ]
        )
    }

    private static func refreshToken(_ user: Int, _ tokens: Tokens, _ now: Int) -> Entry {
        let home = homeAccountID(user)
        let key = "\(home)-\(TestData.host)-refreshtoken-\(TestData.clientID)--\(granted.lowercased())"
        let length = tokens == .full ? TestData.refreshTokenLength : 64
        return Entry(
            key: key,
            members: [
                ("credential_type", "RefreshToken"), ("secret", TestData.token("refresh \(user) ", length)),
                ("home_account_id", home), ("environment", TestData.host), ("client_id", TestData.clientID),
                ("target", granted), ("last_modification_time", "\(now)"),
            ]
        )
    }

    private static func idToken(_ user: Int, _ tokens: Tokens, _ now: Int) -> Entry {
        let home = homeAccountID(user)
        let key = "\(home)-\(TestData.host)-idtoken-\(TestData.clientID)-\(TestData.tenant)-"
        return Entry(
            key: key,
            members: [
                ("credential_type", "IdToken"),
                ("secret", tokens == .full ? idTokenText(user, now) : TestData.token("id \(user) ", 64)),
                ("home_account_id", home), ("environment", TestData.host), ("realm", TestData.tenant),
                ("client_id", TestData.clientID),
            ]
        )
    }

    /// Eight claims, and the room of an RSA signature by 2,048 bits.
    private static func idTokenText(_ user: Int, _ now: Int) -> String {
        let header = #"{"typ":"JWT","alg":"RS256","kid":"1LTMzakihiRla_8z2BEJVXeWMqo"}"#
        let claims = """
            {"iss":"https://\(TestData.host)/\(TestData.tenant)/v2.0","aud":"\(TestData.clientID)",\
            "sub":"subject-\(user)","oid":"\(TestData.guid(user, 2))","tid":"\(TestData.tenant)",\
            "preferred_username":"user\(user)@contoso.example","iat":\(now),"exp":\(now + 36_000)}
            """
        return Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8)) + "."
            + String(repeating: "x", count: 342)
    }

    private static func accountEntry(_ user: Int) -> Entry {
        let home = homeAccountID(user)
        return Entry(
            key: "\(home)-\(TestData.host)-\(TestData.tenant)",
            members: [
                ("home_account_id", home), ("environment", TestData.host), ("realm", TestData.tenant),
                ("local_account_id", TestData.guid(user, 2)), ("username", "user\(user)@contoso.example"),
                ("authority_type", "MSSTS"), ("account_source", "authorization_code"),
            ]
        )
    }
}
