// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore

extension WebPage {
    /// Somebody has to sign in first.
    static func signInNeeded(_ reason: String? = nil) -> WebPage {
        WebPage(
            .signInNeeded,
            .unauthorized,
            title: "Please sign in",
            reason ?? "This page is for people who have signed in."
        )
    }

    /// A sign-in that would be repeated for ever.
    static func signInDoesNotHelp() -> WebPage {
        WebPage(
            .forbidden,
            .forbidden,
            title: "Access is still missing",
            "You have just signed in, but the permission this page needs was not granted.",
            "Try again and accept what is asked, or ask an administrator to grant it."
        )
    }

    /// The sign-in route was told something it did not expect, or nothing at all.
    static func strayAnswer() -> WebPage {
        WebPage(
            .signInFailed,
            .badRequest,
            title: "This sign-in cannot be finished",
            "The answer does not belong to a sign-in that is under way in this browser. It may have taken too long, it "
                + "may have been started in another browser, or cookies are blocked.",
            "Nothing was changed. Please start again."
        )
    }

    /// The answer to a sign-in came a second time, and nobody is signed in.
    static func usedAnswer() -> WebPage {
        WebPage(
            .signInFailed,
            .badRequest,
            title: "This sign-in was finished before",
            "The answer of the sign-in has been used already, and it counts only once.",
            "Please start again."
        )
    }

    /// The provider refused, or its answer was refused, or it does not answer.
    static func signInFailed(_ error: any Error, returnTo: LocalPath) -> WebPage {
        guard let error = error as? AuthenticationError else {
            return WebPage(
                .signInFailed,
                .serviceUnavailable,
                title: "Sign-in does not work right now",
                "The sign-in service did not answer as it should.",
                "Please try again in a moment."
            )
        }
        var page = page(for: error)
        page.addDetails(of: error)
        return page
    }

    /// What happened and what to do, by kind.
    private static func page(for error: AuthenticationError) -> WebPage {
        switch error.kind {
        case .transient, .throttled:
            WebPage(
                .signInFailed,
                .serviceUnavailable,
                title: "Sign-in does not work right now",
                "The sign-in service does not answer, or is too busy.",
                "Nothing was lost. Please try again in a moment."
            )
        case .declined:
            WebPage(
                .signInFailed,
                .forbidden,
                title: "Sign-in was cancelled",
                "You, or your organization, did not agree to the sign-in.",
                "Try again if that was not meant, or use another account."
            )
        case .misconfigured, .invalidCall:
            WebPage(
                .signInFailed,
                .internalServerError,
                title: "Sign-in is not set up correctly",
                "The sign-in service does not accept how this application is set up. You cannot mend that yourself.",
                "Please tell the people who run this application, with the reference below."
            )
        case .interactionRequired:
            WebPage(
                .signInFailed,
                .forbidden,
                title: "The sign-in is not complete",
                "The sign-in service asks for something more before you can go on.",
                "Please try again and follow its steps."
            )
        case .rejectedToken, .rejectedResponse, .refused:
            WebPage(
                .signInFailed,
                .badRequest,
                title: "Sign-in did not work",
                "The sign-in service's answer could not be accepted, so you are not signed in.",
                "Please try again. If that does not help, tell the people who run this application."
            )
        }
    }

    /// The small print of an error: codes, and the provider's own words.
    private mutating func addDetails(of error: AuthenticationError) {
        if !error.aadstsCodes.isEmpty {
            let numbers = error.aadstsCodes.map { "AADSTS\($0)" }.joined(separator: ", ")
            details.append(Detail(label: "Error code", text: numbers))
        } else if let code = error.serverCode {
            details.append(Detail(label: "Error code", text: String(code.prefix(100))))
        }
        if let description = error.serverDescription, !description.isEmpty {
            details.append(Detail(label: "The service says", text: String(description.prefix(500))))
        }
        correlationID = error.correlationID
    }

    /// The question whether to sign out.
    static func confirmSignOut(csrfToken: String) -> WebPage {
        var page = WebPage(
            .confirmSignOut,
            .ok,
            title: "Sign out?",
            "You will be signed out of this application and of the account you used."
        )
        page.actions = [
            Action(
                label: "Sign out",
                target: AuthenticationRoute.signOut.path,
                form: [CSRFToken.fieldName: csrfToken]
            ),
            .link("Stay signed in", "/"),
        ]
        return page
    }

    /// On the way to the provider's own sign-out.
    static func signingOut(_ url: String) -> WebPage {
        var page = WebPage(
            .signingOut,
            .ok,
            title: "Signing you out",
            "You are signed out of this application. Your browser goes on to sign you out of your account too."
        )
        page.actions = [.link("Go on now", url)]
        page.refresh = url
        return page
    }

    /// Signed out.
    static func signedOut() -> WebPage {
        var page = WebPage(
            .signedOut,
            .ok,
            title: "You are signed out",
            "On a shared computer, close all windows of the browser too."
        )
        page.actions = [.link("Sign in again", AuthenticationRoute.signIn.path), .link("Front page", "/")]
        return page
    }

    /// The route exists, but not for this method.
    static func methodNotAllowed() -> WebPage {
        WebPage(
            .failed,
            .methodNotAllowed,
            title: "This cannot be done here",
            "The address does not take such a request."
        )
    }

    /// An error of the application, by its status.
    static func failed(_ status: HTTPResponse.Status, _ detail: String? = nil) -> WebPage {
        let (title, standard) =
            switch status.code {
            case 401: ("Please sign in", "This page is for people who have signed in.")
            case 403: ("You do not have access", "Your account does not have access to this.")
            case 404: ("Page not found", "There is nothing at this address, or it is not there for you.")
            case 405: ("This cannot be done here", "The address does not take such a request.")
            case 413: ("Too large", "What was sent is too large.")
            case 429: ("Too many requests", "Please wait a moment and try again.")
            case 502: ("Something behind this page failed", "A service behind this page gave no usable answer.")
            case 503: ("Not available right now", "Please try again in a moment.")
            case 400..<500: ("This request cannot be carried out", "The request could not be understood.")
            default: ("Something went wrong", "It is not your fault. Please try again later.")
            }
        let kind: Kind = status == .unauthorized ? .signInNeeded : status == .forbidden ? .forbidden : .failed
        return WebPage(kind, status, title: title, detail ?? standard)
    }
}
