// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Configuration
public import Logging
public import MSALCore
import Synchronization

/// Sign-in, sessions and policies for a web application, in whatever server framework.
///
/// A framework's layer calls ``receive(_:)`` first. If that has an answer, the answer goes out; else the route runs, and
/// what it throws goes to ``answer(to:for:)``. Whatever goes out passes ``finish(_:for:)``.
public final class WebAuthentication: Sendable {
    /// The settings.
    public let configuration: WebConfiguration
    /// What acquires the tokens.
    public let application: ConfidentialClientApplication
    /// Where the sessions are kept.
    let sessions: any SessionStore
    /// How pages look.
    let pages: any PageRenderer
    /// What carries requests to downstream APIs.
    let transport: any HTTPTransport
    /// What time it is.
    let time: any TimeSource
    /// Seals cookies.
    let sealer: Sealer
    /// The names and attributes of cookies.
    let cookies: CookieJar
    /// Tells requests of our own pages from those of others.
    let crossSite: CrossSiteCheck
    /// The origins that signing in and out leads to, for `form-action`.
    private let learnedOrigins: Mutex<[String]>

    /// Puts the parts together.
    ///
    /// Nothing goes over the network.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - application: what acquires the tokens.
    ///   - transport: what carries requests to downstream APIs.
    ///   - sessions: where sessions are kept; in memory unless told otherwise.
    ///   - pages: how pages look; plain unless told otherwise.
    ///   - time: what time it is.
    ///   - logger: takes one notice if the sealing keys end with the process.
    public init(
        configuration: WebConfiguration,
        application: ConfidentialClientApplication,
        transport: any HTTPTransport,
        sessions: any SessionStore = MemorySessionStore(),
        pages: any PageRenderer = StandardPages(),
        time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "msal.web")
    ) {
        self.configuration = configuration
        self.application = application
        self.transport = transport
        self.sessions = sessions
        self.pages = pages
        self.time = time
        sealer = Sealer(keys: configuration.keys)
        cookies = CookieJar(isHTTPS: configuration.publicBaseURL.isHTTPS)
        crossSite = CrossSiteCheck(origin: configuration.publicBaseURL.origin)
        learnedOrigins = Mutex(Self.knownOrigins(of: application.configuration.authority))
        if configuration.keys.isEphemeral {
            logger.notice("WEB_KEYS is not set: sign-ins under way end with this process")
        }
    }

    /// Reads all settings, `AZURE_AD_…` and `WEB_…`, and puts the parts together.
    ///
    /// Nothing goes over the network.
    ///
    /// - Throws: `ConfigurationFaults` with everything that is wrong with the settings.
    public convenience init(
        reader: ConfigReader,
        transport: any HTTPTransport,
        sessions: any SessionStore = MemorySessionStore(),
        pages: any PageRenderer = StandardPages(),
        time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "msal.web")
    ) throws {
        var faults = ConfigurationFaults()
        let settings = ApplicationConfiguration.read(from: reader, collecting: &faults)
        let web = WebConfiguration.read(from: reader, collecting: &faults)
        try faults.throwIfAny()
        guard let settings, let web else { throw faults }
        let application = try ConfidentialClientApplication(
            configuration: settings,
            transport: transport,
            time: time,
            logger: logger
        )
        self.init(
            configuration: web,
            application: application,
            transport: transport,
            sessions: sessions,
            pages: pages,
            time: time,
            logger: logger
        )
    }

    /// The value of the `Content-Security-Policy` field, for an application that extends it page by page.
    public var contentSecurityPolicy: String {
        configuration.securityHeaders.contentSecurityPolicy(providerOrigins: providerOrigins)
    }

    /// Ends all sessions of a person, everywhere.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func endSessions(of user: UserKey) async throws -> Int {
        try await sessions.deleteSessions(of: user)
    }

    /// The origins that signing in and out leads to, as far as they are known.
    var providerOrigins: [String] { learnedOrigins.withLock(\.self) }

    /// Remembers the origin of an address of the provider, so that `form-action` allows it from now on.
    func learnOrigin(of url: String) {
        guard let origin = Self.origin(of: url) else { return }
        learnedOrigins.withLock { if !$0.contains(origin) { $0.append(origin) } }
    }

    /// The origin of an absolute http or https address.
    static func origin(of url: String) -> String? {
        guard let end = url.firstRange(of: "://")?.upperBound else { return nil }
        let authority = url[end...].prefix { !"/?#".contains($0) }
        return PublicBaseURL(url[..<end] + authority)?.origin
    }

    /// The origins that are known before anybody has signed in.
    ///
    /// Personal accounts sign in and out at a host of their own.
    private static func knownOrigins(of authority: Authority) -> [String] {
        var origins = [origin(of: authority.description)].compactMap(\.self)
        if origins == ["https://login.microsoftonline.com"] { origins.append("https://login.live.com") }
        return origins
    }
}
