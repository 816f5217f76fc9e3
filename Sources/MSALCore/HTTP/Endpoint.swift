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

    /// The address of Azure's instance metadata service: link-local, so that what is sent there never leaves the machine's
    /// own network, and without TLS, since it has no name that a certificate could be for (RFC 3927 §2.7).
    package static let instanceMetadataHost = "169.254.169.254"

    /// A place at Azure's instance metadata service, the one plain-http address besides loopback.
    ///
    /// No text can name it: reading a URL refuses it, so that neither a setting nor a document leads there.
    package static func instanceMetadata(path: String, query: String? = nil) -> Endpoint {
        Endpoint(scheme: "http", host: instanceMetadataHost, port: nil, path: path, query: query)
    }

    /// The endpoint of a request that a transport is asked to send; nil for one that it must not send.
    ///
    /// For transports alone. What the library composes itself may go to ``instanceMetadataHost``.
    package init?(of head: HTTPRequest) {
        guard let scheme = head.scheme, let authority = head.authority, let path = head.path else { return nil }
        if scheme == "http", authority == Self.instanceMetadataHost {
            // Read as if it were https, so that all other rules hold for it too.
            guard let read = Endpoint("https://\(authority)\(path)"), read.authority == authority else { return nil }
            self = .instanceMetadata(path: read.path, query: read.query)
        } else if let read = Endpoint("\(scheme)://\(authority)\(path)") {
            self = read
        } else {
            return nil
        }
    }

    /// An https URL made of parts that are known to be right.
    init(secureHost host: String, path: String) {
        self.init(scheme: "https", host: host, port: nil, path: path, query: nil)
    }

    /// Puts parts together.
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

    /// Whether TLS protects what is sent there.
    package var isSecure: Bool { scheme == "https" }

    /// Whether this endpoint is on this very machine.
    package var isLoopback: Bool { Self.isLoopback(host) }

    /// Whether the host is an IP address, of which no subdomains can be made.
    var isAddress: Bool {
        host.contains(":") || host.split(separator: ".").allSatisfy { UInt8($0) != nil }
    }

    /// The same place on another host.
    func on(host: String) -> Endpoint {
        Endpoint(scheme: scheme, host: host, port: port, path: path, query: query)
    }

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
