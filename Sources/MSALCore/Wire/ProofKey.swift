// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALJWT

/// The proof key of a code exchange (RFC 7636), always by S256.
struct ProofKey: Sendable {
    /// The secret half: 43 characters that stand for 256 bits (§4.1).
    let verifier: Secret

    /// Makes a fresh one.
    init(_ randomness: Randomness) {
        verifier = Secret(randomness.token(byteCount: 32))
    }

    /// Takes one that was made before.
    init(verifier: Secret) {
        self.verifier = verifier
    }

    /// The public half: the verifier's SHA-256 in base64url (§4.2).
    var challenge: String {
        Base64URL.encode(Array(SHA256.hash(data: Array(verifier.reveal().utf8))))
    }
}

/// The nonce of a sign-in: kept in clear, sent as its hash, as the other libraries of the platform do.
enum SignInNonce {
    /// The SHA-256 of a nonce in lower-case hexadecimal.
    static func hash(_ nonce: String) -> String {
        SHA256.hash(data: Array(nonce.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
