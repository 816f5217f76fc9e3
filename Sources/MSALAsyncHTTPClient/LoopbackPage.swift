// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore
import NIOHTTP1

/// A page that tells the person at the browser how the sign-in went.
struct LoopbackPage: Sendable {
    /// The status it comes with.
    let status: HTTPResponse.Status
    /// Its document.
    let html: String

    /// The page for a reply.
    init(_ reply: LoopbackReply) {
        switch reply {
        case .signedIn:
            self.init(.ok, "Signed in", "You have signed in. You may close this window.")
        case .failed(let reason):
            self.init(.ok, "Not signed in", "\(reason) You may close this window.")
        case .foreign:
            self.init(.badRequest, "Not accepted", "This answer belongs to no sign-in that is under way here.")
        case .over:
            self.init(.badRequest, "Too late", "This sign-in is over. You may close this window.")
        }
    }

    /// The page for what is no answer to a sign-in.
    static func refusal(_ status: HTTPResponse.Status, _ reason: String) -> LoopbackPage {
        LoopbackPage(status, "Not accepted", reason)
    }

    /// Writes a page of a title and a text.
    private init(_ status: HTTPResponse.Status, _ title: String, _ text: String) {
        self.status = status
        html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            <p>\(HTML.escape(text))</p>
            </main>
            </body>
            </html>

            """
    }

    /// The head of the response: nothing is kept, run, framed or loaded, and the connection ends.
    var head: HTTPResponseHead {
        var fields = HTTPHeaders([
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", String(html.utf8.count)),
            ("Cache-Control", "no-store"),
            (
                "Content-Security-Policy",
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Connection", "close"),
        ])
        if status == .methodNotAllowed { fields.add(name: "Allow", value: "POST") }
        return HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status.code), headers: fields)
    }
}
