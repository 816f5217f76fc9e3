// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT
import MSALTesting
import Synchronization
import Testing

@testable import MSALCore

@Suite struct InstanceDiscoveryTests {
    private let time = ManualTime()

    private static let answer = #"""
        {"tenant_discovery_endpoint":"https://sts.contoso.example/t/v2.0/.well-known/openid-configuration","api-version":"1.1",
        "metadata":[
        {"preferred_network":"sts.other.example","preferred_cache":"sts.other.example","aliases":["sts.other.example"]},
        {"preferred_network":"login.contoso.example","preferred_cache":"Cache.Contoso.example",
        "aliases":["login.contoso.example","sts.contoso.example","cache.contoso.example"]},
        {"preferred_network":"broken","aliases":"none"}, 7]}
        """#

    private func instances(
        _ discovery: InstanceDiscovery,
        _ transport: ScriptedTransport = ScriptedTransport()
    ) -> Instances {
        let client = ServiceClient(transport: transport, timeout: .seconds(30), time: time, logger: .silent)
        return Instances(discovery, client: client, time: time)
    }

    private func cloud(_ instances: Instances, of url: String) async throws -> Cloud {
        try await instances.cloud(of: Authority(url), correlationID: "c")
    }

    @Test(arguments: [
        ("login.microsoftonline.com", "login.microsoftonline.com", "login.windows.net", 4),
        ("sts.windows.net", "login.microsoftonline.com", "login.windows.net", 4),
        ("login.chinacloudapi.cn", "login.partner.microsoftonline.cn", "login.partner.microsoftonline.cn", 2),
        ("login.microsoftonline.de", "login.microsoftonline.de", "login.microsoftonline.de", 1),
        ("login.usgovcloudapi.net", "login.microsoftonline.us", "login.microsoftonline.us", 2),
        ("login-us.microsoftonline.com", "login-us.microsoftonline.com", "login-us.microsoftonline.com", 1),
        ("login.sovcloud-identity.fr", "login.sovcloud-identity.fr", "login.sovcloud-identity.fr", 1),
        ("login.sovcloud-identity.de", "login.sovcloud-identity.de", "login.sovcloud-identity.de", 1),
        ("login.sovcloud-identity.sg", "login.sovcloud-identity.sg", "login.sovcloud-identity.sg", 1),
        ("login.microsoft-ppe.com", "login.windows-ppe.net", "login.windows-ppe.net", 3),
    ])
    func theBuiltInTableNeedsNoAsking(_ host: String, _ network: String, _ cache: String, _ count: Int) async throws {
        let transport = ScriptedTransport()
        let cloud = try await cloud(instances(.enabled, transport), of: "https://\(host)/t")
        #expect(cloud.preferredNetwork == network && cloud.preferredCache == cache)
        #expect(cloud.aliases.count == count && cloud.aliases.contains(host))
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [
        ("sts.contoso.example", "login.microsoftonline.com"),
        ("eastus.login.microsoftonline.us", "login.microsoftonline.us"),
        ("new.partner.microsoftonline.cn", "login.partner.microsoftonline.cn"),
        ("login2.chinacloudapi.cn", "login.partner.microsoftonline.cn"),
        ("other.sovcloud-identity.fr", "login.sovcloud-identity.fr"),
        ("evilmicrosoftonline.us", "login.microsoftonline.com"),
        ("login.microsoftonline.us.evil.example", "login.microsoftonline.com"),
    ])
    func aCloudIsAskedAboutItsOwnHosts(_ host: String, _ asked: String) {
        #expect(Cloud.instanceDiscovery(for: host).url == "https://\(asked)/common/discovery/instance")
    }

    @Test func anUnknownHostIsAskedAboutOnceADayAndItsNamesAreKept() async throws {
        let transport = ScriptedTransport { _ in .json(Self.answer) }
        let instances = instances(.enabled, transport)
        for tenant in ["t", "u"] {
            let cloud = try await cloud(instances, of: "https://sts.contoso.example/\(tenant)")
            #expect(cloud.preferredNetwork == "login.contoso.example")
            #expect(cloud.preferredCache == "cache.contoso.example")
            #expect(cloud.aliases == ["login.contoso.example", "sts.contoso.example", "cache.contoso.example"])
        }
        #expect(
            try instances.known(Authority("https://sts.contoso.example/x")).preferredNetwork == "login.contoso.example"
        )
        #expect(transport.requests.count == 1)
        #expect(transport.requests.first?.head.authority == "login.microsoftonline.com")
        #expect(
            transport.requests.first?.head.path == "/common/discovery/instance?api-version=1.1&authorization_endpoint="
                + "https%3A%2F%2Fsts.contoso.example%2Ft%2Foauth2%2Fv2.0%2Fauthorize"
        )
        time.advance(by: .seconds(86_401))
        _ = try await cloud(instances, of: "https://sts.contoso.example/t")
        #expect(transport.requests.count == 2)
    }

    @Test func aPortIsPartOfTheName() async throws {
        let transport = ScriptedTransport { _ in .json(Self.answer) }
        let instances = instances(.enabled, transport)
        let cloud = try await cloud(instances, of: "https://sts.contoso.example:8443/t")
        #expect(cloud.aliases == ["sts.contoso.example:8443"])
        #expect(try #require(transport.requests.first?.head.path).contains("sts.contoso.example%3A8443"))
        _ = try await self.cloud(instances, of: "https://sts.contoso.example/t")
        #expect(transport.requests.count == 2)
    }

    @Test(arguments: [
        #"{"error":"invalid_instance","error_description":"AADSTS50049: unknown","error_codes":[50049]}"#, "{}",
        #"{"tenant_discovery_endpoint":7}"#,
    ])
    func whatThePlatformDoesNotKnowIsRefusedEvenFromTheTable(_ body: String) async throws {
        let status = body == "{}" ? HTTPResponse.Status.ok : .badRequest
        let transport = ScriptedTransport { _ in .json(body, status: status) }
        let error = await authenticationError {
            try await cloud(instances(.enabled, transport), of: "https://sts.contoso.example/t")
        }
        #expect(error?.kind == .misconfigured && error?.code == .authorityUnknown)
        #expect(error?.correlationID == "c" && error?.message.contains("'sts.contoso.example'") == true)
        // A source of the caller's own says no to a host of the built-in table: its word counts.
        let own = instances(.at("https://discovery.example/instance"), transport)
        let known = await authenticationError { try await cloud(own, of: "https://login.microsoftonline.com/t") }
        #expect(known?.code == .authorityUnknown)
    }

    /// How a question may fail without anybody saying that the host is wrong.
    enum Outage: CaseIterable {
        case noNetwork, timeOut, serverError, throttled, portal
    }

    private static func transport(_ outage: Outage) -> ScriptedTransport {
        ScriptedTransport { _ in
            switch outage {
            case .noNetwork: throw TransportError.notConnected("no network")
            case .timeOut: throw TransportError.timedOut
            case .serverError: .json("{}", status: .serviceUnavailable)
            case .throttled: .json("{}", status: .tooManyRequests)
            case .portal: TransportResponse(head: HTTPResponse(status: .ok), body: Array("<html>".utf8))
            }
        }
    }

    @Test(arguments: Outage.allCases)
    func theTableServesWhileNobodyCanBeAsked(_ outage: Outage) async throws {
        let transport = Self.transport(outage)
        let own = instances(.at("https://discovery.example/instance"), transport)
        let cloud = try await cloud(own, of: "https://login.windows.net/t")
        #expect(cloud == .publicCloud)
        #expect(transport.requests.first?.head.authority == "discovery.example")
        // A host that nobody vouches for stays unknown.
        for instances in [own, instances(.enabled, Self.transport(outage))] {
            let error = await authenticationError {
                try await self.cloud(instances, of: "https://sts.contoso.example/t")
            }
            #expect(error != nil && error?.code != .authorityUnknown)
        }
    }

    @Test func whatWasLearnedServesWhileNobodyCanBeAsked() async throws {
        let isDown = Mutex(false)
        let transport = ScriptedTransport { _ in
            if isDown.withLock({ $0 }) { throw TransportError.unreachable("down") }
            return .json(Self.answer)
        }
        let instances = instances(.enabled, transport)
        let cloud = try await cloud(instances, of: "https://sts.contoso.example/t")
        isDown.withLock { $0 = true }
        time.advance(by: .seconds(5 * 86_400))
        #expect(try await self.cloud(instances, of: "https://sts.contoso.example/t") == cloud)
        #expect(transport.requests.count == 2)
    }

    @Test(arguments: [
        "http://localhost:8400/t", "https://127.0.0.1/t", "https://sts.localhost:8443/t",
        "https://fs.contoso.example/adfs",
        "https://contoso.ciamlogin.com", "https://x.b2clogin.com/x/B2C_1_a",
    ])
    func thisMachineAndOtherKindsAreNeverAskedAbout(_ url: String) async throws {
        let transport = ScriptedTransport()
        for discovery in [
            InstanceDiscovery.enabled, .disabled, .metadata("{\"metadata\":[]}"), .at("https://d.example/i"),
        ] {
            let authority = try Authority(url)
            #expect(try await cloud(instances(discovery, transport), of: url).aliases == [authority.environment])
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func switchedOffEveryHostIsTrusted() async throws {
        let transport = ScriptedTransport()
        let instances = instances(.disabled, transport)
        #expect(try await cloud(instances, of: "https://sts.contoso.example/t").aliases == ["sts.contoso.example"])
        #expect(try await cloud(instances, of: "https://login.windows.net/t") == .publicCloud)
        #expect(transport.requests.isEmpty)
    }

    @Test func metadataOfTheCallersOwnCountBesideTheTable() async throws {
        let transport = ScriptedTransport()
        let instances = instances(
            .metadata(
                #"{"metadata":[{"preferred_network":"login.contoso.example","preferred_cache":"login.contoso.example","#
                    + #""aliases":["login.contoso.example","sts.contoso.example:8443"]}]}"#
            ),
            transport
        )
        #expect(
            try await cloud(instances, of: "https://sts.contoso.example:8443/t").preferredNetwork
                == "login.contoso.example"
        )
        #expect(try await cloud(instances, of: "https://sts.windows.net/t") == .publicCloud)
        let error = await authenticationError { try await cloud(instances, of: "https://sts.contoso.example/t") }
        #expect(error?.kind == .misconfigured && error?.code == .authorityUnknown)
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [
        InstanceDiscovery.metadata(""), .metadata("[]"), .metadata("{}"), .metadata(#"{"metadata":{}}"#),
        .metadata(#"{"metadata":[7]}"#), .metadata(#"{"metadata":[{"preferred_network":"a","preferred_cache":"a"}]}"#),
        .metadata(#"{"metadata":[{"preferred_network":"a","preferred_cache":"a","aliases":[]}]}"#),
        .metadata(#"{"metadata":[{"preferred_network":"a/b","preferred_cache":"a","aliases":["a"]}]}"#),
        .metadata(#"{"metadata":[{"preferred_network":"a","preferred_cache":"u@a","aliases":["a"]}]}"#),
        .metadata(#"{"metadata":[{"preferred_network":"a","preferred_cache":"a","aliases":["a","https://a"]}]}"#),
        .at(""), .at("http://discovery.example/"), .at("discovery.example"),
    ])
    func settingsThatCannotBeUsedAreRefusedAtStart(_ discovery: InstanceDiscovery) {
        let error = #expect(throws: AuthenticationError.self) { try discovery.validate() }
        #expect(error?.kind == .misconfigured && error?.code == .configurationInvalid)
        #expect(throws: Never.self) { try InstanceDiscovery.enabled.validate() }
        #expect(throws: Never.self) { try InstanceDiscovery.at("https://discovery.example/").validate() }
    }

    @Test func metadataOfALearnedCloudMayNameItsHosts() async throws {
        let document = #"""
            {"issuer":"https://login.contoso.example/3f0a1c52-7d64-4b8e-9a10-2c5e7f901b3d/v2.0",
            "authorization_endpoint":"https://login.contoso.example/t/authorize",
            "token_endpoint":"https://sts.contoso.example/t/token","jwks_uri":"https://cache.contoso.example/keys"}
            """#
        let transport = ScriptedTransport { request in
            .json(request.head.authority == "login.microsoftonline.com" ? Self.answer : document)
        }
        let client = ServiceClient(transport: transport, timeout: .seconds(30), time: time, logger: .silent)
        let discovery = Discovery(client: client, time: time)
        let authority = try Authority("https://sts.contoso.example/t")
        let metadata = try await discovery.metadata(of: authority, correlationID: "c")
        #expect(metadata.tokenEndpoint.host == "sts.contoso.example")
        // The same document of a host that stands alone is refused.
        let alone = Discovery(client: client, time: time, instanceDiscovery: .disabled)
        let error = await authenticationError { try await alone.metadata(of: authority, correlationID: "c") }
        #expect(error?.code == .metadataIssuer)
    }
}
