// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Faults of the application and of its credentials.
extension PlatformError {
    /// The application is not in the tenant.
    static func clientUnknown(_ id: String, tenant: String) -> PlatformError {
        PlatformError(
            code: 700016,
            error: "unauthorized_client",
            text: "Application with identifier '\(quoted(id))' was not found in the directory '\(quoted(tenant))'. "
                + "This can happen if the application has not been installed by the administrator of the tenant or "
                + "consented to by any user in the tenant. You may have sent your authentication request to the "
                + "wrong tenant.",
            hasPage: true
        )
    }

    /// The client ID is no GUID.
    static func clientMalformed(_ id: String) -> PlatformError {
        PlatformError(
            code: 700038,
            error: "unauthorized_client",
            text: "\(quoted(id)) is not a valid application identifier."
        )
    }

    /// The service principal is switched off.
    static func clientDisabled(_ id: GUID) -> PlatformError {
        PlatformError(code: 7_000_112, error: "unauthorized_client", text: "Application '\(id)' is disabled.")
    }

    /// A single-tenant application on a shared authority.
    static func clientIsSingleTenant(_ application: Application) -> PlatformError {
        PlatformError(
            code: 50194,
            error: "invalid_request",
            text: "Application '\(application.id)'(\(quoted(application.displayName))) is not configured as a "
                + "multi-tenant application. Usage of the /common endpoint is not supported for such apps. Use a "
                + "tenant-specific endpoint or configure the application to be multi-tenant.",
            hasPage: true
        )
    }

    /// The redirect URI is not registered.
    static func redirectUnknown(_ uri: String, _ client: GUID) -> PlatformError {
        PlatformError(
            code: 50011,
            error: "invalid_request",
            text: "The redirect URI '\(quoted(uri))' specified in the request does not match the redirect URIs "
                + "configured for the application '\(client)'. Make sure the redirect URI sent in the request matches "
                + "one added to your application.",
            hasPage: true
        )
    }

    /// The application has no redirect URI and the request names none.
    static let redirectMissing = PlatformError(
        code: 900971,
        error: "invalid_request",
        text: "No reply address provided."
    )

    /// The secret is wrong.
    static func secretWrong(_ client: GUID) -> PlatformError {
        PlatformError(
            code: 7_000_215,
            error: "invalid_client",
            text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
                + "value, not the client secret ID, for a secret added to app '\(client)'.",
            hasPage: true,
            status: .unauthorized
        )
    }

    /// The secret was right once.
    static func secretExpired(_ client: GUID) -> PlatformError {
        PlatformError(
            code: 7_000_222,
            error: "invalid_client",
            text: "The provided client secret keys for app '\(client)' are expired. Create new keys for your app.",
            hasPage: true,
            status: .unauthorized
        )
    }

    /// A confidential client without credential.
    static let credentialMissing = PlatformError(
        code: 7_000_218,
        error: "invalid_client",
        text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        hasPage: true,
        status: .unauthorized
    )

    /// A public client with credential.
    static let credentialOfPublicClient = PlatformError(
        code: 700025,
        error: "invalid_client",
        text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        status: .unauthorized
    )
}
