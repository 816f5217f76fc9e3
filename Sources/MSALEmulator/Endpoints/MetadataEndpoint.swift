// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// The public documents: OpenID metadata, keys, instance discovery.
struct MetadataEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// `GET /{tenant}/v2.0/.well-known/openid-configuration`, members in the platform's order.
    ///
    /// Only what is there is announced: Kerberos and mutual TLS are not.
    func openIDConfiguration(_ incoming: Incoming) throws -> Answer {
        let segment = try incoming.segment(in: platform.directory)
        let root = "\(incoming.base)/\(segment.path)"
        let json = OrderedJSON([
            "token_endpoint": .string("\(root)/oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": [
                "client_secret_post", "private_key_jwt", "client_secret_basic",
            ],
            "jwks_uri": .string("\(root)/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": .string("\(incoming.base)/\(segment.issuerPath)/v2.0"),
            "request_uri_parameter_supported": false,
            "userinfo_endpoint": .string("\(incoming.base)/oidc/userinfo"),
            "authorization_endpoint": .string("\(root)/oauth2/v2.0/authorize"),
            "device_authorization_endpoint": .string("\(root)/oauth2/v2.0/devicecode"),
            "http_logout_supported": true,
            "frontchannel_logout_supported": false,
            "end_session_endpoint": .string("\(root)/oauth2/v2.0/logout"),
            "claims_supported": .array(Self.claims.map { .string($0) }),
            "tenant_region_scope": segment.tenantID == nil ? .null : "EU",
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": .string(incoming.base.authority),
            "rbac_url": "https://pas.windows.net",
        ])
        return published(json)
    }

    /// `GET /{tenant}/discovery/v2.0/keys`.
    func keys(_ incoming: Incoming) throws -> Answer {
        if !incoming.tenantName.isEmpty { _ = try incoming.segment(in: platform.directory) }
        let issuer = "\(incoming.base)/{tenantid}/v2.0"
        let keys = platform.keys.keys.map { $0.json(issuer: issuer).serialized() }
        let body = Array(#"{"keys":["#.utf8) + Array(keys.joined(separator: [UInt8(ascii: ",")])) + Array("]}".utf8)
        return Answer(
            status: .ok,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: body
        )
        .adding(Self.publishedHeaders)
    }

    /// `GET /common/discovery/instance`.
    func instanceDiscovery(_ incoming: Incoming) throws -> Answer {
        let version = incoming.query["api-version"] ?? "1.0"
        guard ["1.0", "1.1"].contains(version) else { throw PlatformError.invalidValue("api-version", version) }
        guard let endpoint = incoming.query["authorization_endpoint"] else {
            throw PlatformError.missing("authorization_endpoint")
        }
        guard let asked = Self.splitEndpoint(endpoint) else { throw PlatformError.instanceUnknown }
        let base: BaseURL
        if BaseURL.isLoopback(asked.base.host) || asked.base.host == incoming.base.host {
            // Clients drop the port when they ask; the answer has it.
            base = asked.base.authority.contains(":") ? asked.base : incoming.base
        } else if Self.clouds.contains(where: { $0.contains(asked.base.host) }), asked.base.scheme == "https" {
            base = asked.base
        } else {
            throw PlatformError.instanceUnknown
        }
        let suffix = version == "1.0" ? "" : "/v2.0"
        var json = OrderedJSON([
            "tenant_discovery_endpoint": .string(
                "\(base)/\(asked.tenant)\(suffix)/.well-known/openid-configuration"
            )
        ])
        if version == "1.1" {
            json.append("api-version", "1.1")
            json.append("metadata", .array(Self.metadata(incoming.base)))
        }
        return published(json)
    }

    /// The claims the platform lists.
    private static let claims = [
        "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud",
        "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash",
        "email",
    ]

    /// The clouds' aliases, the network's first, and the cache's second where it differs.
    private static let clouds = [
        ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        ["login.microsoftonline.de"],
        ["login.microsoftonline.us", "login.usgovcloudapi.net"],
        ["login-us.microsoftonline.com"],
    ]

    /// What may be read by scripts of any origin, as on the platform.
    private static let publishedHeaders: HTTPFields = [
        .cacheControl: "max-age=86400, private",
        .accessControlAllowOrigin: "*",
        .accessControlAllowMethods: "GET, OPTIONS",
    ]

    /// A public document.
    private func published(_ json: OrderedJSON) -> Answer {
        Answer.json(json).adding(Self.publishedHeaders)
    }

    /// The answer to a browser that asks whether it may read a public document.
    func preflight(_ incoming: Incoming) -> Answer {
        Answer(status: .noContent, headers: Self.publishedHeaders)
    }

    /// The alias lists, this emulator's own last.
    private static func metadata(_ base: BaseURL) -> [JSONValue] {
        let entries: [(network: String, cache: String, aliases: [String])] =
            clouds.map { ($0[0], $0[0] == "login.microsoftonline.com" ? $0[1] : $0[0], $0) }
            + [(base.authority, base.authority, Array(Set([base.authority, base.host])).sorted())]
        return entries.map { entry in
            [
                "preferred_network": .string(entry.network),
                "preferred_cache": .string(entry.cache),
                "aliases": .array(entry.aliases.map { .string($0) }),
            ]
        }
    }

    /// The base and the tenant of an authorization endpoint; nil when it is none.
    private static func splitEndpoint(_ endpoint: String) -> (base: BaseURL, tenant: String)? {
        let parts = endpoint.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[1].isEmpty, let base = BaseURL("\(parts[0])//\(parts[2])"),
            Scope.isName(String(parts[3])), !parts[3].contains(where: { "?#%<>".contains($0) })
        else { return nil }
        return (base, String(parts[3]))
    }
}
