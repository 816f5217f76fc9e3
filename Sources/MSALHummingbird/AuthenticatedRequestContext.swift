// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Hummingbird
public import MSALCore
public import MSALWeb

/// A request context that knows who sends the request. An application's own context adopts it with one property:
///
///     struct PortalContext: AuthenticatedRequestContext {
///         var coreContext: CoreRequestContextStorage
///         var authentication = RequestAuthentication()
///         init(source: Source) { coreContext = .init(source: source) }
///     }
public protocol AuthenticatedRequestContext: RequestContext {
    /// Who sends the request; the middleware of `addAuthentication` fills it in.
    var authentication: RequestAuthentication { get set }
}

extension AuthenticatedRequestContext {
    /// A token for an API on behalf of the signed-in person, from the cache or with the refresh token.
    ///
    /// - Throws: `WebError` with `signInRequired` when the person has to act; let it pass, and it becomes a
    ///   redirect for people and a 401 for programs.
    public func acquireToken(scopes: [String]) async throws -> AuthenticationResult {
        try await authentication.acquireToken(scopes: scopes)
    }

    /// A client for an API that takes the signed-in person's token.
    public func downstream(_ api: DownstreamAPI) -> DownstreamClient {
        authentication.downstream(api)
    }
}

/// The context of routes behind a policy: somebody is signed in, so the user is not optional.
///
/// Properties of the application's own context can be read through it.
@dynamicMemberLookup
public struct SignedInContext<Parent: AuthenticatedRequestContext>: ChildRequestContext, AuthenticatedRequestContext {
    /// The parent's context, with the parent's decoder.
    public typealias Decoder = Parent.Decoder
    /// The parent's context, with the parent's encoder.
    public typealias Encoder = Parent.Encoder

    /// What Hummingbird itself needs.
    public var coreContext: CoreRequestContextStorage
    /// Who sends the request.
    public var authentication: RequestAuthentication
    /// The signed-in person.
    public let user: SignedInUser
    /// The application's own context.
    public let parent: Parent

    /// The context for a request of a signed-in person.
    ///
    /// - Throws: `WebError` with `signInRequired` if nobody is signed in.
    public init(context: Parent) throws {
        guard let user = context.authentication.user else {
            throw WebError(.signInRequired, "Please sign in.")
        }
        coreContext = context.coreContext
        authentication = context.authentication
        self.user = user
        parent = context
    }

    /// How bodies are read.
    public var requestDecoder: Parent.Decoder { parent.requestDecoder }
    /// How bodies are written.
    public var responseEncoder: Parent.Encoder { parent.responseEncoder }
    /// The largest body that is decoded.
    public var maxUploadSize: Int { parent.maxUploadSize }

    /// A property of the application's own context.
    public subscript<Value>(dynamicMember path: KeyPath<Parent, Value>) -> Value {
        parent[keyPath: path]
    }
}
