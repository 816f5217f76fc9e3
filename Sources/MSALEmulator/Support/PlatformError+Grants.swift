// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Faults of people's sign-ins and of what was granted by them.
extension PlatformError {
    /// Nobody is signed in and nobody may be asked.
    static let nobodySignedIn = PlatformError(
        code: 50058,
        error: "login_required",
        text: "A silent sign-in request was sent but no user is signed in."
    )

    /// Several people are signed in and nobody may be asked.
    static let severalSignedIn = PlatformError(
        code: 16000,
        error: "interaction_required",
        text: "Either multiple user identities are available for the current request or selected account is not "
            + "supported for the scenario."
    )

    /// The session asked for does not exist.
    static let sessionUnknown = PlatformError(
        code: 160021,
        error: "interaction_required",
        text: "Application requested a user session which does not exist."
    )

    /// The person pressed cancel.
    static let cancelled = PlatformError(
        code: 65004,
        error: "access_denied",
        text: "User declined to consent to access the app.",
        subcode: "cancel"
    )

    /// The person is of another tenant.
    static func userOfOtherTenant(_ tenant: String) -> PlatformError {
        PlatformError(
            code: 50020,
            error: "invalid_grant",
            text: "User account does not exist in tenant '\(quoted(tenant))' and cannot access the application in "
                + "that tenant. The account needs to be added as an external user in the tenant first."
        )
    }

    /// The account is switched off.
    static let userDisabled = PlatformError(
        code: 50057,
        error: "invalid_grant",
        text: "The user account is disabled."
    )

    /// The application wants an assignment and the person has none.
    static func userNotAssigned(_ application: Application, error: String = "access_denied") -> PlatformError {
        PlatformError(
            code: 50105,
            error: error,
            text: "Your administrator has configured the application \(quoted(application.displayName)) "
                + "('\(application.id)') to block users unless they are specifically granted ('assigned') access to "
                + "the application."
        )
    }

    /// Scopes nobody granted; `error` differs between the endpoints.
    static func notConsented(_ application: Application, error: String, suberror: String? = nil) -> PlatformError {
        PlatformError(
            code: 65001,
            error: error,
            text: "The user or administrator has not consented to use the application with ID '\(application.id)' "
                + "named '\(quoted(application.displayName))'. Send an interactive authorization request for this "
                + "user and resource. (Emulator: grant the scopes in the seed, under delegatedPermissions.)",
            suberror: suberror,
            hasPage: true
        )
    }

    /// The sign-in page is too old, or the browser is another.
    static let flowExpired = PlatformError(
        code: 50089,
        error: "invalid_grant",
        text: "Authentication failed due to flow token expired. Go back to the application and sign in again; the "
            + "browser must accept cookies."
    )

    /// The code was never issued.
    static let codeUnknown = PlatformError(
        code: 70000,
        error: "invalid_grant",
        text: "Provided grant is invalid or malformed."
    )

    /// The code is too old.
    static let codeExpired = PlatformError(
        code: 70008,
        error: "invalid_grant",
        text: "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
            + "authorization request for this user and resource.",
        hasPage: true
    )

    /// The code was used before.
    static let codeRedeemed = PlatformError(
        code: 54005,
        error: "invalid_grant",
        text: "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "
            + "refresh token.",
        hasPage: true
    )

    /// The code was issued by another tenant.
    static let codeOfOtherTenant = PlatformError(
        code: 700005,
        error: "invalid_grant",
        text: "Provided Authorization Code is intended to use against other tenant, thus rejected."
    )

    /// The code was issued to another client.
    static let codeOfOtherClient = PlatformError(
        code: 70000,
        error: "invalid_grant",
        text: "Provided grant is invalid or malformed. It was issued to another application."
    )

    /// The redirect URI differs from the one of the authorization request.
    static let codeOfOtherRedirect = PlatformError(
        code: 500112,
        error: "invalid_grant",
        text: "The reply address does not match the reply address provided when requesting Authorization code."
    )

    /// The PKCE verifier does not fit.
    static let verifierMismatch = PlatformError(
        code: 501481,
        error: "invalid_grant",
        text: "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        hasPage: true
    )

    /// The refresh token cannot be used.
    static let refreshTokenInvalid = PlatformError(
        code: 70000,
        error: "invalid_grant",
        text: "Provided grant is invalid or malformed. The refresh token is not one of this application.",
        suberror: "bad_token"
    )

    /// The refresh token lay unused for too long.
    static let refreshTokenExpired = PlatformError(
        code: 700082,
        error: "invalid_grant",
        text: "The refresh token has expired due to inactivity.",
        suberror: "bad_token",
        hasPage: true
    )
}
