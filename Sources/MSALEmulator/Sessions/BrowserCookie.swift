// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The cookie that holds a browser's session.
struct BrowserCookie {
    /// The name: cookies are shared by all ports of a host, so the port is part of it.
    let name: String
    /// What the browser sent.
    let value: String?
    /// Whether it may only travel by TLS.
    private let isSecure: Bool

    /// Reads the cookie of a request.
    init(_ incoming: Incoming) {
        name = "msal-emulator-\(incoming.base.cookieSuffix)"
        value = incoming.cookie(name)
        isSecure = incoming.base.scheme == "https"
    }

    /// The header that sets a new value, which ends with the browser's own session.
    func header(_ value: String) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }
}
