// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Tracing

extension Instruments {
    /// Sends a request once, and tells how that went.
    ///
    /// Nothing of a trace goes along: the other side is not a part of the application, and what it would be told is no
    /// business of an identity provider's.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - transport: what carries it.
    ///   - correlationID: under what the provider logs it; nil where it does not.
    ///   - repetition: how often it was sent before.
    /// - Returns: the answer.
    /// - Throws: what the transport throws.
    func send(
        _ request: TransportRequest,
        over transport: any HTTPTransport,
        _ correlationID: String? = nil,
        repetition: Int = 0
    ) async throws -> TransportResponse {
        guard isOn else { return try await transport.send(request) }
        let watch = Stopwatch()
        let method = request.head.method.rawValue
        return try await span("msal.http", ofKind: .client, attributes(of: request, correlationID, repetition)) {
            do {
                let response = try await transport.send(request)
                let status = "\(response.head.status.code)"
                meters?.record(watch.elapsed, MSALMetrics.requestDuration, [method, status])
                return response
            } catch {
                meters?.record(watch.elapsed, MSALMetrics.requestDuration, [method, "none"])
                throw error
            }
        } note: { result, attributes in
            if case .success(let response) = result {
                attributes["http.response.status_code"] = Int64(response.head.status.code)
            }
        }
    }

    /// What a span says of a request: neither its path and query nor its fields and body, which may hold secrets.
    private func attributes(
        of request: TransportRequest,
        _ correlationID: String?,
        _ repetition: Int
    ) -> SpanAttributes {
        var attributes: SpanAttributes = [:]
        attributes["http.request.method"] = request.head.method.rawValue
        let (host, port) = Self.place(request.head.authority ?? "")
        attributes["server.address"] = host
        if let port { attributes["server.port"] = port }
        attributes["msal.client_id"] = self.attributes["msal.client_id"]
        if repetition > 0 { attributes["http.request.resend_count"] = Int64(repetition) }
        if let correlationID { attributes["msal.correlation_id"] = correlationID }
        return attributes
    }

    /// The host and the port of an authority (RFC 3986 §3.2).
    private static func place(_ authority: String) -> (host: String, port: Int64?) {
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last, let port = UInt16(last) else { return (authority, nil) }
        return (String(authority.dropLast(last.count + 1)), Int64(port))
    }
}
