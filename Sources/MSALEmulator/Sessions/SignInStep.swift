// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What comes next in a sign-in.
enum SignInStep {
    /// Nothing: this person is signed in.
    case done(User, BrowserSession.Account)
    /// The user name is asked; the application may have suggested one.
    case askUsername(suggestion: String?)
    /// The password of this person is asked.
    case askPassword(User)
    /// The second factor of this person, who is signed in, is asked.
    case askSecondFactor(User, [ConditionalAccessPolicy])
    /// One of the signed-in people is chosen.
    case chooseAccount([(user: User, account: BrowserSession.Account)])
    /// The application gets an error.
    case fail(PlatformError)

    /// Decides from the request and the people signed in with the browser.
    static func first(
        for request: AuthorizationRequest,
        accounts: [BrowserSession.Account],
        directory: Directory,
        now: Date
    ) -> SignInStep {
        let candidates = accounts.compactMap { account in
            directory.user(account.userID).flatMap { user in
                user.isEnabled && isWelcome(user, at: request.segment) ? (user: user, account: account) : nil
            }
        }
        let hinted = request.loginHint.flatMap { hint in
            LoginHint.objectID(hint).flatMap(directory.user) ?? directory.user(named: hint)
        }
        let expected = candidates.filter { candidate in
            if let sessionID = request.sessionID { return candidate.account.sessionID.text == sessionID.lowercased() }
            return request.loginHint == nil || candidate.user.id == hinted?.id
        }
        let oldest = request.maximumAge.map { now.addingTimeInterval(-TimeInterval($0)) } ?? .distantPast
        switch request.prompt {
        case .some(.none):
            guard let only = expected.first else {
                return .fail(request.sessionID == nil ? .nobodySignedIn : .sessionUnknown)
            }
            guard expected.count == 1 else { return .fail(.severalSignedIn) }
            return only.account.authenticatedAt < oldest ? .fail(.nobodySignedIn) : .done(only.user, only.account)
        case .login:
            return hinted.map { .askPassword($0) } ?? .askUsername(suggestion: request.loginHint)
        case .selectAccount:
            return candidates.isEmpty ? .askUsername(suggestion: nil) : .chooseAccount(candidates)
        case .consent, nil:
            if expected.count > 1 { return .chooseAccount(expected) }
            guard let only = expected.first else {
                return hinted.map { .askPassword($0) } ?? .askUsername(suggestion: request.loginHint)
            }
            return only.account.authenticatedAt < oldest ? .askPassword(only.user) : .done(only.user, only.account)
        }
    }

    /// This step, or the second factor in its place where a policy asks for one and a page may be shown.
    func demandingSecondFactor(for request: AuthorizationRequest, in directory: Directory) -> SignInStep {
        guard case .done(let user, let account) = self, request.prompt != AuthorizationRequest.Prompt.none else {
            return self
        }
        let unmet = ConditionalAccess(directory: directory).verdict(for: request, user, account).unmet
        return unmet.isEmpty ? self : .askSecondFactor(user, unmet)
    }

    /// Whose second factor is asked.
    var secondFactorUser: User? {
        guard case .askSecondFactor(let user, _) = self else { return nil }
        return user
    }

    /// Whether a person's account may be used at a tenant segment.
    static func isWelcome(_ user: User, at segment: TenantSegment) -> Bool {
        switch segment {
        case .tenant(let id): user.tenantID == id
        case .common, .organizations: true
        case .consumers: false
        }
    }
}
