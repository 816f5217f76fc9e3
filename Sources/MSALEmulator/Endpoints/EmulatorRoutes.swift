// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The route table.
struct EmulatorRoutes: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// How an endpoint's errors look.
    private enum Style {
        /// A page for the person in front of the browser.
        case page
        /// The token endpoint's JSON.
        case json
        /// Graph's JSON.
        case graph
    }

    /// An endpoint's answer to a request.
    private typealias Handler = @Sendable (Incoming) async throws -> Answer

    /// All routes, ready to answer.
    func responder() -> RouterResponder<EmulatorRequestContext> {
        let router = Router(context: EmulatorRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: EdgeMiddleware(platform: platform))
        let metadata = MetadataEndpoint(platform: platform)
        for (path, handler) in [
            ("/:tenant/v2.0/.well-known/openid-configuration", metadata.openIDConfiguration) as (RouterPath, Handler),
            ("/:tenant/discovery/v2.0/keys", metadata.keys),
            ("/:tenant/discovery/keys", metadata.keys),
            ("/discovery/v2.0/keys", metadata.keys),
            ("/:tenant/discovery/instance", metadata.instanceDiscovery),
        ] {
            add(.get, path, .json, to: router, handler)
            add(.options, path, .json, to: router, metadata.preflight)
        }
        let authorize = AuthorizeEndpoint(platform: platform)
        let logout = LogoutEndpoint(platform: platform)
        for method in [HTTPRequest.Method.get, .post] {
            add(method, "/:tenant/oauth2/v2.0/authorize", .page, to: router, authorize.respond)
            add(method, "/:tenant/oauth2/v2.0/logout", .page, to: router, logout.respond)
        }
        add(.post, "/:tenant/login", .page, to: router, LoginEndpoint(platform: platform).respond)
        add(.post, "/:tenant/oauth2/v2.0/token", .json, to: router, TokenEndpoint(platform: platform).respond)
        add(.get, "/:tenant/oauth2/v2.0/token", .json, to: router) { _ in throw PlatformError.wrongMethod("POST") }
        let devices = DeviceAuthorizationEndpoint(platform: platform)
        add(.post, "/:tenant/oauth2/v2.0/devicecode", .json, to: router, devices.respond)
        add(.get, "/:tenant/oauth2/v2.0/devicecode", .json, to: router) { _ in throw PlatformError.wrongMethod("POST") }
        let deviceLogin = DeviceLoginEndpoint(platform: platform)
        for path in ["/devicelogin", "/:tenant/oauth2/deviceauth"] as [RouterPath] {
            add(.get, path, .page, to: router, deviceLogin.page)
            add(.post, path, .page, to: router, deviceLogin.respond)
        }
        let workload = WorkloadEndpoint(platform: platform)
        let cluster = "/\(WorkloadIssuer.segment)/:tenant"
        add(.get, "\(cluster)/.well-known/openid-configuration", .json, to: router, workload.openIDConfiguration)
        add(.get, "\(cluster)/openid/v1/jwks", .json, to: router, workload.keys)
        add(.get, "\(cluster)/token", .json, to: router, workload.token)
        add(.post, "\(cluster)/token", .json, to: router, workload.token)
        add(.get, "/:tenant/userrealm/:name", .json, to: router, UserRealmEndpoint(platform: platform).respond)
        add(.get, "/adfs/services/trust/mex", .json, to: router, FederationMetadataEndpoint().respond)
        let trust = TrustEndpoint(platform: platform)
        add(.post, "/adfs/services/trust/13/usernamemixed", .json, to: router, trust.respond)
        add(.get, "/protected/:tenant", .graph, to: router, ProtectedEndpoint(platform: platform).respond)
        let graph = GraphEndpoint(platform: platform)
        add(.get, "/v1.0/me", .graph, to: router, graph.me)
        add(.get, "/oidc/userinfo", .graph, to: router, graph.userInfo)
        add(.post, "/oidc/userinfo", .graph, to: router, graph.userInfo)
        let pages = PageEndpoint(platform: platform)
        add(.get, "/", .page, to: router, pages.start)
        add(.get, "/error", .page, to: router, pages.error)
        add(.get, "/healthz", .json, to: router, pages.health)
        add(.get, "/assets/emulator.css", .page, to: router, pages.styleSheet)
        add(.get, "/assets/submit.js", .page, to: router, pages.script)
        return router.buildResponder()
    }

    /// Adds a route whose errors look the way its callers expect.
    private func add(
        _ method: HTTPRequest.Method,
        _ path: RouterPath,
        _ style: Style,
        to router: Router<EmulatorRequestContext>,
        _ handler: @escaping Handler
    ) {
        let platform = platform
        router.on(path, method: method) { request, context in
            var incoming = await Incoming.read(request, context, platform)
            if incoming.body.count > Incoming.bodyLimit {
                throw HTTPError(.contentTooLarge)
            }
            do {
                return try await handler(incoming)
            } catch let error as PlatformError {
                if let form = try? incoming.form() { incoming.takeCorrelationID(from: form) }
                switch style {
                case .page: return ErrorPage.about(error, incoming.trace).answer(postingTo: nil)
                case .json, .graph:
                    let usedBasic = incoming.headers[.authorization]?.lowercased().hasPrefix("basic") == true
                    return TokenEndpoint.failure(error, incoming.trace, base: incoming.base, usedBasic: usedBasic)
                }
            } catch let error as GraphError {
                return error.answer(incoming.trace, base: incoming.base)
            }
        }
    }
}
