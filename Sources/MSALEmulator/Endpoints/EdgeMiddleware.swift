// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging

/// The outermost layer: names each request, gives each answer the platform's headers, lets no error out.
struct EdgeMiddleware: RouterMiddleware {
    /// What all endpoints share.
    let platform: Platform

    /// Answers a request, whatever happens further in.
    @concurrent
    func handle(
        _ request: Request,
        context: EmulatorRequestContext,
        next: @concurrent (Request, EmulatorRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let correlationID = request.headers[.clientRequestID].flatMap { GUID($0) }
        let trace = Trace(correlationID: correlationID, time: platform.now())
        context.trace = trace
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = try await failure(error, request, context)
        }
        response.headers[.platformRequestID] = trace.traceID.text
        response.headers[.platformServer] = "2.1.0.0 - EMULATOR"
        response.headers[.xContentTypeOptions] = "nosniff"
        if request.headers[.clientRequestID] != nil { response.headers[.clientRequestID] = trace.correlationID.text }
        context.logger.debug(
            "Answered a request",
            metadata: [
                "msal.emulator.endpoint": "\(context.endpointPath ?? "none")",
                "msal.emulator.status": "\(response.status.code)",
            ]
        )
        return response
    }

    /// What an error of the framework becomes.
    private func failure(
        _ error: any Error,
        _ request: Request,
        _ context: EmulatorRequestContext
    ) async throws -> Response {
        let status = (error as? any HTTPResponseError)?.status
        guard let status, status.code < 500 else {
            platform.logger.error("An endpoint failed", metadata: ["error.type": "\(type(of: error))"])
            return Response(status: .internalServerError)
        }
        var bare = request
        bare.body = .init(buffer: .init())
        let incoming = await Incoming.read(bare, context, platform)
        if status == .notFound {
            return try PageEndpoint(platform: platform).notFound(incoming).response(from: request, context: context)
        }
        let reason = status == .contentTooLarge ? "The body is too large." : "The request was refused."
        var answer = TokenEndpoint.failure(.malformed(reason), incoming.trace, base: incoming.base, usedBasic: false)
        answer.status = status
        return try answer.response(from: request, context: context)
    }
}
