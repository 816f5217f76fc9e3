// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALJWT

/// Where the cache keeps tokens that were acquired on behalf of a caller: apart for each of the caller's tokens, since what
/// one of them was good for is no answer for another.
enum OnBehalf {
    /// What begins the names of such partitions; no home account ID does.
    private static let prefix = "on-behalf-of/"
    /// What begins the names of those that outlive the caller's token.
    private static let sessionPrefix = prefix + "session/"

    /// The same as a number, by which nearly all other names are told at a glance.
    static let order = prefix.bigEndianPrefix

    /// The partition for a caller's token: its hash, as nobody needs the token itself.
    static func partition(of assertion: Secret) -> String {
        prefix + "assertion/" + hash(assertion.reveal())
    }

    /// The partition of a session that outlives the caller's token.
    static func partition(ofSession key: String) -> String {
        sessionPrefix + hash(key)
    }

    /// Whether a partition is one of these.
    static func isPartition(_ name: String) -> Bool {
        name.utf8.count > prefix.utf8.count && name.hasPrefix(prefix)
    }

    /// Whether a store keeps a partition: all but those for a caller's token, which brings the caller's access anew.
    static func isKept(_ name: String) -> Bool {
        !isPartition(name) || name.hasPrefix(sessionPrefix)
    }

    /// The SHA-256 of a text in base64url.
    private static func hash(_ text: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Array(text.utf8))))
    }
}

/// What makes two requests on behalf of a caller equal.
struct OnBehalfGrantKey: Hashable, Sendable {
    var assertion: Secret
    var partition: String
    var tenant: String
    var scopes: ScopeSet
    var isolation: String?
    var claims: String?
    var isForced: Bool
}
