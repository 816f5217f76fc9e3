// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What an assertion is wanted for: told to the callback that provides it.
public struct AssertionRequest: Sendable, Hashable {
    /// The application (client) identifier, which the assertion's `sub` usually names.
    public var clientID: String

    /// Where the assertion is going to be sent: its usual `aud`.
    public var tokenEndpoint: String

    /// The provider that is asked.
    public var authority: Authority

    /// The tenant that is asked, as the authority names it.
    public var tenant: String { authority.tenant }

    /// The path of a federated managed identity, where the request names one.
    public var fmiPath: String?

    /// The claims challenge of the request, verbatim.
    public var claims: String?

    /// The identifier under which the provider logs the request.
    public var correlationID: String

    /// Creates a request, as tests of a callback do.
    public init(
        clientID: String,
        tokenEndpoint: String,
        authority: Authority,
        fmiPath: String? = nil,
        claims: String? = nil,
        correlationID: String
    ) {
        self.clientID = clientID
        self.tokenEndpoint = tokenEndpoint
        self.authority = authority
        self.fmiPath = fmiPath
        self.claims = claims
        self.correlationID = correlationID
    }
}
