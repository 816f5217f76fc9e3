// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The fields that tell browsers how to keep our pages safe; they go onto every answer, errors too.
///
/// A field that a handler has set itself stays as it is.
public struct SecurityHeaders: Sendable, Hashable {
    /// The directives of the content security policy, without `form-action`, which is made from
    /// ``formActionOrigins`` and the provider's origins.
    public var contentSecurityPolicy: [String] = [
        "default-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
        "img-src 'self' data:",
    ]
    /// Origins that forms may be sent to or redirected to, beside our own and the provider's.
    public var formActionOrigins: [String] = []
    /// How much of the address goes along with links; the pages of a sign-in always say `no-referrer`.
    public var referrerPolicy = "same-origin"
    /// Features of the browser that pages may not use.
    public var permissionsPolicy = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    /// How long browsers insist on https; it is sent on https only, and never for `localhost`, where it would break
    /// every other application of the same machine.
    public var strictTransportSecurity: String? = "max-age=31536000"
    /// What pages of signed-in people say about caching unless their handler says something.
    public var signedInCacheControl = "no-store"

    /// The defaults: nothing from elsewhere, no frames, no scripts or styles inside the page.
    public init() {}

    /// Puts the fields in that are missing.
    func apply(
        to fields: inout HTTPFields,
        baseURL: PublicBaseURL,
        providerOrigins: [String],
        isSignedIn: Bool,
        isSignInPage: Bool
    ) {
        func set(_ name: HTTPField.Name, _ value: String) {
            if !fields.contains(name) { fields[name] = value }
        }
        set(.contentSecurityPolicy, contentSecurityPolicy(providerOrigins: providerOrigins))
        set(.xContentTypeOptions, "nosniff")
        set(.xFrameOptions, "DENY")
        set(.crossOriginOpenerPolicy, "same-origin")
        set(.crossOriginResourcePolicy, "same-origin")
        set(.permissionsPolicy, permissionsPolicy)
        set(.referrerPolicy, isSignInPage ? "no-referrer" : referrerPolicy)
        if baseURL.isHTTPS, !baseURL.isLoopback, let strictTransportSecurity {
            set(.strictTransportSecurity, strictTransportSecurity)
        }
        if isSignInPage {
            set(.cacheControl, "no-store")
        } else if isSignedIn {
            set(.cacheControl, signedInCacheControl)
        }
    }

    /// The whole policy.
    ///
    /// Chromium checks `form-action` along the redirects that follow a form, so the provider belongs in it: signing out
    /// is a form whose answer leads there.
    func contentSecurityPolicy(providerOrigins: [String]) -> String {
        let targets = ["'self'"] + formActionOrigins + providerOrigins.filter { !formActionOrigins.contains($0) }
        return (contentSecurityPolicy + ["form-action " + targets.joined(separator: " ")]).joined(separator: "; ")
    }
}
