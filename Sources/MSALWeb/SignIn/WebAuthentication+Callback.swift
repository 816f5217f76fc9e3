// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import MSALCore
import MSALJWT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension WebAuthentication {
    /// Takes the provider's answer to a sign-in.
    ///
    /// Nothing but an answer to a sign-in of this very browser, come the way it was asked for and for the first time,
    /// gets as far as the token request.
    func completeSignIn(
        _ request: WebRequest,
        _ sent: RequestCookies,
        _ authentication: RequestAuthentication
    ) async throws -> WebResponse {
        let response: AuthorizationResponse
        do {
            response = try await readAnswer(request)
        } catch let error as CancellationError {
            throw error
        } catch {
            log(error, "An answer to a sign-in was refused", authentication)
            return render(.strayAnswer(), authentication, returnTo: .root)
        }
        guard let state = response.state else {
            return render(.strayAnswer(), authentication, returnTo: .root)
        }
        let now = time.now
        let tag = SignInTransaction.tag(state)
        let value = sent[cookies.signInPrefix + tag]
        let opened = value.flatMap {
            sealer.open(SignInTransaction.self, from: $0, purpose: SignInTransaction.purpose, at: now)
        }
        // `Secret` compares in constant time.
        guard let transaction = opened?.value, transaction.flow.state == state else {
            return try await unknownAnswer(state, authentication)
        }
        guard response.mode == transaction.flow.responseMode else {
            return render(.strayAnswer(), authentication, returnTo: transaction.returnTo)
        }
        var answer: WebResponse
        do {
            if try await spend(transaction, now) {
                answer = try await redeem(transaction, response, authentication)
            } else {
                answer = Self.toErrorRoute(transaction.returnTo)
            }
        } catch let error as WebError {
            log(error.underlying ?? error, "A sign-in could not be kept", authentication)
            let page = WebPage.failed(error.status, error.message)
            answer = render(page, authentication, returnTo: transaction.returnTo)
        }
        answer.set(removal(of: cookies.signInPrefix + tag))
        return answer
    }

    /// Reads the answer from where its method puts it; whether it was asked for in this way shows once it is matched.
    private func readAnswer(_ request: WebRequest) async throws -> AuthorizationResponse {
        switch request.head.method {
        case .get:
            return try AuthorizationResponse(query: request.query ?? "")
        default:
            guard request.hasForm else {
                throw WebError(.malformedRequest, "The answer is not a form.")
            }
            let body = try await request.body(maximumBytes: AuthorizationResponse.maximumLength)
            guard let text = String(validating: body, as: UTF8.self) else {
                throw WebError(.malformedRequest, "The answer is not UTF-8.")
            }
            return try AuthorizationResponse(form: text)
        }
    }

    /// Answers a callback that belongs to no sign-in under way here: one that was finished before, or a stray one.
    private func unknownAnswer(
        _ state: Secret,
        _ authentication: RequestAuthentication
    ) async throws -> WebResponse {
        let spent: SpentSignIn?
        do {
            spent = try await sessions.spentSignIn(for: SignInTransaction.key(state), at: time.now)
        } catch {
            throw WebError(.unavailable, "Sessions cannot be read right now.", underlying: error)
        }
        guard let spent else { return render(.strayAnswer(), authentication, returnTo: .root) }
        return Self.toErrorRoute(spent.returnTo)
    }

    /// Marks a sign-in as answered; false if it was before.
    private func spend(_ transaction: SignInTransaction, _ now: Date) async throws -> Bool {
        let spent = SpentSignIn(
            key: SignInTransaction.key(transaction.flow.state),
            returnTo: transaction.returnTo,
            expiresAt: now.addingTimeInterval(SignInTransaction.lifetime.inSeconds)
        )
        do {
            return try await sessions.spend(spent, at: now)
        } catch {
            throw WebError(.unavailable, "Sessions cannot be written right now.", underlying: error)
        }
    }

    /// A form post from elsewhere does not carry the session cookie, so whether somebody is signed in shows only at a
    /// page of our own: a redirect there does carry it.
    private static func toErrorRoute(_ returnTo: LocalPath) -> WebResponse {
        let query = FormEncoding.encode([("reason", "used"), ("return_to", returnTo.description)])
        return .seeOther(AuthenticationRoute.error.path + "?" + query)
    }

    /// Where a repeated answer leads: to the page, if the first one has signed the person in.
    func usedSignIn(_ request: WebRequest, _ authentication: RequestAuthentication) -> WebResponse {
        let query = request.query.flatMap { FormFields(query: $0) }
        let returnTo = (query?["return_to"].flatMap { LocalPath($0) } ?? .root).asReturnPath
        guard query?["reason"] == "used" else { return render(.strayAnswer(), authentication, returnTo: returnTo) }
        if authentication.user != nil { return .seeOther(returnTo.description) }
        return render(.usedAnswer(), authentication, returnTo: returnTo)
    }

    /// Redeems the code, makes a session and goes on to where the person wanted to be.
    private func redeem(
        _ transaction: SignInTransaction,
        _ response: AuthorizationResponse,
        _ authentication: RequestAuthentication
    ) async throws -> WebResponse {
        let result: AuthenticationResult
        do {
            result = try await application.acquireToken(completing: transaction.flow, with: response)
        } catch let error as CancellationError {
            throw error
        } catch {
            log(error, "A sign-in failed", authentication)
            let page = WebPage.signInFailed(error, returnTo: transaction.returnTo)
            return render(page, authentication, returnTo: transaction.returnTo)
        }
        guard let session = makeSession(result, transaction) else {
            throw WebError(.unavailable, "The provider did not say who has signed in.")
        }
        let id = SessionID.random()
        let record = SessionRecord(
            key: id.key,
            session: session,
            lastSeenAt: session.createdAt,
            expiresAt: configuration.sessionLifetime.end(
                createdAt: session.createdAt,
                lastSeenAt: session.createdAt
            )
        )
        do {
            guard try await sessions.put(record, replacing: nil, at: session.createdAt) else {
                throw WebError(.unavailable, "The session could not be kept.")
            }
            for old in Set([transaction.previous, authentication.session?.key].compactMap(\.self)) {
                try await sessions.delete(old)
            }
        } catch {
            throw WebError(.unavailable, "Sessions cannot be written right now.", underlying: error)
        }
        await learnEndSession()
        authentication.logger.debug("A person signed in", metadata: ["msal.realm": "\(session.user.realm)"])
        var answer = WebResponse.seeOther(transaction.returnTo.description)
        answer.set(cookies.session(id.text))
        return answer
    }

    /// What the server keeps of a sign-in.
    ///
    /// No token is part of it.
    private func makeSession(_ result: AuthenticationResult, _ transaction: SignInTransaction) -> Session? {
        guard let account = result.account, let claims = result.idToken?.claims else { return nil }
        let realm = account.tenantID.isEmpty ? claims.issuer ?? account.environment : account.tenantID
        guard !account.localAccountID.isEmpty else { return nil }
        let now = time.now
        return Session(
            account: account,
            user: UserKey(realm: realm, subject: account.localAccountID),
            name: account.name ?? account.username,
            username: account.username,
            roles: Set(claims.roles.map { AppRole(rawValue: $0) }),
            providerSessionID: claims.sessionID,
            authenticatedAt: claims.authenticatedAt ?? now,
            createdAt: now,
            csrfSecret: Randomness.system.bytes(CSRFToken.secretLength),
            landing: transaction.returnTo,
            asked: transaction.asked
        )
    }
}
