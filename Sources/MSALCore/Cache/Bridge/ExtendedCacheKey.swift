// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALJWT

/// The part of a cache key that keeps tokens of requests with further parameters away from all other requests.
///
/// Names and values are joined with their lengths before they are hashed, as MSAL for Python, Go and Java do, so that no two
/// sets of parameters can be mistaken for one another.
enum ExtendedCacheKey {
    /// The parameters that are part of every request, or have their own place in the key.
    private static let standard: Set<String> = [
        "client_id", "grant_type", "scope", "claims", "username", "password", "refresh_token", "code", "redirect_uri",
        "code_verifier", "device_code", "assertion", "requested_token_use", "client_assertion", "client_assertion_type",
        "client_secret", "token_type", "req_cnf", "key_id", "user_federated_identity_credential", "user_id",
        "client_info",
    ]

    /// The hash of a request's parameters.
    ///
    /// - Parameter fields: names and values; those without a value and the standard ones are left out. Of two with one
    ///   name, the last counts.
    /// - Returns: base64url in lower case; empty where no parameter counts.
    static func hash(of fields: [(String, String)]) -> String {
        // By bytes: as texts, two spellings of an accented letter would count as one name.
        var counting: [[UInt8]: [UInt8]] = [:]
        for (name, value) in fields where !standard.contains(name) {
            counting[Array(name.utf8)] = value.isEmpty ? nil : Array(value.utf8)
        }
        guard !counting.isEmpty else { return "" }
        var hash = SHA256()
        for (name, value) in counting.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            hash.update(data: Array("\(name.count):".utf8) + name + Array("\(value.count):".utf8) + value)
        }
        return Base64URL.encode(Array(hash.finalize())).lowercased()
    }
}
