// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// What the federation server signs its assertions with.
///
/// It is an authentication code over the text around it, in the place of an XML signature: whoever handed the assertion on
/// must not have touched a byte, which is all that a client can get wrong.
struct AssertionKey: Sendable {
    /// Where the signature stands in the text.
    private static let start = "<ds:SignatureValue>"
    /// Where it ends.
    private static let end = "</ds:SignatureValue>"
    /// The element that holds it; without its value until the text is signed.
    static let emptySignature =
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:SignatureMethod "
        + "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\"/></ds:SignedInfo>"
        + start + end + "</ds:Signature>"

    /// The key, a new one in each process.
    private let key = SymmetricKey(size: .bits256)

    /// Puts the signature into a text that has a place for it.
    func sign(_ text: String) -> String {
        let code = Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
        return text.replacing(Self.start + Self.end, with: Self.start + code.base64EncodedString() + Self.end)
    }

    /// Whether a text was signed by this key and is still the same.
    func isSigned(_ text: String) -> Bool {
        let halves = text.split(separator: Self.start, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return false }
        let parts = halves[1].split(separator: Self.end, omittingEmptySubsequences: false)
        guard parts.count == 2, let code = Data(base64Encoded: String(parts[0])) else { return false }
        let unsigned = halves[0] + Self.start + Self.end + parts[1]
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(unsigned.utf8), using: key)
    }
}
