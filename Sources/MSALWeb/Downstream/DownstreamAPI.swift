// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A web API that this application calls with the signed-in person's token.
public struct DownstreamAPI: Sendable, Hashable {
    /// The origin and path that all calls go below: "https://graph.microsoft.com/v1.0".
    public let baseURL: String
    /// The scopes its tokens need.
    public let scopes: [String]

    /// An API at an https address, or at an http address on this machine; nil for any other.
    public init?(baseURL: String, scopes: [String]) {
        let trimmed = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        guard let end = trimmed.firstRange(of: "://")?.upperBound else { return nil }
        let authority = trimmed[end...].prefix { $0 != "/" }
        guard PublicBaseURL(trimmed[..<end] + authority) != nil else { return nil }
        let path = trimmed[end...].dropFirst(authority.count)
        guard path.isEmpty || LocalPath(path)?.path == String(path) else { return nil }
        self.baseURL = trimmed
        self.scopes = scopes
    }

    /// The address of a path below the base, or nil if it leads out of it.
    func url(_ path: String) -> String? {
        guard let local = LocalPath(path) else { return nil }
        return baseURL + local.description
    }
}

/// Calls a web API: attaches the person's token, to that API and to nothing else.
public struct DownstreamClient: Sendable {
    /// The API.
    let api: DownstreamAPI
    /// Whose token it is.
    let authentication: RequestAuthentication

    /// Reads a JSON document.
    ///
    /// - Throws: ``WebError``, to be let pass: `signInRequired` when the person has to act, `unavailable` when the API
    ///   does not answer, `badGateway` when it answers with an error or with something else than the type; and what
    ///   ``RequestAuthentication/acquireToken(scopes:forceRefresh:)`` throws.
    public func get<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
        let response = try await send(.get, path, headerFields: [.accept: "application/json"])
        guard response.head.status.kind == .successful else {
            throw WebError(
                response.head.status == .forbidden ? .forbidden : .badGateway,
                "A service behind this page refused the request (status \(response.head.status.code))."
            )
        }
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch {
            throw WebError(
                .badGateway,
                "A service behind this page gave an answer that cannot be read.",
                underlying: error
            )
        }
    }

    /// Sends any request and answers whatever comes back.
    ///
    /// An `Authorization` field of the caller's is replaced. When the API refuses a token from the cache (401), the request
    /// is sent once more with a new one.
    ///
    /// - Throws: ``WebError``, to be let pass: `misconfigured` for a path that leads elsewhere, `unavailable` when the
    ///   API does not answer; and what ``RequestAuthentication/acquireToken(scopes:forceRefresh:)`` throws.
    public func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        headerFields: HTTPFields = [:],
        body: [UInt8] = []
    ) async throws -> TransportResponse {
        guard let url = api.url(path) else {
            throw WebError(
                .misconfigured,
                "A path of a downstream API must begin with one slash and lead nowhere else."
            )
        }
        guard let web = authentication.web else {
            throw WebError(.misconfigured, "The route was added before the authentication was.")
        }
        let token = try await authentication.acquireToken(scopes: api.scopes)
        guard var head = DownstreamClient.head(method, url, headerFields) else {
            throw WebError(.misconfigured, "The address of a downstream API cannot be used.")
        }
        head.headerFields[.authorization] = token.authorizationHeader
        let response = try await exchange(TransportRequest(head: head, body: body), web.transport)
        guard response.head.status == .unauthorized, token.source == .cache else { return response }
        // The token was revoked before its end: a new one may serve, and is asked for once.
        let renewed = try await authentication.acquireToken(scopes: api.scopes, forceRefresh: true)
        head.headerFields[.authorization] = renewed.authorizationHeader
        return try await exchange(TransportRequest(head: head, body: body), web.transport)
    }

    /// Sends a request, and says so when nothing comes back.
    private func exchange(
        _ request: TransportRequest,
        _ transport: any HTTPTransport
    ) async throws -> TransportResponse {
        do {
            return try await transport.send(request)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw WebError(.unavailable, "A service behind this page does not answer right now.", underlying: error)
        }
    }

    /// The head of a request to an absolute address.
    private static func head(_ method: HTTPRequest.Method, _ url: String, _ fields: HTTPFields) -> HTTPRequest? {
        guard let schemeEnd = url.firstRange(of: "://") else { return nil }
        let rest = url[schemeEnd.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        return HTTPRequest(
            method: method,
            scheme: String(url[..<schemeEnd.lowerBound]),
            authority: String(authority),
            path: String(rest.dropFirst(authority.count)),
            headerFields: fields
        )
    }
}
