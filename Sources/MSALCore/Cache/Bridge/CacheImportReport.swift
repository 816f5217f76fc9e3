// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What an import took out of a token cache, and what it passed over.
///
/// It names no key, no token and no user name, so it may be printed and logged.
public struct CacheImportReport: Sendable, Hashable {
    /// How many access tokens were read.
    public internal(set) var accessTokens = 0

    /// How many refresh tokens were read.
    public internal(set) var refreshTokens = 0

    /// How many ID tokens were read.
    public internal(set) var idTokens = 0

    /// How many accounts were read, counting each tenant that somebody signed in to.
    public internal(set) var accounts = 0

    /// How many applications the cache knows something about.
    public internal(set) var applications = 0

    /// How many of the access tokens had ended, and were therefore left out.
    public internal(set) var endedAccessTokens = 0

    /// The sections of other libraries, which are kept for them.
    public internal(set) var foreignSections = 0

    /// What was passed over, in the order of the document.
    public internal(set) var skipped: [Skipped] = []

    /// Something that was passed over.
    public struct Skipped: Sendable, Hashable {
        /// The section it stands in.
        public let section: String

        /// Which of its entries it is: its place, and the home account ID if it tells one.
        public let name: String

        /// Why, as the end of a sentence that begins with the name.
        public let reason: String
    }

    /// A report of what was read from a document.
    init(_ document: CacheDocument) {
        accessTokens = document.accessTokens.count
        refreshTokens = document.refreshTokens.count
        idTokens = document.idTokens.count
        accounts = document.accounts.count
        applications = document.appMetadata.count
        foreignSections = document.foreignSections.count
        skipped = document.skipped
    }

    /// What to call an entry that cannot be used.
    ///
    /// - Parameters:
    ///   - number: its place in its section, from 1.
    ///   - account: its home account ID, which is shown only if it looks like one: no address, nothing a terminal obeys.
    /// - Returns: the name.
    static func name(ofEntry number: Int, account: String?) -> String {
        guard let account, !account.isEmpty, account.utf8.count <= 100,
            account.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") })
        else { return "entry \(number)" }
        return "entry \(number) (account \(account))"
    }
}

extension CacheImportReport: CustomStringConvertible {
    /// How many reasons the description names.
    private static let longestList = 20

    /// The counts in one line, and a line for each thing that was passed over.
    public var description: String {
        var lines = [
            Self.count(accessTokens, "access token") + ", " + Self.count(refreshTokens, "refresh token") + ", "
                + Self.count(idTokens, "ID token") + ", " + Self.count(accounts, "account") + ", "
                + Self.count(applications, "application")
        ]
        if endedAccessTokens > 0 {
            lines.append("\(Self.count(endedAccessTokens, "access token")) left out: the time is over")
        }
        if foreignSections > 0 {
            lines.append("\(Self.count(foreignSections, "section")) of other libraries kept")
        }
        if !skipped.isEmpty {
            lines.append("\(Self.count(skipped.count, "entry", "entries")) passed over:")
            lines += skipped.prefix(Self.longestList).map { "  \($0.section), \($0.name): \($0.reason)" }
            if skipped.count > Self.longestList {
                lines.append("  and \(skipped.count - Self.longestList) more")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A number with its noun.
    private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}
