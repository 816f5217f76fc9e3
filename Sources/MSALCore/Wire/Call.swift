// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// One call of the application, as the requests it leads to tell the platform.
struct Call: Sendable {
    /// What was asked for.
    var api: RequestTelemetry.API
    /// Why the cache did not serve it.
    var reason = RequestTelemetry.Reason.notSilent
    /// Under what the provider logs its requests.
    var correlationID: String
    /// Whose data the platform will need.
    var anchor: AnchorMailbox?
    /// More claims for the assertion that a certificate signs.
    var assertionClaims: [String: JSONValue] = [:]
    /// Claims that a client of this application's own asked for.
    var forwardedClaims: String?
    /// More parameters of the form.
    var parameters: [(String, String)] = []
    /// The type that the token must be of.
    var tokenType = "Bearer"
}

extension ClientApplication {
    /// Refuses claims that cannot be sent, before anything is.
    ///
    /// - Throws: ``AuthenticationError`` with the code `claimsInvalid`.
    func checkClaims(_ claims: String?, _ options: RequestOptions? = nil) throws(AuthenticationError) {
        guard claims != nil || options?.forwardedClaims != nil else { return }
        _ = try ClaimsRequest.parameter(
            capabilities: configuration.capabilities,
            challenge: claims,
            forwarded: options?.forwardedClaims
        )
    }

    /// What the token of a request must be kept apart by; nil for nothing, as for nearly every request.
    ///
    /// - Throws: ``AuthenticationError`` with the code `parameterInvalid`, `claimsInvalid` or `configurationInvalid`.
    func isolation(of options: RequestOptions?) throws(AuthenticationError) -> String? {
        guard let options else { return nil }
        try options.binding?.check(configuration)
        return try options.isolation()
    }

    /// A call with its options.
    func call(
        _ api: RequestTelemetry.API,
        _ reason: AuthenticationResult.RefreshReason? = nil,
        _ anchor: AnchorMailbox? = nil,
        options: RequestOptions = RequestOptions()
    ) -> Call {
        Call(
            api: api,
            reason: reason?.telemetry ?? .notSilent,
            correlationID: options.correlationID ?? makeCorrelationID(),
            anchor: configuration.authority.kind.sendsClientInfo ? anchor : nil,
            assertionClaims: options.assertionClaims,
            forwardedClaims: options.forwardedClaims,
            parameters: options.form,
            tokenType: options.binding?.tokenType ?? "Bearer"
        )
    }
}

extension AuthenticationResult.RefreshReason {
    /// The reason in the platform's numbers.
    var telemetry: RequestTelemetry.Reason {
        switch self {
        case .forced, .claims: .forced
        case .noToken: .noAccessToken
        case .expired: .expired
        case .proactive: .dueForRefresh
        }
    }
}
