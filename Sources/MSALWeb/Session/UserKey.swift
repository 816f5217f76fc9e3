// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The key to store things about a person under: never an e-mail address or a user name, which change hands.
public struct UserKey: Sendable, Hashable, Codable {
    /// The tenant's id, or the issuer where there are no tenants.
    public let realm: String
    /// The object id in that tenant, or the subject at that issuer.
    public let subject: String

    /// A key for a person of a tenant or an issuer.
    public init(realm: String, subject: String) {
        self.realm = realm
        self.subject = subject
    }
}

extension UserKey: CustomStringConvertible {
    /// Both halves, with a slash between.
    public var description: String { "\(realm)/\(subject)" }
}
