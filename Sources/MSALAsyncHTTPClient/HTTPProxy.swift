// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
public import MSALCore

/// A proxy that all connections of a transport go through.
///
/// TLS runs through it from end to end, so the proxy sees whom a server talks to and nothing of what is said.
public struct HTTPProxy: Sendable, Hashable, CustomStringConvertible {
    /// The proxy as async-http-client knows it.
    let configuration: HTTPClient.Configuration.Proxy
    private let name: String

    private init(_ configuration: HTTPClient.Configuration.Proxy, _ name: String) {
        self.configuration = configuration
        self.name = name
    }

    /// An HTTP proxy that takes `CONNECT` (RFC 9110 §9.3.6).
    ///
    /// - Parameters:
    ///   - host: the proxy's host.
    ///   - port: its port.
    ///   - username: whom it knows this server as (RFC 7617); nobody unless told otherwise.
    ///   - password: that name's password.
    /// - Returns: the proxy.
    public static func http(
        host: String,
        port: Int,
        username: String? = nil,
        password: Secret? = nil
    ) -> HTTPProxy {
        let authorization = username.map {
            HTTPClient.Authorization.basic(username: $0, password: password?.reveal() ?? "")
        }
        return HTTPProxy(.server(host: host, port: port, authorization: authorization), "http://\(host):\(port)")
    }

    /// A SOCKS proxy of version 5 that wants no name (RFC 1928).
    ///
    /// - Parameters:
    ///   - host: the proxy's host.
    ///   - port: its port, 1080 unless told otherwise.
    /// - Returns: the proxy.
    public static func socks(host: String, port: Int = 1080) -> HTTPProxy {
        HTTPProxy(.socksServer(host: host, port: port), "socks5://\(host):\(port)")
    }

    /// The proxy's address, without a name and a password.
    public var description: String { name }
}

extension HTTPProxy: CustomReflectable {
    /// A mirror with nothing in it: there may be a password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
