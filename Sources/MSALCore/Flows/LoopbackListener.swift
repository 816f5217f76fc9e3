// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What takes the browser's answer on this machine (RFC 8252 §7.3): a small web server on loopback.
public protocol LoopbackListener: Sendable {
    /// Listens on a free port of the loopback interface, and on no other, while some work runs.
    ///
    /// Only forms that a browser posts to the redirect URI are handed over; all else is refused by the listener itself.
    /// What has not been replied to when the work ends is told that the sign-in is over.
    ///
    /// - Parameter body: the work: it is given the redirect URI (`http://localhost:PORT`) and the forms as they come.
    /// - Returns: what the work returns.
    /// - Throws: ``BrowserObstacle/noListener`` when no port is to be had, or what the work throws.
    func withListener<Result: Sendable>(
        _ body: (_ redirectURI: String, _ posts: AsyncStream<LoopbackPost>) async throws -> Result
    ) async throws -> Result
}

/// A form that some browser posted to a ``LoopbackListener``: whoever's it is, it waits for a reply.
public struct LoopbackPost: Sendable {
    /// The body; a secret, since there may be a code in it.
    public let form: Secret
    /// What brings the reply to the browser.
    private let respond: @Sendable (LoopbackReply) -> Void

    /// Creates a post.
    ///
    /// - Parameters:
    ///   - form: the body in `application/x-www-form-urlencoded`.
    ///   - respond: brings the reply to the browser; called once, from any thread.
    public init(form: Secret, respond: @escaping @Sendable (LoopbackReply) -> Void) {
        self.form = form
        self.respond = respond
    }

    /// Replies to the browser.
    public func reply(_ reply: LoopbackReply) {
        respond(reply)
    }
}

/// What a browser is told.
@nonexhaustive
public enum LoopbackReply: Sendable, Hashable {
    /// That the person has signed in.
    case signedIn
    /// That the sign-in failed, and why: text to be escaped.
    case failed(String)
    /// That what it brought belongs to no sign-in under way (400).
    case foreign
    /// That the sign-in is over.
    case over
}
