// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension EmulatorSeed {
    /// A domain whose people sign in at a federation server, which the emulator plays as well.
    public struct FederatedDomain: Sendable {
        /// What federation servers of the field write for the platform.
        static let standardVersion = "1.1"

        /// The domain.
        public var name: String
        /// The version of the assertions that are written unless a request names another one: `1.1` or `2.0`.
        public var samlVersion: String

        /// Describes a domain.
        public init(_ name: String, samlVersion: String = "1.1") {
            self.name = name
            self.samlVersion = samlVersion
        }
    }
}
