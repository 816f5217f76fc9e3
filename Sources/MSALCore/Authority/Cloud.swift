// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// A cloud of the platform: hosts that are one another's aliases.
struct Cloud: Sendable, Hashable {
    /// The host to send requests to.
    let preferredNetwork: String
    /// The host under which caches that several libraries share keep its tokens.
    let preferredCache: String
    /// Every name of the cloud, in lower case.
    let aliases: Set<String>

    /// Takes what is known of a cloud.
    init(preferredNetwork: String, preferredCache: String? = nil, aliases: Set<String> = []) {
        self.preferredNetwork = preferredNetwork
        self.preferredCache = preferredCache ?? preferredNetwork
        self.aliases = aliases.union([preferredNetwork, self.preferredCache])
    }

    /// The public cloud.
    static let publicCloud = Cloud(
        preferredNetwork: "login.microsoftonline.com",
        preferredCache: "login.windows.net",
        aliases: ["login.microsoft.com", "sts.windows.net"]
    )

    /// The clouds that need no asking, from the platform's own instance discovery.
    static let known: [Cloud] = [
        publicCloud,
        Cloud(preferredNetwork: "login.partner.microsoftonline.cn", aliases: ["login.chinacloudapi.cn"]),
        Cloud(preferredNetwork: "login.microsoftonline.de"),
        Cloud(preferredNetwork: "login.microsoftonline.us", aliases: ["login.usgovcloudapi.net"]),
        Cloud(preferredNetwork: "login-us.microsoftonline.com"),
        Cloud(preferredNetwork: "login.sovcloud-identity.fr"),
        Cloud(preferredNetwork: "login.sovcloud-identity.de"),
        Cloud(preferredNetwork: "login.sovcloud-identity.sg"),
        // Where Microsoft tries out the platform itself.
        Cloud(
            preferredNetwork: "login.windows-ppe.net",
            aliases: ["sts.windows-ppe.net", "login.microsoft-ppe.com"]
        ),
    ]

    /// The hosts of Graph, where the platform's UserInfo lies.
    static let graphHosts: Set<String> = [
        "graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
    ]

    /// The host that takes TLS client certificates in a host's cloud; nil where none is known.
    static func mutualTLSHost(for host: String) -> String? {
        guard let cloud = of(host: host) else { return nil }
        if cloud == publicCloud { return "mtlsauth.microsoft.com" }
        let usual = "login."
        let network = cloud.preferredNetwork
        return network.hasPrefix(usual) ? "mtlsauth." + network.dropFirst(usual.count) : nil
    }

    /// Where to ask about a host that is not among the known ones.
    ///
    /// A cloud answers for what lies in its own domain, so that nobody in a sovereign one asks the public one.
    static func instanceDiscovery(for host: String) -> Endpoint {
        let domain = domain(of: host)
        let own = of(host: host) ?? known.first { $0.aliases.contains { Cloud.domain(of: $0) == domain } }
        return Endpoint(
            secureHost: (own ?? publicCloud).preferredNetwork,
            path: "/common/discovery/instance"
        )
    }

    /// The last two labels of a host.
    private static func domain(of host: String) -> ArraySlice<Substring> {
        host.split(separator: ".").suffix(2)
    }

    /// The known clouds by each of their names.
    private static let byHost: [String: Cloud] = Dictionary(
        uniqueKeysWithValues: known.flatMap { cloud in cloud.aliases.map { ($0, cloud) } }
    )

    /// The cloud a host belongs to.
    static func of(host: String) -> Cloud? {
        byHost[host]
    }

    /// Whether a host is a cloud's or a region of one: one label, then a known host.
    static func isKnownOrRegional(_ host: String) -> Bool {
        if byHost[host] != nil { return true }
        guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
        return byHost[String(host[host.index(after: dot)...])] != nil
    }
}

extension Cloud {
    /// Whether two hosts are names of one cloud, or the same.
    static func areAliases(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        guard let cloud = byHost[first] else { return false }
        return cloud.aliases.contains(second)
    }

    /// The one name that stands for all aliases of a host.
    static func canonical(_ host: String) -> String {
        byHost[host]?.preferredNetwork ?? host
    }
}

extension Cloud {
    /// Reads the clouds of an instance discovery answer.
    ///
    /// - Returns: the clouds that are described as they must be; nil where there is no list of them.
    static func read(_ json: JSONValue) -> [Cloud?]? {
        json["metadata"]?.arrayValue?.map { entry in
            guard let network = host(entry["preferred_network"]), let cache = host(entry["preferred_cache"]) else {
                return nil
            }
            let aliases = entry["aliases"]?.arrayValue?.map { host($0) } ?? []
            guard !aliases.isEmpty, !aliases.contains(nil) else { return nil }
            return Cloud(preferredNetwork: network, preferredCache: cache, aliases: Set(aliases.compactMap { $0 }))
        }
    }

    /// A cloud of one host, with its port where that is not the usual.
    static func alone(_ authority: Authority) -> Cloud {
        Cloud(preferredNetwork: authority.environment)
    }

    /// Whether an authority's host is one of this cloud's; a port that is not the usual is a part of the name.
    func holds(_ authority: Authority) -> Bool {
        aliases.contains(authority.environment)
    }

    /// A member that must be a host, perhaps with a port, and nothing more.
    private static func host(_ member: JSONValue?) -> String? {
        guard let text = member?.stringValue, let endpoint = Endpoint("https://\(text)/"), endpoint.path == "/",
            endpoint.authority == text.lowercased(), endpoint.query == nil
        else { return nil }
        return endpoint.authority
    }
}
