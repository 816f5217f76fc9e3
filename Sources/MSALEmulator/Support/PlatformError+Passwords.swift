// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Faults of names and passwords that come to the token endpoint.
extension PlatformError {
    /// Nobody has that name here.
    static func userUnknown(_ name: String, tenant: String) -> PlatformError {
        PlatformError(
            code: 50034,
            error: "invalid_grant",
            text: "The user account \(quoted(name)) does not exist in the \(quoted(tenant)) directory. To sign into "
                + "this application, the account must be added to the directory.",
            suberror: "bad_token",
            hasPage: true
        )
    }

    /// The password is another one.
    static let passwordWrong = PlatformError(
        code: 50126,
        error: "invalid_grant",
        text: "Error validating credentials due to invalid username or password.",
        hasPage: true
    )

    /// Too many wrong passwords.
    static let accountLocked = PlatformError(
        code: 50053,
        error: "invalid_grant",
        text: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
        hasPage: true
    )

    /// The password is right, and too old.
    static let passwordExpired = PlatformError(
        code: 50055,
        error: "invalid_grant",
        text: "The password is expired.",
        suberror: "user_password_expired",
        hasPage: true
    )

    /// The directory has no password: the person's domain is federated.
    static let passwordElsewhere = PlatformError(
        code: 50056,
        error: "invalid_grant",
        text: "Invalid or null password: the password does not exist in the directory for this user. The domain is "
            + "federated; ask the user realm, and send the assertion of its federation server.",
        hasPage: true
    )

    /// Passwords and assertions are for work accounts.
    static let grantNeedsOrganization = PlatformError(
        code: 9_001_023,
        error: "invalid_request",
        text: "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations "
            + "or tenant-specific endpoint."
    )
}
