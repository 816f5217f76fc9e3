// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The settings of an application.
public struct ApplicationConfiguration: Sendable {
    /// The application (client) identifier from the registration.
    public var clientID: String

    /// Whom to trust for signing people in.
    public var authority: Authority

    /// What a confidential client proves itself with; nil for a public client, which has nothing.
    public var credential: ClientCredential?

    /// Whose tokens are accepted; a multi-tenant authority needs a decision here.
    public var tenants: TenantPolicy

    /// How far the provider's clock may be off, both ways: five minutes unless told otherwise, an hour at most.
    public var clockSkew: Duration = .seconds(300)

    /// How long one exchange with the provider may take.
    public var timeout: Duration = .seconds(30)

    /// How much of the token cache is kept in memory.
    public var cacheLimits = CacheLimits()

    /// Where the application's own tokens come from, in place of the provider; nil for the provider.
    public var tokenProvider: TokenProvider?

    /// What the application can do with tokens, such as `cp1`: handle claims challenges of APIs, whose tokens may live longer
    /// for it and end at once when something happens to the person (continuous access evaluation).
    public var capabilities: [String] = []

    /// In which region of Azure the application asks for its own tokens; nil to let `MSAL_FORCE_REGION` decide.
    public var region: AzureRegion?

    /// How hosts that are not built in are found to be the platform's.
    public var instanceDiscovery = InstanceDiscovery.enabled

    /// Whether a request that failed for no fault of its own is sent once more.
    public var retry = RetryPolicy.once

    /// What the application calls itself, for the platform's statistics; printable ASCII.
    public var applicationName: String?

    /// The application's version, for the platform's statistics; printable ASCII.
    public var applicationVersion: String?

    /// Reads a variable of the process, for what may be set there.
    var environment: @Sendable (String) -> String? = { ProcessInfo.processInfo.environment[$0] }

    /// Told how each renewal in the background went; called on no particular thread, and not to be kept waiting.
    public var onBackgroundRefresh: (@Sendable (BackgroundRefresh) -> Void)?

    /// Creates the settings of a confidential client.
    ///
    /// - Parameters:
    ///   - clientID: the application (client) identifier.
    ///   - authority: whom to trust.
    ///   - credential: what the application proves itself with.
    ///   - tenants: whose tokens are accepted; the authority's own tenant unless told otherwise.
    public init(
        clientID: String,
        authority: Authority,
        credential: ClientCredential,
        tenants: TenantPolicy = .authority
    ) {
        self.clientID = clientID
        self.authority = authority
        self.credential = credential
        self.tenants = tenants
    }

    /// Creates the settings of a public client.
    ///
    /// - Parameters:
    ///   - clientID: the application (client) identifier.
    ///   - authority: whom to trust.
    ///   - tenants: whose tokens are accepted; the authority's own tenant unless told otherwise.
    public init(clientID: String, authority: Authority, tenants: TenantPolicy = .authority) {
        self.clientID = clientID
        self.authority = authority
        self.tenants = tenants
    }

    /// Whose tokens are accepted.
    public enum TenantPolicy: Sendable, Hashable {
        /// The tenant of the authority. Refused at start for an authority that stands for several.
        case authority
        /// These tenants, by GUID.
        case only(Set<String>)
        /// Every tenant that the platform lets in. Decide by policy who may do what.
        case any
    }

    /// Checks what can be checked without asking anybody.
    ///
    /// - Parameters:
    ///   - kind: what kind of client they are for.
    ///   - now: the time, at which a certificate has to be valid.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid` or `certificateInvalid`.
    func validate(as kind: any ClientKind.Type, at now: Date) throws(AuthenticationError) {
        guard !clientID.isEmpty, Self.isPrintable(clientID) else {
            throw Self.invalid("The client ID is empty or not printable ASCII. Copy it from the registration.")
        }
        if kind.isConfidential {
            guard credential != nil || tokenProvider != nil else {
                throw Self.invalid(
                    "A confidential client needs a credential. Configure a secret or certificate, or use a public client."
                )
            }
            try credential?.validate(at: now)
        } else if credential != nil || tokenProvider != nil {
            throw Self.invalid(
                "A public client has no credential: whoever has the program would have it too. Remove it, or use a "
                    + "confidential client."
            )
        }
        try instanceDiscovery.validate()
        guard (.zero ... .seconds(3_600)).contains(clockSkew) else {
            throw Self.invalid(
                "The clock skew of \(clockSkew.inSeconds) s is not between nothing and an hour. Use about five minutes."
            )
        }
        guard timeout > .zero else {
            throw Self.invalid(
                "The time limit of \(timeout.inSeconds) s leaves no time for a request. Use about thirty seconds."
            )
        }
        if authority.isMultiTenant, tenants == .authority {
            throw Self.invalid(
                "The authority '\(authority)' stands for many tenants. Name those you accept, or accept any on purpose."
            )
        }
        if case .only(let tenants) = tenants {
            guard !tenants.isEmpty else {
                throw Self.invalid("The list of accepted tenants is empty, so that nobody could sign in.")
            }
            if let tenant = tenants.first(where: { !GUID.isValid($0) }) {
                throw Self.invalid("'\(tenant)' in the list of accepted tenants is not a GUID.")
            }
        }
    }

    /// Whether a text is printable ASCII without spaces.
    static func isPrintable(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func invalid(_ message: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .configurationInvalid, message)
    }
}
