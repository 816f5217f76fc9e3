// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Scheme and authority that every address in an answer starts with.
struct BaseURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    let scheme: String
    /// Host and port.
    let authority: String

    /// Such as `http://localhost:8400`, without a slash at the end.
    var description: String { "\(scheme)://\(authority)" }

    /// What tells the cookies of two emulators on one host apart: browsers send cookies to every port.
    var cookieSuffix: String {
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else {
            return scheme == "https" ? "443" : "80"
        }
        return String(authority[authority.index(after: colon)...])
    }

    /// The host without the port.
    var host: String {
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return authority }
        return String(authority[..<colon])
    }

    /// Takes scheme and authority as they are.
    init(scheme: String, authority: String) {
        self.scheme = scheme
        self.authority = authority
    }

    /// Reads such a text; nil when it is more or less than scheme and authority.
    init?(_ text: String) {
        let text = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let scheme = ["http", "https"].first(where: { text.hasPrefix($0 + "://") }) else { return nil }
        let authority = text.dropFirst(scheme.utf8.count + 3)
        guard !authority.isEmpty, authority.utf8.allSatisfy(Self.isAuthorityByte) else { return nil }
        self.init(scheme: scheme, authority: authority.lowercased())
    }

    /// Takes the `Host` of a request when it names this machine, so that nobody can make the emulator announce another.
    init?(scheme: String?, loopbackAuthority authority: String?) {
        guard let authority = authority?.lowercased(), let base = BaseURL("\(scheme ?? "http")://\(authority)"),
            Self.isLoopback(base.host)
        else { return nil }
        self = base
    }

    /// Whether a host name means this machine.
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "127.0.0.1" || host == "[::1]"
    }

    /// The bytes of host names, literal addresses and ports.
    private static func isAuthorityByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
