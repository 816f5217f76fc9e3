// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension ClientApplication where Kind == PublicClient {
    /// Acquires a token by having the person sign in with the system's browser, for programs on people's own machines (RFC
    /// 8252).
    ///
    /// The answer comes as a form posted to a listener on loopback, and counts only if it bears this sign-in's state: all
    /// others are refused, and the listener goes on waiting. Over ssh, without a display, and where no browser can be opened,
    /// the person gets a device code instead, and the notice says so. Register `http://localhost` as redirect URI.
    ///
    /// - Parameters:
    ///   - scopes: what to ask for besides the ID token and a refresh token, for one API.
    ///   - options: what else to ask for; the response mode is always a posted form. A device code knows claims alone.
    ///   - signIn: the listener, the browser, and what shows the person what to do.
    /// - Returns: the access token, the account and the ID token.
    /// - Throws: ``AuthenticationError``: `interactionRequired` with the code `flowExpired` when nobody signed in in time,
    ///   else as for ``acquireToken(completing:with:)``; `CancellationError`.
    public func acquireTokenInteractively(
        scopes: [String],
        options: AuthorizationOptions = AuthorizationOptions(),
        with signIn: InteractiveSignIn
    ) async throws -> AuthenticationResult {
        let obstacle = BrowserObstacle(environment: configuration.environment, needsDisplay: Self.needsDisplay)
        do {
            if let obstacle { throw obstacle }
            return try await signIn.listener.withListener { redirectURI, posts in
                try await acquireToken(scopes, options, signIn, answeredTo: redirectURI, posts)
            }
        } catch let obstacle as BrowserObstacle {
            let flow = try await startDeviceCodeFlow(scopes: scopes, claims: options.claims)
            signIn.notice(.deviceCode(flow, instead: obstacle))
            return try await acquireToken(completing: flow)
        }
    }

    /// Whether browsers need a display server that the environment names.
    private static var needsDisplay: Bool {
        #if os(macOS)
            false
        #else
            true
        #endif
    }

    /// Sends the browser off, waits for its answer and redeems it; the browser hears how that went.
    private func acquireToken(
        _ scopes: [String],
        _ options: AuthorizationOptions,
        _ signIn: InteractiveSignIn,
        answeredTo redirectURI: String,
        _ posts: AsyncStream<LoopbackPost>
    ) async throws -> AuthenticationResult {
        var options = options
        // No code in an address: those are kept in histories, and shown to other programs.
        options.responseMode = .formPost
        let flow = try await startAuthorizationCodeFlow(scopes: scopes, redirectURI: redirectURI, options: options)
        guard flow.responseMode == .formPost else {
            throw AuthenticationError(
                .misconfigured,
                .responseMode,
                "The identity provider cannot answer by a posted form, which a sign-in on this machine needs. Sign in "
                    + "with a device code instead."
            )
        }
        guard await signIn.openBrowser(flow.url) else { throw BrowserObstacle.noBrowser }
        signIn.notice(.browser(url: flow.url))
        let (post, response) = try await within(signIn.timeLimit) {
            try await Self.firstAnswer(to: flow, among: posts)
        }
        do {
            let result = try await acquireToken(.interactive, completing: flow, with: response)
            post.reply(.signedIn)
            return result
        } catch {
            post.reply(.failed((error as? AuthenticationError)?.message ?? "The sign-in was broken off."))
            throw error
        }
    }

    /// The first post with the flow's state.
    ///
    /// Nothing of the others is shown or kept.
    private static func firstAnswer(
        to flow: AuthorizationCodeFlow,
        among posts: AsyncStream<LoopbackPost>
    ) async throws -> (LoopbackPost, AuthorizationResponse) {
        for await post in posts {
            // Compared in constant time, as every `Secret` is.
            if let response = try? AuthorizationResponse(form: post.form.reveal()), response.state == flow.state {
                return (post, response)
            }
            post.reply(.foreign)
        }
        throw CancellationError()
    }

    /// Lets some work take so long, and no longer.
    private func within<Result: Sendable>(
        _ limit: Duration,
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask { [time] in
                try await time.sleep(for: limit)
                var error = AuthenticationError(
                    .interactionRequired,
                    .flowExpired,
                    "Nobody has signed in within \(limit.components.seconds) seconds. Start the sign-in anew."
                )
                error.interaction = .signIn
                throw error
            }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
