// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What has to hold for an RSA public key before anything is computed with it.
struct RSAKeyCheck {
    /// The sizes that are neither weak nor a burden.
    static let sizes = 2048...8192

    /// The modulus, big-endian, without leading zeros.
    let modulus: [UInt8]
    /// The exponent, big-endian, without leading zeros.
    let exponent: [UInt8]

    /// Takes the numbers as they were sent: some senders put zeros in front.
    init(modulus: [UInt8], exponent: [UInt8]) {
        self.modulus = Array(modulus.drop { $0 == 0 })
        self.exponent = Array(exponent.drop { $0 == 0 })
    }

    /// How many bits the modulus has.
    private var bits: Int {
        modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
    }

    /// Refuses keys that are too short, too long, or not RSA keys at all.
    func refuseUnsafe() throws(JWTError) {
        guard Self.sizes.contains(bits) else {
            throw JWTError(.unusableKey, "An RSA key has 2048 to 8192 bits.", name: "n")
        }
        guard modulus.last.map({ $0 & 1 }) == 1 else { throw JWTError(.unusableKey, "The modulus is even.", name: "n") }
        guard exponent.last.map({ $0 & 1 }) == 1, exponent != [1], exponent.count <= 4 else {
            throw JWTError(.unusableKey, "The exponent is even, one, or too large.", name: "e")
        }
        guard !hasFingerprintOfWeakGenerator else {
            throw JWTError(.unusableKey, "The key comes from a generator whose keys can be factored.", name: "n")
        }
    }

    /// Whether the modulus looks made by the generator of CVE-2017-15361 ("ROCA"), whose keys can be factored.
    ///
    /// Its primes are powers of 65537 modulo many small primes at once, hence so is the modulus. A key made otherwise
    /// passes for one about once in 2²⁷ keys.
    private var hasFingerprintOfWeakGenerator: Bool {
        Self.smallPrimes.allSatisfy { prime in
            let remainder = modulus.reduce(0) { ($0 * 256 + Int($1)) % prime }
            var power = 1
            repeat {
                if power == remainder { return true }
                power = power * 65537 % prime
            } while power != 1
            return false
        }
    }

    /// The primes modulo which the powers of 65537 are not everything.
    private static let smallPrimes = [
        11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
    ]
}
