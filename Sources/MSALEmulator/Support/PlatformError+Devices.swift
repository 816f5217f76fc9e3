// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What devices hear that wait for a person (RFC 8628 §3.5), by the platform's names or, in strict mode, by the RFC's.
extension PlatformError {
    /// The person has not finished.
    static let devicePending = PlatformError(
        code: 70016,
        error: "authorization_pending",
        text: "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
    )

    /// The device asks too often; the platform never says so.
    static let deviceTooFast = PlatformError(
        code: 70016,
        error: "slow_down",
        text:
            "OAuth 2.0 device flow error. Authorization is pending, and the device polls too often. Wait five seconds "
            + "longer between two requests from now on."
    )

    /// The person pressed cancel.
    static func deviceDeclined(isStrict: Bool) -> PlatformError {
        PlatformError(
            code: 70018,
            error: isStrict ? "access_denied" : "authorization_declined",
            text: "The user denied the authorization request of the device."
        )
    }

    /// The code is none, or another application's, or was issued at another tenant.
    static func deviceCodeUnknown(isStrict: Bool) -> PlatformError {
        PlatformError(
            code: 70018,
            error: isStrict ? "invalid_grant" : "bad_verification_code",
            text: "The provided value for the input parameter 'device_code' is not valid. It was not issued to this "
                + "application by this endpoint."
        )
    }

    /// The code is too old.
    static let deviceCodeExpired = PlatformError(
        code: 70020,
        error: "expired_token",
        text: "The provided value for the input parameter 'device_code' is not valid. This device code has expired."
    )

    /// The page was answered already, or its code is too old.
    static let deviceAnswered = PlatformError(
        code: 90120,
        error: "invalid_request",
        text: "This device was answered already, or its code has expired. Start again on the device."
    )
}
