// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension EmulatorSeed {
    /// A rule that tokens of some resources, or of an authentication context, need a second factor.
    public struct ConditionalAccessPolicy: Sendable {
        /// The GUID that errors name it by (`capolids`).
        public var id: String
        /// The tenant: GUID or domain.
        public var tenant: String
        /// What pages call it.
        public var displayName: String
        /// The people it is for, by user principal name; empty for everybody.
        public var users: [String]
        /// The resources whose tokens it guards: client IDs or identifier URIs.
        public var resources: [String]
        /// The authentication contexts it guards, `c1` to `c99`.
        public var authenticationContexts: [String]
        /// Whether it is in force.
        public var isEnabled: Bool

        /// Describes a policy.
        public init(
            id: String,
            tenant: String,
            displayName: String,
            users: [String] = [],
            resources: [String] = [],
            authenticationContexts: [String] = [],
            isEnabled: Bool = true
        ) {
            self.id = id
            self.tenant = tenant
            self.displayName = displayName
            self.users = users
            self.resources = resources
            self.authenticationContexts = authenticationContexts
            self.isEnabled = isEnabled
        }
    }

    /// Reads a policy.
    static func policy(
        _ value: JSONValue,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> ConditionalAccessPolicy {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return ConditionalAccessPolicy(
            id: reader.text("id", &faults),
            tenant: reader.text("tenant", &faults),
            displayName: reader.text("displayName", &faults),
            users: reader.texts("users", &faults),
            resources: reader.texts("resources", &faults),
            authenticationContexts: reader.texts("authenticationContexts", &faults),
            isEnabled: reader.flag("enabled", default: true, &faults)
        )
    }
}
