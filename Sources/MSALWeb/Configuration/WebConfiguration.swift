// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore

/// Everything ``WebAuthentication`` needs to know, checked as a whole before the application starts.
public struct WebConfiguration: Sendable {
    /// Where browsers reach the application: the only source of redirect URIs and links.
    public var publicBaseURL: PublicBaseURL
    /// The keys that seal cookies.
    public var keys: KeyRing
    /// How long sessions live.
    public var sessionLifetime: SessionLifetime
    /// The scopes to ask for at every sign-in; nil for `User.Read` at Microsoft and none elsewhere.
    public var signInScopes: [String]?
    /// The fields on every answer.
    public var securityHeaders: SecurityHeaders
    /// The largest form that is read to find its CSRF token, in bytes.
    public var maximumFormBytes: Int

    /// A configuration written in code.
    public init(
        publicBaseURL: PublicBaseURL,
        keys: KeyRing,
        sessionLifetime: SessionLifetime = SessionLifetime(),
        signInScopes: [String]? = nil,
        securityHeaders: SecurityHeaders = SecurityHeaders(),
        maximumFormBytes: Int = 1 << 20
    ) {
        self.publicBaseURL = publicBaseURL
        self.keys = keys
        self.sessionLifetime = sessionLifetime
        self.signInScopes = signInScopes
        self.securityHeaders = securityHeaders
        self.maximumFormBytes = maximumFormBytes
    }

    /// Where the provider sends people back to; register it as a redirect URI of the platform *Web*.
    public var redirectURI: String { publicBaseURL.url(AuthenticationRoute.callback.path) }
    /// Where the provider sends people after sign-out; register it too.
    public var postLogoutRedirectURI: String { publicBaseURL.url(AuthenticationRoute.signedOut.path) }
    /// Where the provider posts the answer as a form, it must reach us over TLS: only then do browsers send the cookie.
    var responseMode: ResponseMode { publicBaseURL.isHTTPS ? .formPost : .query }
}
