// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// The built-in look: plain, readable, usable with a keyboard, a screen reader, a phone and without JavaScript.
public struct StandardPages: PageRenderer {
    /// The name of the application, shown above each page.
    public let applicationName: String?
    /// The address of the style sheet; a policy of `default-src 'self'` allows it.
    let styleSheet: String

    /// Pages of an application.
    public init(applicationName: String? = nil) {
        self.applicationName = applicationName
        styleSheet = AuthenticationRoute.styleSheet.path
    }

    /// The document.
    public func html(for page: WebPage) -> String {
        let title = HTML.escape(page.title)
        let suffix = applicationName.map { " – " + HTML.escape($0) } ?? ""
        let refresh = page.refresh.map {
            "\n<meta http-equiv=\"refresh\" content=\"0; url=\(HTML.escape($0))\">"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">\(refresh ?? "")
            <title>\(title)\(suffix)</title>
            <link rel="stylesheet" href="\(HTML.escape(styleSheet))">
            </head>
            <body>
            <main>
            \(applicationName.map { "<p class=\"application\">\(HTML.escape($0))</p>\n" } ?? "")<h1>\(title)</h1>
            \(page.paragraphs.map { "<p>\(HTML.escape($0))</p>" }.joined(separator: "\n"))
            \(actions(page))\(details(page))</main>
            </body>
            </html>

            """
    }

    /// Links and buttons, the first one to stand out.
    private func actions(_ page: WebPage) -> String {
        guard !page.actions.isEmpty else { return "" }
        let items = page.actions.enumerated().map { index, action in
            let style = index == 0 ? "primary" : "secondary"
            let label = HTML.escape(action.label)
            let target = HTML.escape(action.target)
            guard let form = action.form else { return "<a class=\"\(style)\" href=\"\(target)\">\(label)</a>" }
            let fields = form.sorted { $0.key < $1.key }.map { name, value in
                "<input type=\"hidden\" name=\"\(HTML.escape(name))\" value=\"\(HTML.escape(value))\">"
            }
            return """
                <form method="post" action="\(target)">\(fields.joined())\
                <button class="\(style)" type="submit">\(label)</button></form>
                """
        }
        return "<div class=\"actions\">\n\(items.joined(separator: "\n"))\n</div>\n"
    }

    /// The small print.
    private func details(_ page: WebPage) -> String {
        var details = page.details
        if let id = page.correlationID { details.append(.init(label: "Reference", text: id)) }
        guard !details.isEmpty else { return "" }
        let rows = details.map { "<dt>\(HTML.escape($0.label))</dt><dd>\(HTML.escape($0.text))</dd>" }
        return "<dl>\n\(rows.joined(separator: "\n"))\n</dl>\n"
    }

    /// The style sheet, served from the application itself.
    static let css = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #f4f6f8; --card: #fff;
          --line: #d0d7de; --accent: #0b5cad; --on-accent: #fff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --paper: #0d1117;
          --card: #161b22; --line: #30363d; --accent: #6cb6ff; --on-accent: #0d1117; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
          font: 1.0625rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
        main { width: min(34rem, 100%); padding: clamp(1.25rem, 5vw, 2.5rem); background: var(--card);
          border: 1px solid var(--line); border-radius: .75rem; }
        .application { margin: 0 0 .5rem; color: var(--soft); font-size: .9375rem; }
        h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
        p { margin: 0 0 1rem; overflow-wrap: anywhere; }
        .actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
        .actions form { margin: 0; }
        .primary, .secondary { display: inline-block; padding: .6rem 1.1rem; border: 1px solid var(--accent);
          border-radius: .5rem; font: inherit; text-decoration: none; cursor: pointer; }
        .primary { color: var(--on-accent); background: var(--accent); }
        .secondary { color: var(--accent); background: transparent; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1.75rem 0 0;
          padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
        dd { margin: 0; overflow-wrap: anywhere; }

        """
}
