// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A registered redirect URI, and the platform's rule for comparing requests with it.
struct RedirectURI: Sendable, Hashable {
    /// The URI as registered.
    let text: String
    /// Its parts.
    private let parts: Parts

    /// Why a URI cannot be registered.
    struct Refusal: Error {
        /// A sentence.
        let reason: String
    }

    /// Checks a URI for registration.
    init(registering text: String) throws(Refusal) {
        guard text.utf8.count <= 256 else { throw Refusal(reason: "is longer than 256 characters") }
        guard let parts = Parts(text) else { throw Refusal(reason: "is not an absolute http or https URI") }
        guard !text.contains("#") else { throw Refusal(reason: "must have no fragment") }
        guard parts.scheme == "https" || parts.isLoopback else {
            throw Refusal(reason: "must use https unless its host is localhost or 127.0.0.1")
        }
        if let character = text.first(where: { "!$'(),;*".contains($0) }) {
            throw Refusal(reason: "must not contain \(character)")
        }
        self.text = text
        self.parts = parts
    }

    /// Whether a requested URI is this one: character by character, but for the port of a loopback host.
    func matches(_ requested: String) -> Bool {
        if requested == text { return true }
        guard parts.isLoopback, let requested = Parts(requested), requested.isPortValid else { return false }
        return requested.scheme == parts.scheme && requested.host == parts.host && requested.rest == parts.rest
    }

    /// Scheme, host and port of a URI, for a content security policy; nil when it is not an http URI.
    static func origin(of text: String) -> String? {
        guard let parts = Parts(text), parts.isPortValid else { return nil }
        return "\(parts.scheme)://\(parts.host)" + (parts.port.map { ":\($0)" } ?? "")
    }

    /// The URI with a `/` when it has no path, as query and fragment answers have it.
    static func withPath(_ text: String) -> String {
        guard let parts = Parts(text), parts.rest.isEmpty || parts.rest.hasPrefix("?") else { return text }
        return String(text.dropLast(parts.rest.count)) + "/" + parts.rest
    }

    /// The parts a comparison looks at.
    private struct Parts: Hashable {
        /// `http` or `https`.
        let scheme: String
        /// The host in the spelling of the URI.
        let host: String
        /// The port, when one is written.
        let port: String?
        /// Path and query.
        let rest: String

        /// Whether the platform frees this host's port (`[::1]` it does not know).
        var isLoopback: Bool { host == "localhost" || host == "127.0.0.1" }

        /// Whether the port, if any, is one.
        var isPortValid: Bool {
            guard let port else { return true }
            return port.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && UInt16(port) != nil
        }

        /// Splits an absolute http URI without user information, spaces or controls.
        init?(_ text: String) {
            let bytes = Array(text.utf8)
            guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !#""<>\^`{|}"#.utf8.contains($0) }) else { return nil }
            guard let scheme = ["https", "http"].first(where: { text.hasPrefix($0 + "://") }) else { return nil }
            let afterScheme = bytes.dropFirst(scheme.utf8.count + 3)
            let authority = afterScheme.prefix {
                ![UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0)
            }
            let hostEnd = authority.lastIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
            let host = String(decoding: authority[..<hostEnd], as: UTF8.self)
            guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostByte) else { return nil }
            self.scheme = scheme
            self.host = host
            port = hostEnd == authority.endIndex ? nil : String(decoding: authority[(hostEnd + 1)...], as: UTF8.self)
            rest = String(decoding: bytes[authority.endIndex...], as: UTF8.self)
        }

        /// Letters, digits, dot, hyphen and underscore: no user information, no literal addresses of version 6.
        private static func isHostByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
