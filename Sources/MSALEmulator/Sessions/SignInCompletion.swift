// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import MSALJWT
import Synchronization

/// Turns a sign-in into a code, or into the reason why there is none.
struct SignInCompletion: Sendable {
    /// What all endpoints share.
    let platform: Platform
    /// The way to the application.
    let delivery: ReplyDelivery

    /// Answers the authorization request for a person who is signed in.
    func finish(_ request: AuthorizationRequest, _ user: User, _ account: BrowserSession.Account) -> Answer {
        do {
            let grant = try grant(request, user, account)
            if let device = request.reply.device {
                return DeviceLoginEndpoint(platform: platform).confirm(grant, user, request.application, device)
            }
            return delivery.success(try parameters(request, grant, user), sessionID: account.sessionID)
        } catch let error as PlatformError {
            return delivery.failure(error)
        } catch {
            platform.logger.error("Signing a token failed", metadata: ["error.type": "\(type(of: error))"])
            return delivery.failure(.malformed("The token could not be signed."))
        }
    }

    /// Checks what the person may do with the application.
    private func grant(
        _ request: AuthorizationRequest,
        _ user: User,
        _ account: BrowserSession.Account
    ) throws(PlatformError) -> UserGrant {
        guard SignInStep.isWelcome(user, at: request.segment) else {
            throw .userOfOtherTenant(request.segment.path)
        }
        let principal = try platform.servicePrincipal(of: request.application, in: user.tenantID)
        if principal.requiresAssignment, principal.roles[user.id] == nil {
            throw .userNotAssigned(request.application)
        }
        for resource in request.scope.resources {
            guard platform.directory.servicePrincipal(resource.application.id, in: user.tenantID) != nil else {
                throw .resourceUnknown(resource.prefix)
            }
            if platform.directory.grant(resource, to: request.application.id, in: user.tenantID) == nil {
                let error =
                    request.prompt == AuthorizationRequest.Prompt.none ? "interaction_required" : "consent_required"
                throw .notConsented(request.application, error: error)
            }
        }
        let verdict = ConditionalAccess(directory: platform.directory).verdict(for: request, user, account)
        guard verdict.unmet.isEmpty else { throw .secondFactorNeeded(verdict.unmet, error: "interaction_required") }
        return UserGrant(
            userID: user.id,
            tenantID: user.tenantID,
            clientID: request.application.id,
            scope: request.scope,
            authenticatedAt: account.authenticatedAt,
            tellsAuthenticationTime: request.maximumAge != nil || request.prompt == .login,
            sessionID: account.sessionID,
            methods: account.methods
        )
    }

    /// Issues what the response type names.
    private func parameters(
        _ request: AuthorizationRequest,
        _ grant: UserGrant,
        _ user: User
    ) throws -> [(name: String, value: String)] {
        let now = platform.now()
        let verdict = ConditionalAccess(directory: platform.directory).verdict(
            for: user,
            resources: [],
            claims: request.claims,
            methods: grant.methods
        )
        var parameters: [(name: String, value: String)] = []
        var claims: [String: JSONValue] = [:]
        if let nonce = request.nonce { claims["nonce"] = .string(nonce) }
        claims["acrs"] = TokenIssuer.contexts(verdict.contexts, askedBy: request.claims)
        if request.responseTypes.contains("code") {
            let code = AuthorizationCode(
                grant: grant,
                segment: request.segment,
                redirectURI: request.reply.redirectURI,
                isRedirectURIRequired: request.reply.isNamed,
                challenge: request.challenge,
                nonce: request.nonce,
                claims: request.claims,
                expires: now.addingTimeInterval(GrantStore.codeLifetime)
            )
            let text = platform.grants.withLock { $0.add(code, now: now) }
            claims["c_hash"] = .string(TokenIssuer.halfHash(text))
            parameters.append(("code", text))
        }
        if request.responseTypes.contains("id_token") {
            let token = try platform.issuer(delivery.base).idToken(grant, user: user, lifetime: 3600, extra: claims)
            parameters.append(("id_token", token))
        }
        if request.wantsClientInfo {
            parameters.append(("client_info", ClientInfo.make(user)))
        }
        return parameters
    }
}

/// The value that tells clients the home account.
enum ClientInfo {
    /// The value for a person.
    static func make(_ user: User) -> String {
        let json: JSONValue = ["uid": .string(user.id.text), "utid": .string(user.tenantID.text)]
        return Base64URL.encode(json.serialized())
    }
}
