// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// How an application proved who it is.
enum ClientProof: Sendable {
    /// Not at all: a public client.
    case none
    /// By a secret.
    case secret
    /// By an assertion: its own, or one of another issuer.
    case assertion

    /// The value of `azpacr` and `appidacr`.
    var authenticationClass: String {
        switch self {
        case .none: "0"
        case .secret: "1"
        case .assertion: "2"
        }
    }
}

/// An application that called the token endpoint, and how it proved that.
struct AuthenticatedClient: Sendable {
    /// The application.
    let application: Application
    /// How.
    let proof: ClientProof
}
