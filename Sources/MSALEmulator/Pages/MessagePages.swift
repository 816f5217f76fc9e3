// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Mustache

/// Brings an answer to the application by a form (OAuth 2.0 Form Post Response Mode).
struct FormPostPage: Page {
    /// One field.
    struct Field {
        /// Its name.
        let name: String
        /// Its value.
        let value: String
    }

    /// The window's title.
    let title = "Returning to the application - emulator"
    /// Where the form goes.
    let target: String
    /// What is in it.
    let fields: [Field]

    /// Posts the form; without it there is the button.
    static let script = "document.forms[0].submit();\n"

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <h1>One more step</h1>
        <p class="sub">The answer is on its way to the application. If nothing happens, send it yourself.</p>
        <form method="post" action="{{target}}">
        {{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">
        {{/fields}}
        <div class="buttons"><button class="primary" id="idSIButton9">Continue</button></div>
        </form>
        <script src="/assets/submit.js" defer></script>
        </main>
        {{> foot}}
        """
    )
}

/// Tells the person what the application did wrong.
struct ErrorPage: Page {
    /// One line below the sentence.
    struct Detail {
        /// What it is.
        let name: String
        /// Its value.
        let value: String
    }

    /// The heading.
    let title: String
    /// The sentence.
    let text: String
    /// What a developer needs.
    let details: [Detail]

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <h1>{{title}}</h1>
        <p id="exceptionMessageContainer">{{text}}</p>
        <dl class="details">
        {{#details}}<dt>{{name}}</dt><dd>{{value}}</dd>
        {{/details}}
        </dl>
        </main>
        {{> foot}}
        """
    )

    /// Tells about an error of the platform.
    static func about(_ error: PlatformError, _ trace: Trace) -> ErrorPage {
        ErrorPage(
            title: "Sorry, this sign-in cannot go on",
            text: "AADSTS\(error.code): \(error.text)",
            details: [
                Detail(name: "Meaning", value: ErrorCatalogue.meanings[error.code] ?? error.error),
                Detail(name: "Trace ID", value: trace.traceID.text),
                Detail(name: "Correlation ID", value: trace.correlationID.text),
                Detail(name: "Timestamp", value: trace.timestamp),
            ]
        )
    }
}

/// Says that the browser is signed out.
struct SignedOutPage: Page {
    /// The window's title.
    let title = "Signed out - emulator"

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <h1 id="SignOutStatusMessage">You are signed out</h1>
        <p class="sub">It is a good idea to close the browser windows of the application, too.</p>
        </main>
        {{> foot}}
        """
    )
}

/// Says what an error number means.
struct CodePage: Page {
    /// The window's title.
    let title = "Error look-up - emulator"
    /// The number, with its prefix.
    let code: String?
    /// What it means, if this emulator ever sends it.
    let meaning: String?

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        {{#code}}<h1>{{.}}</h1>{{/code}}
        {{^code}}<h1>Error look-up</h1>{{/code}}
        {{#meaning}}<p>{{.}}</p>{{/meaning}}
        {{^meaning}}<p>This emulator has no words for that number. \
        Numbers look like this: <code>/error?code=50011</code>.</p>{{/meaning}}
        </main>
        {{> foot}}
        """
    )
}
