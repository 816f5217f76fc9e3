// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Whether two byte sequences are equal, in a time that depends on their lengths only.
///
/// For values an attacker may guess bit by bit: nonces, states, hashes, secrets. The length is not hidden.
package func isEqualInConstantTime(
    _ first: some Collection<UInt8>,
    _ second: some Collection<UInt8>
) -> Bool {
    withContiguousBytes(of: first) { first in
        withContiguousBytes(of: second) { second in
            guard first.count == second.count else { return false }
            var difference: UInt8 = 0
            for position in first.indices {
                difference |= first[position] ^ second[position]
            }
            return difference == 0
        }
    }
}

/// Whether two texts are the same UTF-8 bytes, in a time that depends on their lengths only.
package func isEqualInConstantTime(_ first: String, _ second: String) -> Bool {
    isEqualInConstantTime(first.utf8, second.utf8)
}
