// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The same data on both sides: what the peer's program makes is made alike here.
enum TestData {
    /// The platform's host.
    static let host = "login.microsoftonline.com"
    /// The application.
    static let clientID = "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6"
    /// The application's own tenant.
    static let tenant = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
    /// How long an access token of the platform is.
    static let accessTokenLength = 1_600
    /// How long a refresh token of the platform is.
    static let refreshTokenLength = 1_200

    /// The GUID of a number.
    static func guid(_ number: Int, _ kind: Int = 0) -> String {
        let digits = String(UInt64(number), radix: 16)
        let padded = String(repeating: "0", count: 12 - digits.count) + digits
        // Spread over the first group as well, as real ones are.
        let spread = String(UInt32(truncatingIfNeeded: number &* 0x9E37_79B1 &+ kind), radix: 16)
        return String(repeating: "0", count: 8 - spread.count) + spread + "-6d1e-4b8a-9c5\(kind)-" + padded
    }

    /// The scope of an API by number, for the application's own tokens.
    static func applicationScope(_ number: Int) -> String {
        "https://api-\(number).contoso.example/.default"
    }

    /// A token that says what it is for, filled up to a length.
    static func token(_ purpose: String, _ length: Int) -> String {
        let head = purpose.map { $0.isLetter || $0.isNumber ? $0 : "." }
        return String(head) + String(repeating: "x", count: max(0, length - head.count))
    }
}

/// A generator with a fixed seed (SplitMix64), so that every run asks in the same order.
struct FixedSeed: RandomNumberGenerator {
    private var state: UInt64 = 0x5EED_0F_CAC4E

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var result = state
        result = (result ^ (result >> 30)) &* 0xBF58_476D_1CE4_E5B9
        result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
        return result ^ (result >> 31)
    }
}
