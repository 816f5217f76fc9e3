// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Whom to trust for signing people in: an identity provider, and at Microsoft's a tenant of it.
///
/// Reading an authority asks nobody; its metadata are fetched when they are first needed.
public struct Authority: Sendable, Hashable {
    /// What kind of provider stands behind the URL.
    public let kind: Kind

    /// The tenant named in the URL: a GUID, a domain, `common`, `organizations` or `consumers`; `adfs` for AD FS, empty
    /// for other OpenID Connect providers.
    public let tenant: String

    /// The origin and path under which the provider's documents lie.
    let base: Endpoint

    /// The path of the metadata below the base's.
    private let discoverySuffix: String

    /// The provider's host in lower case, without a port.
    public var host: String { base.host }

    /// The name under which the cache keeps this provider's tokens: the host, with its port where that is not the usual.
    public var environment: String { base.authority }

    /// The kinds of provider.
    @nonexhaustive
    public enum Kind: Sendable, Hashable {
        /// Microsoft Entra ID, in any of its clouds.
        case entra
        /// Microsoft Entra External ID.
        case externalID
        /// Azure AD B2C.
        case b2c
        /// Active Directory Federation Services.
        case adfs
        /// Any other OpenID Connect provider, named by its issuer.
        ///
        /// dSTS (`/dstsv2/{tenant}`) is read as one: it announces itself and is checked the same way.
        case openIDConnect
    }

    /// Reads an authority URL, such as `https://login.microsoftonline.com/contoso.com`.
    ///
    /// - Parameter url: an https URL with a tenant as its first path segment; http is accepted for loopback hosts only.
    /// - Throws: ``AuthenticationError`` with the code `authorityInvalid`.
    public init(_ url: String) throws(AuthenticationError) {
        guard let endpoint = Endpoint(url) else {
            throw Self.invalid(url, "it must be an absolute https URL (http for localhost only)")
        }
        var segments = endpoint.path.split(separator: "/").map(String.init)
        let host = endpoint.host
        if host.hasSuffix(".ciamlogin.com") {
            if segments.isEmpty {
                segments = [host.prefix { $0 != "." } + ".onmicrosoft.com"]
            }
            self.init(.externalID, tenant: segments[0], endpoint, segments.prefix(1), "/v2.0")
        } else if let first = segments.first {
            if first.lowercased() == "adfs" {
                self.init(.adfs, tenant: "adfs", endpoint, ["adfs"], "")
            } else if first.lowercased() == "dstsv2", segments.count > 1 {
                self.init(.openIDConnect, tenant: segments[1], endpoint, segments.prefix(2), "")
            } else if let length = try Self.policyPathLength(segments, endpoint) {
                let tenant = segments[first.lowercased() == "tfp" ? 1 : 0]
                self.init(.b2c, tenant: tenant, endpoint, segments.prefix(length), "/v2.0")
            } else {
                self.init(.entra, tenant: first, endpoint, segments.prefix(1), "/v2.0")
            }
        } else {
            throw Self.invalid(url, "it names no tenant; append one, as in \(endpoint.origin)/contoso.com")
        }
    }

    /// A tenant of Microsoft Entra ID.
    ///
    /// - Parameters:
    ///   - tenant: a GUID or a verified domain.
    ///   - instance: the cloud's sign-in host; the public cloud's unless told otherwise.
    /// - Returns: the authority.
    /// - Throws: ``AuthenticationError`` with the code `authorityInvalid`.
    public static func entra(
        tenant: String,
        instance: String = "https://login.microsoftonline.com"
    ) throws(AuthenticationError) -> Authority {
        guard !tenant.isEmpty, !tenant.contains("/"), !tenant.contains("?"), !tenant.contains("#") else {
            throw invalid(tenant, "a tenant is a GUID or a domain name")
        }
        let origin = instance.hasSuffix("/") ? String(instance.dropLast()) : instance
        return try Authority(origin + "/" + tenant)
    }

    /// Any OpenID Connect provider.
    ///
    /// - Parameter issuer: the issuer's URL, below which `.well-known/openid-configuration` lies (OpenID Connect
    ///   Discovery §4).
    /// - Returns: the authority.
    /// - Throws: ``AuthenticationError`` with the code `authorityInvalid`.
    public static func openIDConnect(issuer: String) throws(AuthenticationError) -> Authority {
        guard let endpoint = Endpoint(issuer), endpoint.query == nil else {
            throw invalid(issuer, "an issuer is an absolute https URL without a query (http for localhost only)")
        }
        return Authority(
            .openIDConnect,
            tenant: "",
            endpoint,
            endpoint.path.split(separator: "/").map(String.init)[...],
            ""
        )
    }

    /// The same provider with another tenant.
    ///
    /// - Throws: ``AuthenticationError`` with the code `authorityInvalid` where the kind of provider has no tenants.
    func with(tenant: String) throws(AuthenticationError) -> Authority {
        guard kind == .entra else {
            throw Self.invalid(base.url, "only an Entra authority can be used with another tenant")
        }
        return try Authority.entra(tenant: tenant, instance: base.origin)
    }

    /// Puts an authority together.
    private init(
        _ kind: Kind,
        tenant: String,
        _ endpoint: Endpoint,
        _ segments: ArraySlice<String>,
        _ suffix: String
    ) {
        self.kind = kind
        self.tenant = tenant
        base = endpoint.at(path: segments.map { "/" + $0 }.joined(), query: endpoint.query)
        discoverySuffix = suffix
    }

    /// The URL of the provider's metadata (OpenID Connect Discovery §4).
    var discovery: Endpoint {
        base.at(path: base.path + discoverySuffix + "/.well-known/openid-configuration", query: base.query)
    }

    /// Whether the platform must be asked if it knows the host, before anything is sent there.
    var needsInstanceDiscovery: Bool {
        kind == .entra && !base.isLoopback && Cloud.of(host: host) == nil
    }

    /// Whether the authority stands for more than one tenant, so that the token's tenant must be decided about.
    public var isMultiTenant: Bool {
        kind == .entra && ["common", "organizations", "consumers"].contains(tenant.lowercased())
    }

    /// How many segments a B2C authority's path has up to its policy; nil where the authority is of another kind.
    ///
    /// B2C is told by its host, by the segment `tfp` (trust framework policy), or by a policy's name, which begins with
    /// `b2c_` and stands in the path or in the query: a domain of the customer's own says nothing.
    private static func policyPathLength(
        _ segments: [String],
        _ endpoint: Endpoint
    ) throws(AuthenticationError) -> Int? {
        let isNamed = segments[0].lowercased() == "tfp"
        let isHosted = [".b2clogin.com", ".b2clogin.cn", ".b2clogin.us", ".b2clogin.de"].contains {
            endpoint.host.hasSuffix($0)
        }
        let start = isNamed ? 2 : 1
        let policy = segments.count > start ? segments[start].lowercased() : ""
        // What follows the tenant where somebody pasted an endpoint.
        if policy.hasPrefix("b2c_") || ((isNamed || isHosted) && !["", "oauth2", "v2.0"].contains(policy)) {
            return start + 1
        }
        let asked = FormEncoding.decode(endpoint.query ?? "")?.first { $0.name.lowercased() == "p" }?.value ?? ""
        if asked.lowercased().hasPrefix("b2c_") || (isHosted && !asked.isEmpty), !isNamed { return start }
        guard isNamed || isHosted else { return nil }
        throw invalid(
            endpoint.url,
            "it names no policy; append tenant and user flow, as in "
                + "\(endpoint.origin)/contoso.onmicrosoft.com/B2C_1_signin"
        )
    }

    /// The refusal of an authority.
    private static func invalid(_ value: String, _ reason: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .authorityInvalid, "'\(value)' is not an authority: \(reason).")
    }
}

extension Authority: CustomStringConvertible {
    /// The authority's URL.
    public var description: String { base.url }
}
