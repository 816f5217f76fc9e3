// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Reads the keys of an OpenID Connect issuer on this machine; nothing leaves it.
public enum LoopbackIssuer {
    /// Why there are no keys.
    private enum Failure: Error {
        /// The address is another machine's.
        case notThisMachine
        /// The document is not what it should be.
        case unusable
    }

    /// How long an answer may take, in seconds.
    private static let patience: TimeInterval = 5

    /// The key set of an issuer, by its OpenID metadata (OpenID Connect Discovery §4).
    ///
    /// - Parameter issuer: the issuer, at a loopback address.
    /// - Returns: the key set, as it is published.
    /// - Throws: when the issuer is on another machine, does not answer, or publishes no keys on this one.
    public static func keys(of issuer: String) async throws -> [UInt8] {
        let root = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let metadata = try JSONValue(parsing: try await read(root + "/.well-known/openid-configuration"))
        guard metadata["issuer"]?.stringValue == issuer, let address = metadata["jwks_uri"]?.stringValue else {
            throw Failure.unusable
        }
        return try await read(address)
    }

    /// Reads a document of this machine.
    private static func read(_ address: String) async throws -> [UInt8] {
        guard let url = URL(string: address), let host = url.host(percentEncoded: false), let scheme = url.scheme,
            ["http", "https"].contains(scheme), BaseURL.isLoopback(host.contains(":") ? "[\(host)]" : host)
        else { throw Failure.notThisMachine }
        let session = URLSession(configuration: .ephemeral, delegate: RedirectRefusal(), delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: patience)
        let (data, response) = try await session.data(for: request)
        guard (response as? HTTPURLResponse)?.statusCode == 200, data.count <= JSONWebKeySet.maximumSize else {
            throw Failure.unusable
        }
        return Array(data)
    }
}

/// Follows no redirect, since one could lead away from this machine.
private final class RedirectRefusal: NSObject, URLSessionTaskDelegate {
    /// Stays.
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
