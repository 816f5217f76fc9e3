// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// What travels with a request through the router.
struct EmulatorRequestContext: RequestContext {
    /// What the router needs.
    var coreContext: CoreRequestContextStorage
    /// `https` when the listener speaks TLS; nil when the request itself says it.
    var scheme: String?
    /// What names the request; set at the edge.
    var trace: Trace?

    /// The context of a request that came by a socket.
    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    /// The context of a request that came by a call.
    init(logger: Logger) {
        coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
    }

    /// A source of nothing but a logger.
    private struct LoggerSource: RequestContextSource {
        /// The logger.
        let logger: Logger
    }
}

/// Tells the routes which listener a request came by.
struct ListenerResponder: HTTPResponder {
    /// The routes.
    let routes: RouterResponder<EmulatorRequestContext>
    /// `http` or `https`.
    let scheme: String

    /// Answers with the scheme set.
    func respond(to request: Request, context: EmulatorRequestContext) async throws -> Response {
        var context = context
        context.scheme = scheme
        return try await routes.respond(to: request, context: context)
    }
}

extension Incoming {
    /// Reads a request whole; a body that is too long comes out one byte longer than allowed.
    static func read(_ request: Request, _ context: EmulatorRequestContext, _ platform: Platform) async -> Incoming {
        var body: [UInt8] = []
        do {
            body = Array(buffer: try await request.body.collect(upTo: bodyLimit))
        } catch {
            body = Array(repeating: 0, count: bodyLimit + 1)
        }
        return Incoming(
            method: request.method,
            headers: request.headers,
            query: Parameters(decoding: request.uri.query ?? ""),
            body: body,
            tenantName: context.parameters.get("tenant") ?? "",
            userName: context.parameters.get("name") ?? "",
            base: BaseURL(scheme: context.scheme ?? request.head.scheme, loopbackAuthority: request.head.authority)
                ?? platform.fallbackBase.withLock { $0 },
            trace: context.trace ?? Trace(correlationID: nil, time: platform.now())
        )
    }
}
