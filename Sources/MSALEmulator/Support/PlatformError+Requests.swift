// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Faults of the request itself.
extension PlatformError {
    /// A parameter that must be there is not.
    static func missing(_ parameter: String) -> PlatformError {
        PlatformError(
            code: 900144,
            error: "invalid_request",
            text: "The request body must contain the following parameter: '\(parameter)'."
        )
    }

    /// The request cannot be read.
    static func malformed(_ why: String) -> PlatformError {
        PlatformError(
            code: 9_002_313,
            error: "invalid_request",
            text: "Invalid request. Request is malformed or invalid. \(why)"
        )
    }

    /// A parameter came more than once (RFC 6749 §3.1).
    static func repeated(_ parameter: String) -> PlatformError {
        malformed("The parameter '\(quoted(parameter))' must not be repeated.")
    }

    /// A parameter has a value that it cannot have.
    static func invalidValue(_ parameter: String, _ value: String) -> PlatformError {
        PlatformError(
            code: 90023,
            error: "invalid_request",
            text: "Unsupported '\(parameter)' value '\(quoted(value))'."
        )
    }

    /// Nobody knows the tenant.
    static func tenantUnknown(_ name: String) -> PlatformError {
        PlatformError(
            code: 90002,
            error: "invalid_tenant",
            text: "Tenant '\(quoted(name))' not found. Check to make sure you have the correct tenant ID and are "
                + "signing into the correct cloud.",
            hasPage: true
        )
    }

    /// The path needs another method.
    static func wrongMethod(_ expected: String) -> PlatformError {
        PlatformError(code: 900561, error: "invalid_request", text: "The endpoint only accepts \(expected) requests.")
    }

    /// `resource` belongs to version 1.
    static let resourceParameter = PlatformError(
        code: 901002,
        error: "invalid_request",
        text: "The 'resource' request parameter is not supported."
    )

    /// A browser script asked for tokens of an application that is not a single-page one.
    static let crossOrigin = PlatformError(
        code: 9_002_326,
        error: "invalid_request",
        text: "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type."
    )

    /// Nobody knows the host asked about.
    static let instanceUnknown = PlatformError(
        code: 50049,
        error: "invalid_instance",
        text: "Unknown or invalid instance.",
        hasPage: true
    )

    /// A scope that does not exist.
    static func scopeInvalid(_ scope: String) -> PlatformError {
        PlatformError(
            code: 70011,
            error: "invalid_scope",
            text: "The provided request must include a 'scope' input parameter. The provided value for the input "
                + "parameter 'scope' is not valid. The scope \(quoted(scope)) is not valid."
        )
    }

    /// One token is for one resource.
    static let scopeOfSeveralResources = PlatformError(
        code: 700022,
        error: "invalid_scope",
        text: "The provided value for the input parameter 'scope' is not valid because it contains more than one "
            + "resource."
    )

    /// Client credentials take only `.default`.
    static func scopeNotDefault(_ scope: String) -> PlatformError {
        PlatformError(
            code: 1_002_012,
            error: "invalid_scope",
            text: "The provided value for scope \(quoted(scope)) is not valid. Client credential flows must have a "
                + "scope value with /.default suffixed to the resource identifier (application ID URI)."
        )
    }

    /// The resource is not in the tenant.
    static func resourceUnknown(_ name: String) -> PlatformError {
        PlatformError(
            code: 500011,
            error: "invalid_resource",
            text: "The resource principal named \(quoted(name)) was not found in the tenant. This can happen if the "
                + "application has not been installed by the administrator of the tenant or consented to by any user "
                + "in the tenant. You might have sent your authentication request to the wrong tenant.",
            hasPage: true
        )
    }

    /// The grant type is none that is known here.
    static func grantUnsupported(_ grant: String) -> PlatformError {
        PlatformError(
            code: 70003,
            error: "unsupported_grant_type",
            text: "The app requested an unsupported grant type '\(quoted(grant))'."
        )
    }

    /// App-only tokens belong to one tenant.
    static let grantNeedsTenant = PlatformError(
        code: 9_001_023,
        error: "invalid_request",
        text: "The grant type is not supported over the /common, /organizations or /consumers endpoints. Please use "
            + "the tenant-specific endpoint."
    )

    /// A response type the platform does not have.
    static func responseTypeUnknown(_ type: String) -> PlatformError {
        PlatformError(
            code: 70005,
            error: "unsupported_response_type",
            text: "The response type '\(quoted(type))' is not supported."
        )
    }

    /// A response type the application has not switched on.
    static func responseTypeNotEnabled(_ type: String) -> PlatformError {
        PlatformError(
            code: 700054,
            error: "unsupported_response_type",
            text: "response_type '\(quoted(type))' is not enabled for the application."
        )
    }

    /// A response mode that does not exist or does not fit.
    static func responseModeUnsupported(_ mode: String) -> PlatformError {
        PlatformError(
            code: 70007,
            error: "invalid_request",
            text: "'\(quoted(mode))' is not a supported value of 'response_mode' for this request."
        )
    }

    /// The PKCE challenge is no challenge.
    static let challengeInvalid = PlatformError(
        code: 501491,
        error: "invalid_request",
        text: "Invalid size of Code_Challenge parameter, or unknown code_challenge_method."
    )

    /// Two parameters that say different things.
    static let hintWithAccountPicker = PlatformError(
        code: 90005,
        error: "invalid_request",
        text: "Unable to complete the request due to invalid parameters. Request contained both 'login_hint' and "
            + "'prompt=select_account'."
    )
}
