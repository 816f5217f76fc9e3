// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import MSALJWT

/// The token that proves that a page of this session sent a form: the session's secret under a fresh mask each time.
///
/// The mask makes each page's token different, so that a compressed answer tells nothing about the secret (BREACH).
enum CSRFToken {
    /// The name of the hidden field of a form.
    static let fieldName = "csrf_token"
    /// The length of the secret and of the mask.
    static let secretLength = 32

    /// A token for one page.
    static func make(for secret: [UInt8]) -> String {
        let mask = Randomness.system.bytes(secret.count)
        return Base64URL.encode(mask + zip(mask, secret).map { $0 ^ $1 })
    }

    /// True if a token was made for this secret.
    static func isValid(_ token: String, for secret: [UInt8]) -> Bool {
        guard secret.count == secretLength, token.utf8.count <= 128 else { return false }
        guard let bytes = Base64URL.decode(token), bytes.count == 2 * secretLength else { return false }
        let unmasked = zip(bytes[..<secretLength], bytes[secretLength...]).map { $0 ^ $1 }
        return isEqualInConstantTime(unmasked, secret)
    }
}
