// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// What a provider says of itself (OpenID Connect Discovery §3), as far as it was checked.
struct ProviderMetadata: Sendable, Hashable {
    /// Who signs the tokens, or a template of it.
    let issuer: String
    /// Where people sign in.
    let authorizationEndpoint: Endpoint
    /// Where grants are redeemed.
    let tokenEndpoint: Endpoint
    /// Where grants are redeemed over connections with a client certificate, where that is elsewhere (RFC 8705 §5).
    let mutualTLSTokenEndpointAlias: Endpoint?
    /// Where the signing keys lie.
    let keysEndpoint: Endpoint
    /// Where claims about a person are to be had.
    let userInfoEndpoint: Endpoint?
    /// Where a code for another device is had.
    let deviceAuthorizationEndpoint: Endpoint?
    /// Where people sign out.
    let endSessionEndpoint: Endpoint?
    /// The scopes offered; nil where the provider does not say.
    let scopes: Set<String>?
    /// Whether the secret goes into the `Authorization` field instead of the form (RFC 6749 §2.3.1).
    let usesBasicAuthentication: Bool
    /// The response modes offered; query and fragment where the provider does not say (RFC 8414 §2).
    let responseModes: Set<String>
    /// Whether every authorization answer must carry `iss` (RFC 9207 §3).
    let sendsIssuer: Bool

    /// Checks a metadata document against the authority it was asked of.
    ///
    /// - Parameters:
    ///   - json: the document.
    ///   - authority: of whom it was asked.
    ///   - cloud: the cloud of the authority's host, where it is not one of the built-in table.
    /// - Throws: ``AuthenticationError`` with the code `metadataIssuer`, `metadataEndpoint` or `malformedDocument`.
    init(_ json: JSONValue, of authority: Authority, in cloud: Cloud? = nil) throws(AuthenticationError) {
        guard let issuer = json["issuer"]?.stringValue else {
            throw AuthenticationError(
                .rejectedToken,
                .metadataIssuer,
                "The metadata at \(authority.discovery.url) name no issuer."
            )
        }
        if let reason = IssuerRules.refusal(of: issuer, for: authority, in: cloud) {
            throw AuthenticationError(
                .rejectedToken,
                .metadataIssuer,
                "The metadata at \(authority.discovery.url) announce the issuer '\(issuer)', which is refused: \(reason)."
            )
        }
        self.issuer = issuer
        let reader = EndpointReader(json: json, authority: authority, cloud: cloud ?? Cloud.of(host: authority.host))
        authorizationEndpoint = try reader.required("authorization_endpoint")
        tokenEndpoint = try reader.required("token_endpoint")
        mutualTLSTokenEndpointAlias = EndpointReader.mutualTLS(json, authority, reader.cloud)
        keysEndpoint = try reader.required("jwks_uri")
        userInfoEndpoint = try reader.optional("userinfo_endpoint", alsoOn: Cloud.graphHosts)
        deviceAuthorizationEndpoint = try reader.optional("device_authorization_endpoint")
        endSessionEndpoint = try reader.optional("end_session_endpoint")
        scopes = json["scopes_supported"]?.arrayValue.map { Set($0.compactMap(\.stringValue)) }
        responseModes = Set(
            json["response_modes_supported"]?.arrayValue?.compactMap(\.stringValue) ?? ["query", "fragment"]
        )
        let methods = json["token_endpoint_auth_methods_supported"]?.arrayValue?.compactMap(\.stringValue)
        usesBasicAuthentication = !(methods ?? ["client_secret_basic"]).contains("client_secret_post")
        sendsIssuer = json["authorization_response_iss_parameter_supported"]?.boolValue ?? false
    }

    /// The reserved scopes that a generic provider says it does not know; the platform knows them all.
    func unofferedScopes(of authority: Authority) -> Set<String> {
        guard authority.kind == .openIDConnect, let scopes else { return [] }
        return Scopes.reserved.subtracting(scopes).subtracting(["openid"])
    }

    /// The response mode to use: the one wanted, or the query where a generic provider does not offer it.
    func responseMode(_ wanted: ResponseMode, of authority: Authority) -> ResponseMode {
        authority.kind != .openIDConnect || responseModes.contains(wanted.rawValue) ? wanted : .query
    }

    /// Where grants are redeemed over connections that prove the client by its certificate (RFC 8705 §2).
    ///
    /// - Throws: ``AuthenticationError`` with the code `endpointMissing` for a cloud that has no such place.
    func mutualTLSTokenEndpoint(of authority: Authority) throws(AuthenticationError) -> Endpoint {
        if let mutualTLSTokenEndpointAlias { return mutualTLSTokenEndpointAlias }
        // A provider that names no other place takes certificates at the usual one.
        guard authority.kind == .entra, Cloud.of(host: tokenEndpoint.host) != nil else { return tokenEndpoint }
        guard let host = Cloud.mutualTLSHost(for: tokenEndpoint.host) else {
            throw AuthenticationError(
                .misconfigured,
                .endpointMissing,
                "The cloud of '\(authority)' takes no TLS client certificates. Let the certificate sign assertions instead."
            )
        }
        return tokenEndpoint.on(host: host)
    }

    /// The GUID in the issuer's path, which at the platform is the tenant's; nil for a template.
    var tenantID: String? {
        issuer.split(separator: "/").first { GUID.isValid($0) }.map(String.init)
    }

    /// The rule for the `iss` claim of its tokens.
    var issuerRule: IssuerRule {
        issuer.contains("{tenantid}") ? .template(issuer) : .exact(issuer)
    }
}

/// Reads endpoints that must belong to the authority (RFC 8414 §6.2).
private struct EndpointReader {
    /// The document.
    let json: JSONValue
    /// Of whom it was asked.
    let authority: Authority
    /// The cloud of the authority's host, where it is in one.
    let cloud: Cloud?

    /// The place for TLS client certificates; one that is not the provider's counts as none, as most never go there.
    static func mutualTLS(_ json: JSONValue, _ authority: Authority, _ cloud: Cloud?) -> Endpoint? {
        guard let aliases = json["mtls_endpoint_aliases"] else { return nil }
        let reader = EndpointReader(json: aliases, authority: authority, cloud: cloud)
        return try? reader.optional(
            "token_endpoint",
            alsoOn: Set([Cloud.mutualTLSHost(for: authority.host)].compactMap { $0 })
        )
    }

    /// An endpoint that must be there.
    func required(_ name: String) throws(AuthenticationError) -> Endpoint {
        guard let endpoint = try optional(name) else {
            throw refused("have no '\(name)'")
        }
        return endpoint
    }

    /// An endpoint that may be missing, but not be anybody else's.
    ///
    /// - Parameters:
    ///   - name: the member.
    ///   - hosts: hosts it may lie on besides the authority's.
    /// - Returns: the endpoint; nil where there is none.
    /// - Throws: ``AuthenticationError`` with the code `metadataEndpoint`.
    func optional(_ name: String, alsoOn hosts: Set<String> = []) throws(AuthenticationError) -> Endpoint? {
        guard let member = json[name], member != .null else { return nil }
        guard let text = member.stringValue, let endpoint = Endpoint(text) else {
            throw refused("have a '\(name)' that is not an https URL")
        }
        guard endpoint.scheme == "https" || authority.base.isLoopback else {
            throw refused("have a '\(name)' on plain http")
        }
        guard belongs(endpoint) || (endpoint.port == nil && hosts.contains(endpoint.host)) else {
            throw refused("name the foreign host '\(endpoint.authority)' for '\(name)'")
        }
        return endpoint
    }

    /// A generic provider may spread over hosts, and says so over its own TLS; the platform never does.
    private func belongs(_ endpoint: Endpoint) -> Bool {
        if authority.kind == .openIDConnect || endpoint.origin == authority.base.origin { return true }
        if authority.kind == .externalID { return endpoint.host.hasSuffix(".ciamlogin.com") && endpoint.port == nil }
        return cloud?.aliases.contains(endpoint.authority) == true
    }

    /// The refusal of the document.
    private func refused(_ reason: String) -> AuthenticationError {
        AuthenticationError(
            .rejectedToken,
            .metadataEndpoint,
            "The metadata at \(authority.discovery.url) \(reason); they are refused."
        )
    }
}
