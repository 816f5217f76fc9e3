// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What came back from the provider with the browser (RFC 6749 §4.1.2), read but not believed.
public struct AuthorizationResponse: Sendable {
    /// How it came.
    public let mode: ResponseMode
    private let parameters: [String: String]

    /// The longest answer that is read, in bytes.
    public static let maximumLength = 65_536

    /// Reads the query of a callback URL.
    ///
    /// - Parameter query: the query, percent-encoded, with or without its question mark.
    /// - Throws: ``AuthenticationError`` with the code `responseMalformed` when a parameter is repeated, an escape is
    ///   broken or the text is too long.
    public init(query: String) throws(AuthenticationError) {
        let text = query.hasPrefix("?") ? String(query.dropFirst()) : query
        try self.init(text, .query)
    }

    /// Reads the body of a posted form.
    ///
    /// - Parameter form: the body in `application/x-www-form-urlencoded`.
    /// - Throws: ``AuthenticationError`` with the code `responseMalformed`, as for a query.
    public init(form: String) throws(AuthenticationError) {
        try self.init(form, .formPost)
    }

    private init(_ text: String, _ mode: ResponseMode) throws(AuthenticationError) {
        guard text.utf8.count <= Self.maximumLength else { throw Self.malformed("it is too long") }
        guard let pairs = FormEncoding.decode(text) else { throw Self.malformed("its encoding is broken") }
        var parameters: [String: String] = [:]
        for (name, value) in pairs {
            guard parameters.updateValue(value, forKey: name) == nil else {
                throw Self.malformed("it repeats a parameter")
            }
        }
        self.mode = mode
        self.parameters = parameters
    }

    /// The state, by which the sign-in it answers is found; an empty one counts as absent (RFC 6749 §3.1).
    public var state: Secret? { self["state"].map { Secret($0) } }

    /// The authorization code.
    var code: Secret? { self["code"].map { Secret($0) } }

    /// Who the browser says signed in; not to be believed.
    var clientInfo: String? { self["client_info"] }

    /// The issuer of the answer (RFC 9207).
    var issuer: String? { self["iss"] }

    /// The error, if the answer is one.
    var error: ServerError? {
        self["error"].map {
            ServerError(
                code: $0,
                description: self["error_description"],
                suberror: self["suberror"] ?? self["error_subcode"],
                claims: self["claims"]
            )
        }
    }

    private subscript(_ name: String) -> String? {
        parameters[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func malformed(_ reason: String) -> AuthenticationError {
        AuthenticationError(
            .rejectedResponse,
            .responseMalformed,
            "The identity provider's answer cannot be read: \(reason)."
        )
    }
}

extension AuthorizationResponse: CustomStringConvertible {
    /// The response mode alone; what came with it is secret.
    public var description: String { "AuthorizationResponse(\(mode.rawValue))" }
}

/// How the provider sends its answer (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode).
public enum ResponseMode: String, Sendable, Hashable, Codable {
    /// In the query of the redirect URI.
    case query
    /// As a form posted to the redirect URI, so that the code is in no URL.
    case formPost = "form_post"
}
