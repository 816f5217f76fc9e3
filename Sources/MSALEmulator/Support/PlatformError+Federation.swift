// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Faults of federated identity credentials.
extension PlatformError {
    /// What of an assertion fits no credential.
    enum FederatedPart: String {
        /// `iss`.
        case issuer
        /// `aud`.
        case audience
        /// `sub`.
        case subject

        /// The number for it.
        var code: Int {
            switch self {
            case .issuer: 700211
            case .audience: 700212
            case .subject: 700213
            }
        }
    }

    /// The application has no credential of the kind.
    static func federationUnset(_ application: Application) -> PlatformError {
        credential(
            70025,
            "The client '\(application.id)'(\(quoted(application.displayName))) has no configured federated identity "
                + "credentials."
        )
    }

    /// No credential of the application fits.
    static func federationMismatch(_ part: FederatedPart, _ value: String) -> PlatformError {
        credential(
            part.code,
            "No matching federated identity record found for presented assertion \(part.rawValue) '\(quoted(value))'. "
                + "Issuer, subject and audience must match letter by letter. (Emulator: federatedCredentials in the "
                + "seed.)"
        )
    }

    /// A person's token where only an application's counts.
    static let federationOfPerson = credential(
        700229,
        "Only app-only tokens can be used as Federated Identity Credentials for this platform's own issuer."
    )

    /// The issuer's keys could not be read.
    static func federationKeysMissing(_ issuer: String) -> PlatformError {
        credential(
            50166,
            "Request to External OIDC endpoint failed: the keys of the issuer '\(quoted(issuer))' cannot be read. "
                + "(Emulator: an issuer on this machine is asked for its OpenID metadata; another one needs "
                + "EmulatorConfiguration.issuerKeys.)"
        )
    }
}
