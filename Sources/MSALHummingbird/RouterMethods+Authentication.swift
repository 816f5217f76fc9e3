// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Hummingbird
public import MSALWeb

extension RouterMethods where Context: AuthenticatedRequestContext {
    /// Installs sign-in: sessions, `/auth/…`, error pages and security fields.
    ///
    /// Call it before any route and any other middleware is added: only what comes later is inside of it. A request log
    /// goes before it, and should not log queries; see ``RequestLogMiddleware``.
    @discardableResult
    public func addAuthentication(_ web: WebAuthentication) -> Self {
        add(middleware: AuthenticationMiddleware(web))
    }

    /// A group of routes that a policy guards; their handlers get a context with a signed-in user.
    public func require(_ policy: Policy) -> RouterGroup<SignedInContext<Context>> {
        group().add(middleware: PolicyMiddleware(policy)).group(context: SignedInContext<Context>.self)
    }

    /// A route that a policy guards.
    @discardableResult
    public func on(
        _ path: RouterPath,
        method: HTTPRequest.Method,
        require policy: Policy,
        use handler: @Sendable @escaping (Request, SignedInContext<Context>) async throws -> some ResponseGenerator
    ) -> Self {
        require(policy).on(path, method: method, use: handler)
        return self
    }

    /// A GET route that a policy guards.
    @discardableResult
    public func get(
        _ path: RouterPath = "",
        require policy: Policy,
        use handler: @Sendable @escaping (Request, SignedInContext<Context>) async throws -> some ResponseGenerator
    ) -> Self {
        on(path, method: .get, require: policy, use: handler)
    }

    /// A POST route that a policy guards.
    @discardableResult
    public func post(
        _ path: RouterPath = "",
        require policy: Policy,
        use handler: @Sendable @escaping (Request, SignedInContext<Context>) async throws -> some ResponseGenerator
    ) -> Self {
        on(path, method: .post, require: policy, use: handler)
    }
}
