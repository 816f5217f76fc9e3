// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Mustache

/// A page: a template and the values in it.
protocol Page {
    /// The template's text, without the frame around it.
    static var template: MustacheTemplate { get }
}

extension Page {
    /// The page as an answer, under a policy that lets nothing in from elsewhere.
    ///
    /// - Parameters:
    ///   - origin: where its form may lead, besides here.
    ///   - status: the status.
    ///   - allowsScript: whether the page needs the emulator's own script.
    /// - Returns: the answer, not to be stored and not to be framed.
    func answer(postingTo origin: String?, status: HTTPResponse.Status = .ok, allowsScript: Bool = false) -> Answer {
        // Browsers check `form-action` along the redirects after a form, so the application's origin belongs in it.
        let policy =
            "default-src 'none'; style-src 'self'; \(allowsScript ? "script-src 'self'; " : "")"
            + "form-action 'self'\(origin.map { " \($0)" } ?? ""); frame-ancestors 'none'; base-uri 'none'"
        return Answer(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: policy,
                .referrerPolicy: "no-referrer",
                .frameOptions: "DENY",
            ],
            body: Array(Self.template.render(self, library: PageLibrary.partials).utf8)
        )
        .notStored()
    }
}

/// The frame of all pages.
enum PageLibrary {
    /// What templates include.
    static let partials = MustacheLibrary(templates: ["head": template(head), "foot": template(foot)])

    /// Parses a template whose values are escaped scalar by scalar.
    ///
    /// The escaping of the template library goes by grapheme, so a quote with a combining mark behind it slips through.
    static func template(_ text: String) -> MustacheTemplate {
        MustacheContentTypes.register(ScalarHTML(), named: "SCALAR_HTML")
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:SCALAR_HTML}}\n" + text)
        } catch {
            preconditionFailure("A template of the emulator does not parse: \(error)")
        }
    }

    /// What stands before each page's own text.
    private static let head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <meta name="referrer" content="no-referrer">
        <title>{{title}}</title>
        <link rel="stylesheet" href="/assets/emulator.css">
        </head>
        <body>

        """

    /// What stands after it.
    private static let foot = """
        <footer><p>This is the swift-msal emulator on your own machine, not Microsoft. \
        Never type a real password here.</p><p><a href="/">What is in this emulator?</a></p></footer>
        </body>
        </html>

        """
}

/// HTML escaping that looks at scalars, as parsers of HTML do.
struct ScalarHTML: MustacheContentType {
    /// Replaces what could end a text or an attribute value.
    func escapeText(_ text: String) -> String {
        var escaped = ""
        escaped.unicodeScalars.reserveCapacity(text.unicodeScalars.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
