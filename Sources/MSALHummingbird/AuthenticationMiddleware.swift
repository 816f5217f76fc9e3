// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
public import MSALWeb
import NIOCore
import Synchronization

/// Loads sessions, serves `/auth/…`, turns errors into pages and puts the security fields on every answer.
public struct AuthenticationMiddleware<Context: AuthenticatedRequestContext>: RouterMiddleware {
    /// What does the work.
    private let web: WebAuthentication

    /// A middleware for the outermost place.
    public init(_ web: WebAuthentication) {
        self.web = web
    }

    /// Answers a request; it throws for nothing, so that every answer has its fields.
    public func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let body = CollectedBody(request.body)
        let reception = await web.receive(
            WebRequest(head: request.head, logger: context.logger) { try await body.bytes(upTo: $0) }
        )
        var response: Response
        if let answer = reception.answer {
            response = Response(answer)
        } else {
            var request = request
            if let buffer = body.buffer { request.body = RequestBody(buffer: buffer) }
            var context = context
            context.authentication = reception.authentication
            do {
                response = try await next(request, context)
            } catch {
                response = await answer(to: error, request, context)
            }
        }
        var head = response.head
        web.finish(&head, for: reception.authentication)
        response.headers = head.headerFields
        return response
    }

    /// The answer to what a route threw.
    ///
    /// Answers that an error makes for itself stay, if they have a body.
    private func answer(to error: any Error, _ request: Request, _ context: Context) async -> Response {
        if let error = error as? HTTPError {
            return page(error.status, error.body, error.headers, context)
        }
        guard let error = error as? any HTTPResponseError else {
            return await Response(web.answer(to: error, for: context.authentication))
        }
        guard let response = try? error.response(from: request, context: context) else {
            return page(error.status, nil, [:], context)
        }
        return response.body.contentLength == 0 ? page(response.status, nil, response.headers, context) : response
    }

    /// A page or problem document for a status, with the fields the error came with.
    private func page(
        _ status: HTTPResponse.Status,
        _ message: String?,
        _ fields: HTTPFields,
        _ context: Context
    ) -> Response {
        var response = Response(web.answer(status: status, message: message, for: context.authentication))
        for field in fields where field.name != .contentLength && field.name != .contentType {
            if field.name == .setCookie || !response.headers.contains(field.name) { response.headers.append(field) }
        }
        return response
    }
}

/// A request's body, collected at most once: the check of a form reads it before the route does.
private final class CollectedBody: Sendable {
    /// The body as it comes in.
    private let body: RequestBody
    /// All of it, once somebody has asked.
    private let collected = Mutex<ByteBuffer?>(nil)

    /// A body that nobody has read yet.
    init(_ body: RequestBody) {
        self.body = body
    }

    /// All of it, if it was collected.
    var buffer: ByteBuffer? { collected.withLock(\.self) }

    /// All of it, unless it is longer than `maximumBytes`.
    func bytes(upTo maximumBytes: Int) async throws -> [UInt8] {
        if let buffer {
            guard buffer.readableBytes <= maximumBytes else { throw HTTPError(.contentTooLarge) }
            return Array(buffer.readableBytesView)
        }
        let buffer = try await body.collect(upTo: maximumBytes)
        collected.withLock { $0 = buffer }
        return Array(buffer.readableBytesView)
    }
}

extension Response {
    /// An answer of the framework-free layer.
    init(_ answer: WebResponse) {
        let body = answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        self.init(status: answer.head.status, headers: answer.head.headerFields, body: body)
    }
}
