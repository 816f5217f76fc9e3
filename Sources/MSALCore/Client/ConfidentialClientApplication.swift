// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Logging

/// An application that can keep a secret: a web app, a web API or a daemon.
///
/// Make one and keep it for the life of the process. It holds the tokens it acquires, and asks the network for nothing
/// until a call needs it.
public final class ConfidentialClientApplication: Sendable {
    /// The settings it was made with.
    public let configuration: ApplicationConfiguration

    let client: ServiceClient
    let discovery: Discovery
    let validator: IDTokenValidator
    let throttle = Throttle()
    let cache: TokenCache
    /// What moves tokens between memory and a store; nil for memory alone.
    let vault: TokenVault?
    let families = FamilyMemberships()
    /// What imports brought for others, where there is no store.
    let foreign = ForeignCache()
    let time: any TimeSource
    let randomness: Randomness
    let logger: Logger
    /// By what name this application takes leases.
    let leaseHolder: String
    let refreshes = SingleFlight<SilentRequest.Key, AuthenticationResult>()
    let clientGrants = SingleFlight<ClientGrantKey, AuthenticationResult>()
    let reloads = SingleFlight<String, Void>()
    /// Lets one change of a person's tokens through at a time.
    let turnstile = Turnstile<String>()

    /// Creates an application.
    ///
    /// - Parameters:
    ///   - configuration: its settings.
    ///   - transport: what carries its requests.
    ///   - tokens: where its tokens outlive the process; in memory alone unless told otherwise.
    ///   - time: where the time comes from.
    ///   - randomness: where unguessable bytes come from.
    ///   - logger: where it logs; nowhere unless told otherwise. No token, code, secret or user name is ever logged.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    public init(
        configuration: ApplicationConfiguration,
        transport: any HTTPTransport,
        tokens: TokenPersistence? = nil,
        time: any TimeSource = SystemTime(),
        randomness: Randomness = .system,
        logger: Logger = Logger(label: "msal", factory: { _ in SwiftLogNoOpLogHandler() })
    ) throws(AuthenticationError) {
        try configuration.validate(at: time.now)
        self.configuration = configuration
        self.time = time
        self.randomness = randomness
        client = ServiceClient(transport: transport, timeout: configuration.timeout, time: time, logger: logger)
        discovery = Discovery(client: client, time: time)
        validator = IDTokenValidator(configuration: configuration, client: client, time: time)
        let cache = TokenCache(clientID: configuration.clientID, limits: configuration.cacheLimits)
        self.cache = cache
        vault = tokens.map { TokenVault($0, cache: cache, authority: configuration.authority, logger: logger) }
        self.logger = logger
        leaseHolder = randomness.token()
    }

    /// Creates an application with the usual settings.
    ///
    /// - Parameters:
    ///   - clientID: the application (client) identifier from the registration.
    ///   - authority: whom to trust.
    ///   - credential: what the application proves itself with.
    ///   - transport: what carries its requests.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    public convenience init(
        clientID: String,
        authority: Authority,
        credential: ClientCredential,
        transport: any HTTPTransport
    ) throws(AuthenticationError) {
        try self.init(
            configuration: ApplicationConfiguration(clientID: clientID, authority: authority, credential: credential),
            transport: transport
        )
    }

    /// The metadata of this application's authority, or of another tenant of it.
    func metadata(of authority: Authority, _ correlationID: String) async throws -> ProviderMetadata {
        try await discovery.metadata(of: authority, correlationID: correlationID)
    }

    /// A fresh identifier for one call, under which the provider logs it.
    func makeCorrelationID() -> String {
        var bytes = randomness.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40  // version 4 (RFC 9562 §5.4)
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }
}
