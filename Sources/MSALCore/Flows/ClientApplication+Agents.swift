// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tracing

/// Whom an agent works for.
@nonexhaustive
public enum FederatedUser: Sendable, Hashable {
    /// By user name.
    case username(String)
    /// By object identifier.
    case objectID(String)
}

extension ClientApplication where Kind == ConfidentialClient {
    /// Acquires a token of a person with the token of an agent's instance (`user_fic`), at Microsoft Entra ID alone.
    ///
    /// - Parameters:
    ///   - assertion: the instance's token for `api://AzureADTokenExchange/.default`.
    ///   - user: whom the agent works for.
    ///   - scopes: what the token must be good for, for one API.
    ///   - claims: a claims challenge that the token must meet, verbatim.
    ///   - options: what few requests need.
    /// - Returns: the token; acquire the next ones silently.
    /// - Throws: ``AuthenticationError``.
    public func acquireToken(
        byUserFederatedIdentityCredential assertion: Secret,
        of user: FederatedUser,
        scopes: [String],
        claims: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        return try await instruments.acquiring(.userFederatedIdentity, scopes, time) {
            let isolation = try isolation(of: options)
            let authority = configuration.authority
            try Scopes.checkUserFlow(scopes)
            try checkClaims(claims, options)
            let anchor: AnchorMailbox =
                switch user {
                case .username(let name): .userName(name)
                case .objectID(let id): .object(id: id, tenant: authority.tenant)
                }
            let call = call(.userFederatedIdentity, nil, anchor, options: options ?? RequestOptions())
            let metadata = try await metadata(of: authority, call.correlationID)
            let wanted = try Scopes.userFlow(scopes, excluding: metadata.unofferedScopes(of: authority))
            let grant = PersonalGrant(
                request: .userFederatedIdentity(assertion, of: user, scopes: wanted, claims: claims),
                scopes: wanted,
                acceptsClientInfo: true,
                isolation: isolation,
                tenantName: authority.tenant
            )
            return try await acquire(grant, at: metadata, of: authority, call, watch)
        }
    }

    /// The application of an agent identity whose blueprint this one is: it proves itself with this one's tokens.
    ///
    /// It is made once for each agent and keeps tokens of its own. Acquire the agent's own tokens with
    /// `acquireTokenForClient`, and a person's with ``acquireTokenForAgent(_:on:scopes:)``.
    ///
    /// - Parameter agentID: the client ID of the agent identity.
    /// - Returns: the agent's application.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    public func agent(_ agentID: String) throws(AuthenticationError) -> ConfidentialClientApplication {
        if let known = agents.withLock({ $0[agentID] }) { return known }
        var settings = configuration
        settings.clientID = agentID
        // It knows the blueprint's tokens, and none of an agent's.
        settings.tokenProvider = nil
        settings.credential = .assertion { [weak self] request in
            guard let self else { throw CancellationError() }
            var options = RequestOptions()
            options.fmiPath = agentID
            options.correlationID = request.correlationID
            return try await acquireTokenForClient(
                scopes: [Self.tokenExchange],
                tenant: request.tenant,
                options: options
            ).accessToken
        }
        let made = try ConfidentialClientApplication(
            configuration: settings,
            transport: client.transport,
            tokens: vault?.settings,
            time: time,
            randomness: randomness,
            logger: logger,
            tracer: instruments.tracer ?? NoOpTracer()
        )
        return agents.withLock { agents in
            if let known = agents[agentID] { return known }
            agents.change(agentID, from: made) { _ in }
            return made
        }
    }

    /// Acquires a token for an agent that works for a person: the three exchanges of an agent identity in one call.
    ///
    /// - Parameters:
    ///   - agentID: the client ID of the agent identity.
    ///   - user: whom the agent works for.
    ///   - scopes: what the token must be good for, for one API.
    /// - Returns: the token, from the agent's cache where there is one.
    /// - Throws: ``AuthenticationError``.
    public func acquireTokenForAgent(
        _ agentID: String,
        on user: FederatedUser,
        scopes: [String]
    ) async throws -> AuthenticationResult {
        try Scopes.checkUserFlow(scopes)
        let agent = try agent(agentID)
        if let account = try await agent.accounts().first(where: { user.isHolder(of: $0) }) {
            do {
                let result = try await agent.acquireTokenSilently(scopes: scopes, account: account)
                // Names change hands: a renewal may have shown that this one is somebody else's by now.
                if user.isHolder(of: result.account ?? account) { return result }
            } catch let error as AuthenticationError where error.kind == .interactionRequired {
                // The agent can ask for a new grant by itself, below.
            }
        }
        let instance = try await agent.acquireTokenForClient(scopes: [Self.tokenExchange])
        return try await agent.acquireToken(
            byUserFederatedIdentityCredential: instance.accessToken,
            of: user,
            scopes: scopes
        )
    }

    /// The API whose tokens are good for being exchanged.
    private static var tokenExchange: String { "api://AzureADTokenExchange/.default" }
}

extension FederatedUser {
    /// Whether an account is this person's.
    fileprivate func isHolder(of account: Account) -> Bool {
        switch self {
        case .username(let name): account.username.lowercased() == name.lowercased()
        case .objectID(let id): account.localAccountID.lowercased() == id.lowercased()
        }
    }
}
