// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// What a page of this module says, before anybody decides how it looks.
///
/// All texts are plain and want escaping.
public struct WebPage: Sendable {
    /// What the page is about.
    @nonexhaustive
    public enum Kind: String, Sendable, Hashable {
        /// Somebody has to sign in first.
        case signInNeeded
        /// The signed-in person may not do this.
        case forbidden
        /// The sign-in did not work.
        case signInFailed
        /// Something else did not work.
        case failed
        /// "Do you want to sign out?"
        case confirmSignOut
        /// On the way to the provider, to sign out there too.
        case signingOut
        /// Signed out.
        case signedOut
    }

    /// A way on from the page.
    public struct Action: Sendable, Hashable {
        /// What the link or button says.
        public let label: String
        /// Where it leads: a path of this application, or an address of the provider.
        public let target: String
        /// The hidden fields of a form that is posted; nil for a link.
        public let form: [String: String]?

        /// A link, or a form that is posted with some hidden fields.
        public init(label: String, target: String, form: [String: String]? = nil) {
            self.label = label
            self.target = target
            self.form = form
        }

        /// A link.
        static func link(_ label: String, _ target: String) -> Action {
            Action(label: label, target: target)
        }
    }

    /// One line of small print: "Error code", "AADSTS65004".
    public struct Detail: Sendable, Hashable {
        /// What it is.
        public let label: String
        /// What it says.
        public let text: String

        /// A line of small print.
        public init(label: String, text: String) {
            self.label = label
            self.text = text
        }
    }

    /// What the page is about.
    public let kind: Kind
    /// The status it is sent with.
    public let status: HTTPResponse.Status
    /// What happened, in a few words.
    public let title: String
    /// What happened and what to do, in sentences.
    public var paragraphs: [String]
    /// The ways on, the best one first.
    public var actions: [Action] = []
    /// What support will ask for: codes, and what the provider said.
    public var details: [Detail] = []
    /// What finds this very event in the logs, here and at the provider.
    public var correlationID: String?
    /// Where to go on to at once, without a click.
    public var refresh: String?
    /// Who is signed in, for a layout that shows it.
    public var user: SignedInUser?

    /// A page without ways on and small print; public so that a renderer can be tested.
    public init(_ kind: Kind, _ status: HTTPResponse.Status, title: String, _ paragraphs: String...) {
        self.kind = kind
        self.status = status
        self.title = title
        self.paragraphs = paragraphs
    }
}

/// Decides how the pages of this module look, so that they wear the application's own layout.
///
/// A renderer that throws is replaced by ``StandardPages`` for that answer.
public protocol PageRenderer: Sendable {
    /// The whole HTML document of a page. Everything in the page is plain text: escape it.
    func html(for page: WebPage) throws -> String
}
