// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// An application role: the `value` of an `appRoles` entry of the registration, as the `roles` claim carries it.
///
///     extension AppRole { static let adjuster: AppRole = "Claims.Adjuster" }
public struct AppRole: RawRepresentable, Hashable, Sendable, Codable {
    /// The value in the claim; letters count by case.
    public let rawValue: String

    /// A role of a value.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

extension AppRole: ExpressibleByStringLiteral {
    /// A role of a literal value.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}

extension AppRole: CustomStringConvertible {
    /// The value.
    public var description: String { rawValue }
}
