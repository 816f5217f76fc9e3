// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Logging
import Synchronization
public import Tracing

/// What kind of client an application is (RFC 6749 §2.1): ``ConfidentialClient`` or ``PublicClient``.
public protocol ClientKind: Sendable {
    /// Whether it proves itself with a credential.
    static var isConfidential: Bool { get }
}

/// A client that can keep a secret: a web app, a web API or a daemon.
public enum ConfidentialClient: ClientKind {
    /// It proves itself with a credential.
    public static var isConfidential: Bool { true }
}

/// A client that cannot keep a secret, since it runs on its users' machines: a command line tool or a desktop program.
public enum PublicClient: ClientKind {
    /// It has no credential: whoever has the program has all that is in it.
    public static var isConfidential: Bool { false }
}

/// An application that can keep a secret: a web app, a web API or a daemon.
public typealias ConfidentialClientApplication = ClientApplication<ConfidentialClient>

/// An application that runs on its users' machines and can keep no secret.
public typealias PublicClientApplication = ClientApplication<PublicClient>

/// An application that signs people in and acquires tokens, as ``ConfidentialClientApplication`` or
/// ``PublicClientApplication``.
///
/// Make one and keep it for the life of the process. It holds the tokens it acquires, and asks the network for nothing
/// until a call needs it.
public final class ClientApplication<Kind: ClientKind>: Sendable {
    /// The settings it was made with.
    public let configuration: ApplicationConfiguration

    let client: ServiceClient
    let discovery: Discovery
    let validator: IDTokenValidator
    let throttle = Throttle()
    let telemetry = RequestTelemetry()
    let region: RegionResolver
    let cache: TokenCache
    /// What moves tokens between memory and a store; nil for memory alone.
    let vault: TokenVault?
    let families = FamilyMemberships()
    /// What imports brought for others, where there is no store.
    let foreign = ForeignCache()
    let time: any TimeSource
    let randomness: Randomness
    let logger: Logger
    /// What tells of its work.
    let instruments: Instruments
    /// By what name this application takes leases.
    let leaseHolder: String
    let refreshes = SingleFlight<SilentRequest.Key, AuthenticationResult>()
    let clientGrants = SingleFlight<ClientGrantKey, AuthenticationResult>()
    let onBehalfGrants = SingleFlight<OnBehalfGrantKey, AuthenticationResult>()
    let reloads = SingleFlight<String, Void>()
    /// The applications of agent identities that this one proves.
    let agents = Mutex(BoundedTable<String, ConfidentialClientApplication>(capacity: 1_000))
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
    ///   - tracer: what makes spans of its work; the one that the process is set up with unless told otherwise.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    public init(
        configuration: ApplicationConfiguration,
        transport: any HTTPTransport,
        tokens: TokenPersistence? = nil,
        time: any TimeSource = SystemTime(),
        randomness: Randomness = .system,
        logger: Logger = Logger(label: "msal", factory: { _ in SwiftLogNoOpLogHandler() }),
        tracer: any Tracer = InstrumentationSystem.tracer
    ) throws(AuthenticationError) {
        try configuration.validate(as: Kind.self, at: time.now)
        self.configuration = configuration
        self.time = time
        self.randomness = randomness
        let instruments = Instruments(configuration, tracer: tracer, logger: logger)
        self.instruments = instruments
        client = ServiceClient(
            transport: transport,
            timeout: configuration.timeout,
            time: time,
            logger: logger,
            retry: configuration.retry,
            randomness: randomness,
            instruments: instruments
        )
        discovery = Discovery(client: client, time: time, instanceDiscovery: configuration.instanceDiscovery)
        region = try RegionResolver(
            configuration.region,
            environment: configuration.environment,
            transport: transport,
            time: time,
            instruments: instruments
        )
        validator = IDTokenValidator(configuration: configuration, client: client, time: time)
        let cache = TokenCache(clientID: configuration.clientID, limits: configuration.cacheLimits)
        self.cache = cache
        vault = tokens.map {
            TokenVault(
                $0,
                cache: cache,
                authority: configuration.authority,
                logger: logger,
                instruments: instruments
            )
        }
        self.logger = logger
        leaseHolder = randomness.token()
    }

    /// The metadata of this application's authority, or of another tenant of it.
    func metadata(of authority: Authority, _ correlationID: String) async throws -> ProviderMetadata {
        try await discovery.metadata(of: authority, correlationID: correlationID)
    }

    /// A fresh identifier for one call, under which the provider logs it.
    func makeCorrelationID() -> String {
        randomness.uuid()
    }
}

extension ClientApplication where Kind == ConfidentialClient {
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
}

extension ClientApplication where Kind == PublicClient {
    /// Creates an application with the usual settings.
    ///
    /// - Parameters:
    ///   - clientID: the application (client) identifier from the registration.
    ///   - authority: whom to trust.
    ///   - tenants: whose tokens are accepted; an authority that stands for many tenants needs a decision.
    ///   - transport: what carries its requests.
    ///   - tokens: where its tokens outlive the process; in memory alone unless told otherwise.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    public convenience init(
        clientID: String,
        authority: Authority,
        tenants: ApplicationConfiguration.TenantPolicy = .authority,
        transport: any HTTPTransport,
        tokens: TokenPersistence? = nil
    ) throws(AuthenticationError) {
        try self.init(
            configuration: ApplicationConfiguration(clientID: clientID, authority: authority, tenants: tenants),
            transport: transport,
            tokens: tokens
        )
    }
}
