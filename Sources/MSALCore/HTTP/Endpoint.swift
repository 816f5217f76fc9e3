// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

package import HTTPTypes

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An absolute https URL, or http on loopback: the only kinds of URL that a request may go to.
package struct Endpoint: Sendable, Hashable {
    /// `https` or `http`.
    package let scheme: String
    /// The host in lower case, without a port.
    package let host: String
    /// The port, where it is not the scheme's own.
    package let port: Int?
    /// The path, beginning with a slash, percent-encoded.
    package let path: String
    /// The query without its question mark, percent-encoded.
    package let query: String?

    /// Reads a URL; nil if it is of another kind, has user information or a host that is not one.
    package init?(_ url: String) {
        guard
            url.utf8.count <= 4_096, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            let parts = URLComponents(string: url),
            let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil
        else { return nil }
        guard scheme == "https" || (scheme == "http" && Self.isLoopback(host)) else { return nil }
        self.scheme = scheme
        self.host = host
        if let port = parts.port {
            guard (1...65_535).contains(port) else { return nil }
            self.port = port == (scheme == "https" ? 443 : 80) ? nil : port
        } else {
            self.port = nil
        }
        path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        query = parts.percentEncodedQuery
    }

    /// An https URL made of parts that are known to be right.
    init(secureHost host: String, path: String) {
        self.init(scheme: "https", host: host, port: nil, path: path, query: nil)
    }

    private init(scheme: String, host: String, port: Int?, path: String, query: String?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// Host and port as they stand in a URL.
    package var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// Scheme, host and port: what the web calls an origin.
    package var origin: String { "\(scheme)://\(authority)" }

    /// The URL as text.
    package var url: String { origin + path + (query.map { "?" + $0 } ?? "") }

    /// Whether a host names this very machine (RFC 6761 §6.3, RFC 8252 §7.3).
    package static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }

    /// Whether this endpoint is on this very machine.
    package var isLoopback: Bool { Self.isLoopback(host) }

    /// The same origin with another path and query.
    package func at(path: String, query: String? = nil) -> Endpoint {
        Endpoint(scheme: scheme, host: host, port: port, path: path, query: query)
    }

    /// This endpoint with form-encoded parameters after the query it has.
    package func adding(_ parameters: [(String, String)]) -> Endpoint {
        let added = FormEncoding.encode(parameters)
        let whole = [query, added].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "&")
        return at(path: path, query: whole.isEmpty ? nil : whole)
    }

    /// A request to this endpoint.
    package func request(_ method: HTTPRequest.Method, fields: HTTPFields = [:]) -> HTTPRequest {
        HTTPRequest(
            method: method,
            scheme: scheme,
            authority: authority,
            path: path + (query.map { "?" + $0 } ?? ""),
            headerFields: fields
        )
    }
}
