// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Where browsers reach this application: the only source of redirect URIs and absolute links.
///
/// Whatever `Host` and `X-Forwarded-*` say changes nothing. It is https, or http on this machine for development.
public struct PublicBaseURL: Sendable, Hashable {
    /// "https://portal.example" or "http://localhost:8080": scheme, host and, unless it is the default, port.
    public let origin: String
    /// True when browsers come over TLS.
    public let isHTTPS: Bool
    /// True when the host is this machine.
    public let isLoopback: Bool

    /// What is wrong with a text that is no public base URL.
    enum Fault: Error {
        case malformed, scheme, extra
    }

    /// Reads an origin such as "https://portal.example"; nil when it is none, or plain http beyond this machine.
    public init?(_ text: some StringProtocol) {
        guard let url = try? PublicBaseURL(checking: text) else { return nil }
        self = url
    }

    /// Reads an origin and says what is wrong with it.
    init(checking text: some StringProtocol) throws(Fault) {
        let lowered = text.lowercased()
        let rest: Substring
        if lowered.hasPrefix("https://") {
            (isHTTPS, rest) = (true, lowered.dropFirst(8))
        } else if lowered.hasPrefix("http://") {
            (isHTTPS, rest) = (false, lowered.dropFirst(7))
        } else {
            throw .malformed
        }
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard !authority.utf8.contains(where: { "/?#@".utf8.contains($0) }) else { throw .extra }
        guard let (host, port) = Self.split(authority) else { throw .malformed }
        isLoopback = host == "localhost" || host == "127.0.0.1" || host == "[::1]" || host.hasSuffix(".localhost")
        guard isHTTPS || isLoopback else { throw .scheme }
        let isDefault = port == nil || port == (isHTTPS ? 443 : 80)
        origin = (isHTTPS ? "https://" : "http://") + host + (isDefault ? "" : ":\(port ?? 0)")
    }

    /// Host and port of an authority, or nil if either is malformed.
    private static func split(_ authority: Substring) -> (String, Int?)? {
        var host = authority
        var port: Int?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { return nil }
            guard host.dropFirst().dropLast().utf8.allSatisfy({ $0.isHexDigit || $0 == UInt8(ascii: ":") }) else {
                return nil
            }
            if !after.isEmpty { port = number(after.dropFirst()) ?? -1 }
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first else { return nil }
            host = first
            let allowed = { (byte: UInt8) in
                byte.isHexDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
            guard !host.isEmpty, host.utf8.allSatisfy(allowed), !host.hasPrefix("."), !host.hasPrefix("-") else {
                return nil
            }
            if parts.count == 2 { port = number(parts[1]) ?? -1 }
        }
        if let port, !(1...65535).contains(port) { return nil }
        return (String(host), port)
    }

    /// A decimal number of at most five digits.
    private static func number(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count) else { return nil }
        guard text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        return Int(text)
    }

    /// The absolute address of a path of this application.
    func url(_ path: String) -> String { origin + path }
}

extension PublicBaseURL: CustomStringConvertible {
    /// The origin.
    public var description: String { origin }
}
