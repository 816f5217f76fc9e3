// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One browser, and who is signed in with it.
struct BrowserSession: Sendable {
    /// One sign-in.
    struct Account: Sendable {
        /// The person.
        let userID: GUID
        /// The `sid` claim and `session_state`.
        let sessionID: GUID
        /// When the password was shown.
        let authenticatedAt: Date
        /// How the person proved it, the `amr` claim.
        var methods = [AuthenticationMethod.password]
    }

    /// What stays when the cookie changes: pending sign-ins are bound to it.
    let browserID: GUID
    /// Who is signed in, the latest last.
    var accounts: [Account] = []
    /// When it ends.
    var expires: Date

    /// Signs somebody in, or in again.
    mutating func signIn(_ user: User, at now: Date) -> Account {
        let former = accounts.first { $0.userID == user.id }
        accounts.removeAll { $0.userID == user.id }
        let account = Account(
            userID: user.id,
            sessionID: former?.sessionID ?? .random(),
            authenticatedAt: now,
            methods: former?.methods ?? [AuthenticationMethod.password]
        )
        accounts.append(account)
        return account
    }

    /// Notes that somebody who is signed in has shown a second factor.
    mutating func noteSecondFactor(of userID: GUID) {
        guard let index = accounts.firstIndex(where: { $0.userID == userID }),
            !accounts[index].methods.contains(AuthenticationMethod.severalFactors)
        else { return }
        accounts[index].methods.append(AuthenticationMethod.severalFactors)
    }
}

/// A sign-in between the authorization request and its answer.
struct SignInFlow: Sendable {
    /// The request.
    let request: AuthorizationRequest
    /// The browser it was made with.
    let browserID: GUID
    /// When it stops working.
    let expires: Date
    /// Who has signed in so far and is asked for a second factor now.
    var firstFactorOf: GUID?
}

/// Browser sessions and pending sign-ins, kept by the hash of what names them.
struct SessionStore: Sendable {
    /// How long a browser stays signed in.
    static let sessionLifetime: TimeInterval = 86_400
    /// How long a sign-in page may lie open.
    static let flowLifetime: TimeInterval = 3600
    /// How many of each are kept.
    static let limit = 20_000

    private var sessions: [[UInt8]: BrowserSession] = [:]
    private var flows: [[UInt8]: SignInFlow] = [:]

    /// The session that a cookie names.
    func session(_ cookie: String?, now: Date) -> BrowserSession? {
        guard let cookie, let session = sessions[Digest.sha256(cookie)], session.expires > now else { return nil }
        return session
    }

    /// Keeps a session under a new cookie value, which is returned, and forgets the old one.
    mutating func keep(_ session: BrowserSession, replacing cookie: String?, now: Date) -> String {
        if let cookie { sessions[Digest.sha256(cookie)] = nil }
        if sessions.count >= Self.limit { sessions = sessions.filter { $0.value.expires > now } }
        if sessions.count >= Self.limit { sessions.removeAll() }
        let value = Token.make()
        sessions[Digest.sha256(value)] = session
        return value
    }

    /// Changes a session that keeps its cookie.
    mutating func update(_ cookie: String, _ change: (inout BrowserSession) -> Void) {
        let key = Digest.sha256(cookie)
        guard var session = sessions[key] else { return }
        change(&session)
        sessions[key] = session
    }

    /// Keeps a pending sign-in and returns its token.
    mutating func add(_ flow: SignInFlow, now: Date) -> String {
        if flows.count >= Self.limit { flows = flows.filter { $0.value.expires > now } }
        if flows.count >= Self.limit { flows.removeAll() }
        let token = Token.make()
        flows[Digest.sha256(token)] = flow
        return token
    }

    /// The pending sign-in of a token, for the browser it belongs to.
    func flow(_ token: String, browserID: GUID?, now: Date) -> SignInFlow? {
        guard let flow = flows[Digest.sha256(token)], flow.browserID == browserID, flow.expires > now else {
            return nil
        }
        return flow
    }

    /// Notes who is asked for a second factor in a pending sign-in.
    mutating func noteFirstFactor(of userID: GUID, in token: String) {
        flows[Digest.sha256(token)]?.firstFactorOf = userID
    }

    /// Forgets a pending sign-in.
    mutating func removeFlow(_ token: String) {
        flows[Digest.sha256(token)] = nil
    }
}
