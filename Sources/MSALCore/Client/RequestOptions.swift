// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALJWT

/// What few requests for a token need.
public struct RequestOptions: Sendable {
    /// The identifier under which the provider logs the request, a UUID; a fresh one unless told otherwise.
    public var correlationID: String?

    /// Claims that a client of this application's own asked for, as JSON.
    ///
    /// They go into the request after a claims challenge, and the token is kept for equal claims alone.
    public var forwardedClaims: String?

    /// More parameters for the token endpoint.
    public var parameters: [Parameter] = []

    /// More claims for the assertion that a certificate signs for this request.
    public var assertionClaims: [String: JSONValue] = [:]

    /// The path of a federated managed identity that the token is for (`fmi_path`).
    public var fmiPath: String?

    /// What the token is to be bound to; nothing unless told otherwise, for a bearer token.
    public var binding: TokenBinding?

    /// Nothing out of the ordinary.
    public init() {}

    /// A parameter that this library does not know.
    public struct Parameter: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: String
        /// Whether the token is good for it: then it is kept for requests with the same alone.
        ///
        /// A parameter that changes nothing about the token, such as a routing hint, must not divide the cache.
        public var isPartOfCacheKey: Bool

        /// Creates a parameter.
        public init(_ name: String, _ value: String, isPartOfCacheKey: Bool) {
            self.name = name
            self.value = value
            self.isPartOfCacheKey = isPartOfCacheKey
        }
    }
}

extension RequestOptions {
    /// What the token must be kept apart by; nil for nothing, as for nearly every request.
    ///
    /// - Throws: ``AuthenticationError`` with the code `parameterInvalid` or `claimsInvalid`.
    func isolation() throws(AuthenticationError) -> String? {
        guard !parameters.isEmpty || fmiPath != nil || forwardedClaims != nil || binding != nil else { return nil }
        try Parameter.check(parameters)
        var fields = parameters.filter(\.isPartOfCacheKey).map { ($0.name, $0.value) }
        if let fmiPath { fields.append(("fmi_path", fmiPath)) }
        if let binding { fields.append(("token_binding", "\(binding.tokenType) \(binding.keyID)")) }
        if let forwardedClaims {
            // Equal claims, whatever their order and white space.
            let claims = try ClaimsRequest.parameter(forwarded: forwardedClaims)
            if let claims { fields.append(("client_claims", claims)) }
        }
        let hash = ExtendedCacheKey.hash(of: fields)
        return hash.isEmpty ? nil : hash
    }

    /// What goes into the form.
    var form: [(String, String)] {
        (fmiPath.map { [("fmi_path", $0)] } ?? []) + parameters.map { ($0.name, $0.value) }
            + (binding?.parameters ?? [])
    }

}

extension AuthorizationOptions {
    /// Refuses parameters that the library sets itself.
    ///
    /// - Throws: ``AuthenticationError`` with the code `parameterInvalid`.
    func checkParameters() throws(AuthenticationError) {
        try RequestOptions.Parameter.check(
            parameters,
            besides: ["prompt", "login_hint", "domain_hint", "max_age", "instance_aware"]
        )
    }
}

extension RequestOptions.Parameter {
    /// Refuses parameters that the library sets itself.
    ///
    /// - Parameters:
    ///   - parameters: the caller's.
    ///   - options: names that have an option of their own in this kind of request.
    /// - Throws: ``AuthenticationError`` with the code `parameterInvalid`.
    static func check(
        _ parameters: [RequestOptions.Parameter],
        besides options: Set<String> = []
    ) throws(AuthenticationError) {
        for parameter in parameters
        where reserved.contains(parameter.name) || options.contains(parameter.name) || parameter.name.isEmpty {
            throw AuthenticationError(
                .invalidCall,
                .parameterInvalid,
                "The parameter '\(parameter.name)' is the library's to set. Use the option or argument made for it."
            )
        }
    }

    /// What the library sets itself.
    private static let reserved: Set<String> = [
        "client_id", "client_secret", "client_assertion", "client_assertion_type", "client_info", "grant_type", "scope",
        "claims", "code", "code_verifier", "redirect_uri", "refresh_token", "device_code", "username", "password",
        "assertion", "requested_token_use", "fmi_path", "user_federated_identity_credential", "user_id", "state",
        "nonce",
        "response_type", "response_mode", "code_challenge", "code_challenge_method", "token_type", "req_cnf",
        "token_binding", "client_claims",
    ]
}
