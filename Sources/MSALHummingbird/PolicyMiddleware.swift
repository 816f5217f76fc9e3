// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Hummingbird
public import MSALWeb

/// Lets a request pass if a policy does.
public struct PolicyMiddleware<Context: AuthenticatedRequestContext>: RouterMiddleware {
    /// The policy.
    private let policy: Policy

    /// A middleware for the routes of a policy.
    public init(_ policy: Policy) {
        self.policy = policy
    }

    /// Passes the request on, or throws for the authentication middleware to answer.
    ///
    /// - Throws: `WebError` if the policy does not allow it.
    public func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        try await context.authentication.require(policy)
        return try await next(request, context)
    }
}
