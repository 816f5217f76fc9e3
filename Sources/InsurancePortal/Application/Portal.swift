// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Hummingbird
package import Logging
package import MSALCore
import MSALHummingbird
import MSALWeb

/// The portal: sign-in, data and pages, without a socket.
package struct Portal: Sendable {
    /// Sign-in, sessions and policies.
    let web: WebAuthentication
    /// Policies, claims, people.
    let data: PortalDatabase
    /// Templates and style sheet.
    let resources: PortalResources
    /// Where profiles come from.
    let profiles: ProfileSource
    /// What time it is.
    let time: any TimeSource

    /// The address that browsers use.
    package var publicBaseURL: String { web.configuration.publicBaseURL.origin }

    /// Puts the parts together, without going over the network.
    ///
    /// - Parameters:
    ///   - configuration: where settings are looked up.
    ///   - transport: what carries requests to the provider and to Graph.
    ///   - time: what time it is.
    ///   - data: the database.
    ///   - storage: where sessions and tokens are kept.
    ///   - keys: what seals cookies, sessions and tokens, instead of the keys in the settings.
    ///   - logger: where notes go.
    /// - Throws: `ConfigurationFaults` with everything that is wrong with the settings, or `AuthenticationError` if the
    ///   storage cannot be used.
    package init(
        configuration: ConfigReader,
        transport: any HTTPTransport,
        time: any TimeSource,
        data: PortalDatabase,
        storage: PortalStorage = .memory,
        keys: KeyRing? = nil,
        logger: Logger
    ) throws {
        var faults = ConfigurationFaults()
        let settings = ApplicationConfiguration.read(from: configuration, collecting: &faults)
        let webSettings = WebConfiguration.read(from: configuration, collecting: &faults)
        let graph = ProfileSource.readGraph(from: configuration, collecting: &faults)
        try faults.throwIfAny()
        guard let settings, var webSettings, let graph else { throw faults }
        if let keys { webSettings.keys = keys }
        let stores = try storage.open(keys: webSettings.keys, time: time, logger: logger)
        let resources = try PortalResources()
        let application = try ConfidentialClientApplication(
            configuration: settings,
            transport: transport,
            tokens: stores.tokens,
            time: time,
            logger: logger
        )
        web = WebAuthentication(
            configuration: webSettings,
            application: application,
            transport: transport,
            sessions: stores.sessions,
            pages: PortalPages(resources: resources),
            time: time,
            logger: logger
        )
        profiles = settings.authority.kind == .entra ? .graph(graph) : .userInfo
        self.data = data
        self.resources = resources
        self.time = time
    }

    /// All routes.
    package func router() -> Router<PortalContext> {
        let router = Router(context: PortalContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: RequestLogMiddleware(.debug))
        router.addAuthentication(web)
        router.add(middleware: SignInRecorder(data: data))
        addPublicPages(to: router)
        addProfilePages(to: router)
        addCustomerPages(to: router)
        addQueuePages(to: router)
        addInsightPages(to: router)
        addAdminPages(to: router)
        return router
    }

    /// Takes ended tokens out, and gives the store what it did not take before, until the portal is to end.
    func keepTokensInOrder() async throws {
        try await web.application.run()
    }

    /// Today.
    var today: CalendarDay { CalendarDay(time.now) }
}

/// Builds the portal as an application that tests can run without a socket.
///
/// - Parameters:
///   - configuration: where settings are looked up; ``PortalSettings`` makes one for the bundled emulator.
///   - transport: what carries requests to the provider and to Graph.
///   - time: what time it is.
///   - data: the database; a new one in memory with example data unless told otherwise.
///   - storage: where sessions and tokens are kept; in memory unless told otherwise.
///   - keys: what seals cookies, sessions and tokens, instead of the keys in the settings.
///   - logger: where notes go.
/// - Returns: the application.
/// - Throws: `ConfigurationFaults` with everything that is wrong with the settings.
package func buildPortal(
    configuration: ConfigReader,
    transport: any HTTPTransport,
    time: any TimeSource = SystemTime(),
    data: PortalDatabase? = nil,
    storage: PortalStorage = .memory,
    keys: KeyRing? = nil,
    logger: Logger = Logger(label: "insurance-portal")
) throws -> Application<RouterResponder<PortalContext>> {
    let portal = try Portal(
        configuration: configuration,
        transport: transport,
        time: time,
        data: try data ?? PortalDatabase(now: time.now),
        storage: storage,
        keys: keys,
        logger: logger
    )
    return Application(router: portal.router(), logger: logger)
}
