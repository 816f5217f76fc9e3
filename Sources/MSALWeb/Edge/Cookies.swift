// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore

/// The cookies a request carries, in the order it carries them.
struct RequestCookies: Sendable {
    /// Names with their values.
    let pairs: [(name: String, value: String)]

    /// The cookies of a request's `Cookie` fields: one in HTTP/1.1, several in HTTP/2.
    init(_ fields: HTTPFields) {
        pairs = fields[values: .cookie].flatMap { field in
            field.split(separator: ";").compactMap { part in
                let pair = part.trimmingSpaces()
                guard let equals = pair.firstIndex(of: "=") else { return nil }
                return (String(pair[..<equals]), String(pair[pair.index(after: equals)...]))
            }
        }
    }

    /// The value of the first cookie of a name.
    ///
    /// Browsers send the most specific first (RFC 6265 §5.4).
    subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }
}

/// A cookie to be set or removed.
///
/// All of ours are `HttpOnly`, for the whole host and for no other.
struct SetCookie: Sendable, Hashable {
    /// Whether requests that other sites start carry it.
    enum SameSite: String, Sendable {
        /// Only when somebody follows a link here.
        case lax = "Lax"
        /// Always; the form post of a provider needs that. Browsers insist on `Secure` with it.
        case none = "None"
    }

    /// The name, with its prefix.
    let name: String
    /// The value; empty to remove it.
    let value: String
    /// How long it lives: nil until the browser is closed, zero to remove it.
    let maximumAge: Duration?
    /// Whether requests that other sites start carry it.
    let sameSite: SameSite
    /// Only over TLS.
    let isSecure: Bool

    /// What browsers take, name and value together (RFC 6265 §6.1).
    static let maximumLength = 4096

    /// True if browsers take it.
    var fits: Bool { description.utf8.count <= Self.maximumLength }

    /// A cookie that takes away one of the same name.
    func removed() -> SetCookie {
        SetCookie(name: name, value: "", maximumAge: .zero, sameSite: sameSite, isSecure: isSecure)
    }
}

extension SetCookie: CustomStringConvertible {
    /// The value of a `Set-Cookie` field.
    var description: String {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=\(sameSite.rawValue)"
        if isSecure { text += "; Secure" }
        if let maximumAge { text += "; Max-Age=\(maximumAge.components.seconds)" }
        return text
    }
}

/// The names and attributes of our cookies, which the public base URL decides.
struct CookieJar: Sendable {
    /// Browsers come over TLS.
    let isHTTPS: Bool

    /// "__Host-session" on https: a browser takes it only from this very host, so no sub-domain can plant one.
    var sessionName: String { prefix + "session" }
    /// What the names of all sign-in cookies begin with.
    var signInPrefix: String { prefix + "signin-" }
    /// The prefix of names; Safari refuses `Secure` cookies on plain http, so there is none there.
    private var prefix: String { isHTTPS ? "__Host-" : "" }

    /// The session cookie; it lives until the browser is closed, and no longer than the session on the server.
    func session(_ id: String) -> SetCookie {
        SetCookie(name: sessionName, value: id, maximumAge: nil, sameSite: .lax, isSecure: isHTTPS)
    }

    /// The cookie of one sign-in.
    ///
    /// Over https the answer is a form post from the provider's site, which `Lax` would strip.
    func signIn(tag: String, _ value: String, lifetime: Duration) -> SetCookie {
        SetCookie(
            name: signInPrefix + tag,
            value: value,
            maximumAge: lifetime,
            sameSite: isHTTPS ? .none : .lax,
            isSecure: isHTTPS
        )
    }
}
