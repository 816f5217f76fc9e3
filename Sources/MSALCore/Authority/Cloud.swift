// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A cloud of the platform: hosts that are one another's aliases.
struct Cloud: Sendable, Hashable {
    /// The host to send requests to.
    let preferredNetwork: String
    /// Every name of the cloud.
    let aliases: Set<String>

    /// The clouds that need no asking, from the platform's own instance discovery.
    static let known: [Cloud] = [
        Cloud(
            preferredNetwork: "login.microsoftonline.com",
            aliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
        ),
        Cloud(
            preferredNetwork: "login.partner.microsoftonline.cn",
            aliases: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"]
        ),
        Cloud(preferredNetwork: "login.microsoftonline.de", aliases: ["login.microsoftonline.de"]),
        Cloud(
            preferredNetwork: "login.microsoftonline.us",
            aliases: ["login.microsoftonline.us", "login.usgovcloudapi.net"]
        ),
        Cloud(preferredNetwork: "login-us.microsoftonline.com", aliases: ["login-us.microsoftonline.com"]),
        Cloud(preferredNetwork: "login.sovcloud-identity.fr", aliases: ["login.sovcloud-identity.fr"]),
        Cloud(preferredNetwork: "login.sovcloud-identity.de", aliases: ["login.sovcloud-identity.de"]),
        Cloud(preferredNetwork: "login.sovcloud-identity.sg", aliases: ["login.sovcloud-identity.sg"]),
    ]

    /// The hosts of Graph, where the platform's UserInfo lies.
    static let graphHosts: Set<String> = [
        "graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
    ]

    /// Where to ask about a host that is not among the known ones.
    static let instanceDiscovery = Endpoint(
        secureHost: "login.microsoftonline.com",
        path: "/common/discovery/instance"
    )

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
