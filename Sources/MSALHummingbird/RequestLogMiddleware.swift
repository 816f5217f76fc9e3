// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
public import Logging

/// Logs each request with method, path, status and time, and never with its query: a callback's holds a code.
///
/// Add it before the authentication, so that it sees the final status of every answer.
public struct RequestLogMiddleware<Context: RequestContext>: RouterMiddleware {
    /// The level of the lines.
    private let level: Logger.Level

    /// A middleware that logs at a level.
    public init(_ level: Logger.Level = .info) {
        self.level = level
    }

    /// Passes the request on and logs its answer.
    ///
    /// - Throws: What the rest of the chain throws.
    public func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let response = try await next(request, context)
            log(request, context, status: response.status, since: start)
            return response
        } catch {
            log(
                request,
                context,
                status: (error as? any HTTPResponseError)?.status ?? .internalServerError,
                since: start
            )
            throw error
        }
    }

    /// Writes the line.
    private func log(
        _ request: Request,
        _ context: Context,
        status: HTTPResponse.Status,
        since start: ContinuousClock.Instant
    ) {
        let elapsed = (ContinuousClock.now - start).components
        let milliseconds = elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
        context.logger.log(
            level: level,
            "Request",
            metadata: [
                "msal.http.method": "\(request.method.rawValue)",
                "msal.http.path": "\(request.uri.path)",
                "msal.http.status": "\(status.code)",
                "msal.http.milliseconds": "\(milliseconds)",
            ]
        )
    }
}
