// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension CodeChallenge {
    /// Whether this is the verifier behind the challenge (RFC 7636 §4.6).
    func isMet(by verifier: String) -> Bool {
        guard (43...128).contains(verifier.utf8.count), verifier.utf8.allSatisfy(Self.isUnreserved) else {
            return false
        }
        return switch self {
        case .plain(let challenge): isEqualInConstantTime(challenge, verifier)
        case .s256(let challenge):
            isEqualInConstantTime(challenge, Base64URL.encode(Digest.sha256(verifier)))
        }
    }
}
