// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// Where the answer to an authorization request goes, once it is known to be the application's own address.
struct Reply: Sendable {
    /// How the answer travels.
    enum Mode: String, Sendable {
        /// In the query of a redirect.
        case query
        /// In the fragment of a redirect.
        case fragment
        /// In a form that the browser posts.
        case formPost = "form_post"
    }

    /// The redirect URI, as requested.
    let redirectURI: String
    /// Whether the request named it.
    let isNamed: Bool
    /// How the answer travels.
    let mode: Mode
    /// What is given back unread.
    let state: String?
    /// The device that waits elsewhere, so that nothing is sent anywhere; nil for an application in the browser.
    var device: DeviceAuthorization.ID?

    /// Where the browser may be led; nil for a device.
    var origin: String? { device == nil ? RedirectURI.origin(of: redirectURI) : nil }
}

/// What an authorization request asks for.
struct AuthorizationRequest: Sendable {
    /// What the person is to be asked.
    enum Prompt: String, Sendable {
        /// Nothing: answer at once or fail.
        case none
        /// The password, even with a session.
        case login
        /// Which account.
        case selectAccount = "select_account"
        /// For consent.
        case consent
    }

    /// The tenant or tenants.
    let segment: TenantSegment
    /// The application.
    let application: Application
    /// Where the answer goes.
    let reply: Reply
    /// `code`, `id_token` or both.
    let responseTypes: Set<String>
    /// The scopes.
    let scope: ScopeRequest
    /// For the ID token.
    let nonce: String?
    /// What the person is to be asked, if anything special.
    let prompt: Prompt?
    /// The account the application expects.
    let loginHint: String?
    /// The session the application expects.
    let sessionID: String?
    /// The greatest age of the sign-in, in seconds.
    let maximumAge: Int?
    /// The PKCE challenge.
    let challenge: CodeChallenge?
    /// Whether the answer carries `client_info`.
    let wantsClientInfo: Bool
    /// The claims asked for.
    var claims = ClaimsRequest.none

    /// Reads the rest of a request whose application and redirect URI are settled.
    init(
        _ parameters: Parameters,
        segment: TenantSegment,
        application: Application,
        reply: Reply,
        directory: Directory
    ) throws(PlatformError) {
        if let name = parameters.repeated { throw .repeated(name) }
        for (name, error) in [("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")] {
            if parameters[name] != nil {
                throw PlatformError(code: 90023, error: error, text: "The parameter '\(name)' is not supported.")
            }
        }
        self.segment = segment
        self.application = application
        self.reply = reply
        responseTypes = try Self.responseTypes(parameters["response_type"] ?? "", application)
        if let mode = parameters["response_mode"], Reply.Mode(rawValue: mode) == nil {
            throw .responseModeUnsupported(mode)
        }
        if responseTypes.contains("id_token"), parameters["response_mode"] == "query" {
            throw .responseModeUnsupported("query")
        }
        guard let scope = parameters["scope"] else { throw .missing("scope") }
        self.scope = try ScopeRequest(scope, in: directory)
        nonce = parameters["nonce"]
        if responseTypes.contains("id_token") {
            if nonce == nil { throw .missing("nonce") }
            if !self.scope.wantsIDToken { throw .scopeInvalid(scope) }
        }
        prompt = try Self.prompt(parameters["prompt"])
        loginHint = parameters["login_hint"]
        if prompt == .selectAccount, loginHint != nil { throw .hintWithAccountPicker }
        sessionID = parameters["sid"]
        maximumAge = try Self.maximumAge(parameters["max_age"])
        challenge = try Self.challenge(parameters)
        wantsClientInfo = parameters["client_info"] == "1"
        claims = try ClaimsRequest(parameters["claims"])
    }

    /// Reads `response_type`, its words in any order.
    private static func responseTypes(_ text: String, _ application: Application) throws(PlatformError) -> Set<String> {
        let types = Set(text.split(separator: " ").map { String($0) })
        switch types {
        case ["code"]: return types
        case ["id_token"], ["code", "id_token"]:
            guard application.allowsIDTokensFromAuthorize else { throw .responseTypeNotEnabled("id_token") }
            return types
        case ["token"], ["id_token", "token"], ["code", "token"], ["code", "id_token", "token"]:
            throw .responseTypeNotEnabled("token")
        default: throw .responseTypeUnknown(text)
        }
    }

    /// Reads `prompt`: one of the known words.
    private static func prompt(_ text: String?) throws(PlatformError) -> Prompt? {
        guard let text else { return nil }
        guard let prompt = Prompt(rawValue: text) else { throw .invalidValue("prompt", text) }
        return prompt
    }

    /// Reads `max_age`: seconds.
    private static func maximumAge(_ text: String?) throws(PlatformError) -> Int? {
        guard let text else { return nil }
        guard let age = Int(text), age >= 0, text.utf8.count <= 10 else { throw .invalidValue("max_age", text) }
        return age
    }

    /// Reads the PKCE challenge; a method alone is refused.
    private static func challenge(_ parameters: Parameters) throws(PlatformError) -> CodeChallenge? {
        let method = parameters["code_challenge_method"]
        guard let challenge = parameters["code_challenge"] else {
            if method != nil { throw .challengeInvalid }
            return nil
        }
        return try CodeChallenge(challenge, method: method)
    }
}
