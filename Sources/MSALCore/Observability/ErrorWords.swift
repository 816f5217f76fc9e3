// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a provider says about an error, cut down to words that are known: whoever answers must not be able to fill a
/// metrics system with words of its own, nor a trace with anything else.
enum ErrorWords {
    /// The codes of RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5, OpenID Connect Core §3.1.2.6, and the platform's own.
    private static let codes: Set<String> = [
        "access_denied", "account_selection_required", "authorization_pending", "consent_required", "expired_token",
        "interaction_required", "invalid_client", "invalid_grant", "invalid_instance", "invalid_request",
        "invalid_resource", "invalid_scope", "invalid_target", "invalid_tenant", "login_required",
        "request_not_supported",
        "server_error", "slow_down", "temporarily_unavailable", "unauthorized_client", "unsupported_grant_type",
        "unsupported_response_type",
    ]

    /// An `error` of a provider.
    static func server(_ code: String?) -> String {
        code.map { codes.contains($0) ? $0 : "other" } ?? "none"
    }

    /// An AADSTS number.
    static func aadsts(_ number: Int?) -> String {
        number.map { AADSTSKnowledge.explanation(of: $0) == nil ? "other" : "\($0)" } ?? "none"
    }
}
