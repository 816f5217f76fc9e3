// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct RegionTests {
    private func vectors(_ name: String) throws -> [JSONValue] {
        try #require(VectorFile("region").json[name]?.arrayValue)
    }

    @Test func namesAreThoseOfTheVectors() throws {
        let valid = try vectors("valid").compactMap(\.stringValue)
        let invalid = try vectors("invalid").compactMap(\.stringValue)
        #expect(valid.count == 5 && invalid.count == 15)
        for name in valid {
            #expect(Region.isValid(name), "\(name)")
            #expect(throws: Never.self) { try AzureRegion.named(name).validate() }
        }
        for name in invalid {
            #expect(!Region.isValid(name), "\(name)")
            let error = #expect(throws: AuthenticationError.self) { try AzureRegion.named(name).validate() }
            #expect(error?.kind == .misconfigured && error?.code == .configurationInvalid)
        }
    }

    @Test func answersOfTheMetadataServiceAreReadAsTheVectorsSay() throws {
        let cases = try vectors("imds")
        #expect(cases.count == 5)
        for vector in cases {
            let body = try #require(vector["body"]?.stringValue)
            #expect(Region.read(Array(body.utf8)) == vector["region"]?.stringValue, "\(body)")
        }
    }

    @Test(arguments: [
        #"{"location":"evil.com"}"#, #"{"location":""}"#, #"{"location":7}"#, #"{"location":"a","location":"b"}"#, "",
        "\u{0}",
        #"{"location":"WestUS2"}"#, #"{"compute":{"location":"westus2"}}"#,
    ])
    func anAnswerThatNamesNoRegionIsNone(_ body: String) {
        #expect(Region.read(Array(body.utf8)) == nil)
    }

    @Test func hostsAreThoseOfTheVectors() throws {
        let cases = try vectors("host")
        #expect(cases.count == 3)
        for vector in cases {
            let region = try #require(vector["region"]?.stringValue)
            let host = try #require(vector["host"]?.stringValue)
            #expect(Region.host(of: region, for: host) == vector["regional"]?.stringValue, "\(host)")
        }
    }

    @Test(arguments: [
        (
            "https://login.microsoftonline.com/t/oauth2/v2.0/token?a=b",
            "https://westus2.login.microsoft.com/t/oauth2/v2.0/token?a=b"
        ),
        ("https://sts.windows.net/t", "https://westus2.login.microsoft.com/t"),
        ("https://login.chinacloudapi.cn:8443/t", "https://westus2.login.chinacloudapi.cn:8443/t"),
        ("http://localhost:8400/t", "http://westus2.localhost:8400/t"),
        ("http://127.0.0.1:8400/t", "http://127.0.0.1:8400/t"),
        ("http://[::1]:8400/t", "http://[::1]:8400/t"),
    ])
    func anEndpointMovesIntoTheRegion(_ central: String, _ regional: String) throws {
        #expect(Region.endpoint(try #require(Endpoint(central)), in: "westus2").url == regional)
        #expect(Region.endpoint(try #require(Endpoint(central)), in: "evil.example/").url == central)
    }
}

@Suite struct RegionResolverTests {
    private let time = ManualTime()

    private func resolver(
        _ setting: AzureRegion?,
        _ environment: [String: String] = [:],
        _ transport: ScriptedTransport = ScriptedTransport()
    ) throws -> RegionResolver {
        try RegionResolver(setting, environment: { environment[$0] }, transport: transport, time: time)
    }

    @Test func nobodyIsAskedUnlessItIsWanted() async throws {
        let transport = ScriptedTransport()
        let environment = ["REGION_NAME": "westus2"]
        #expect(try await resolver(nil, environment, transport).region() == nil)
        #expect(try await resolver(.off, ["MSAL_FORCE_REGION": "westus2"], transport).region() == nil)
        #expect(try await resolver(.named("eastus"), environment, transport).region() == "eastus")
        #expect(try await resolver(.automatic, environment, transport).region() == "westus2")
        #expect(transport.requests.isEmpty)
    }

    @Test func theEnvironmentDecidesWhereNothingIsConfigured() async throws {
        #expect(try await resolver(nil, ["MSAL_FORCE_REGION": "westus2"]).region() == "westus2")
        #expect(try await resolver(nil, ["MSAL_FORCE_REGION": ""]).region() == nil)
        #expect(try await resolver(.named("eastus"), ["MSAL_FORCE_REGION": "westus2"]).region() == "eastus")
    }

    @Test func aNameThatIsNoneIsRefusedBeforeAnythingIsAsked() throws {
        for (setting, forced) in [(.named("evil.com"), nil), (nil, "West US")] as [(AzureRegion?, String?)] {
            let error = #expect(throws: AuthenticationError.self) {
                try RegionResolver(setting, environment: { _ in forced }, transport: ScriptedTransport(), time: time)
            }
            #expect(error?.code == .configurationInvalid)
            #expect(error?.message.contains(forced ?? "evil.com") == true)
        }
    }

    @Test func theMetadataServiceIsAskedOnceAndForASecond() async throws {
        let transport = ScriptedTransport { _ in .json(#"{"location":"westus2"}"#) }
        let resolver = try resolver(.automatic, ["REGION_NAME": "not a region"], transport)
        #expect(try await resolver.region() == "westus2")
        #expect(try await resolver.region() == "westus2")
        time.advance(by: .seconds(86_400))
        #expect(try await resolver.region() == "westus2")
        let asked = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(asked.head.scheme == "http" && asked.head.authority == "169.254.169.254")
        #expect(asked.head.path == "/metadata/instance/compute?api-version=2021-02-01")
        #expect(asked.head.headerFields[.metadata] == "true")
        #expect(asked.timeout == .seconds(1))
    }

    @Test func whoeverAsksMeanwhileGetsTheSameAnswer() async throws {
        let gate = Gate()
        let transport = ScriptedTransport { _ in
            await gate.wait()
            return .json(#"{"location":"westus2"}"#)
        }
        let resolver = try resolver(.automatic, [:], transport)
        let regions = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try await resolver.region() } }
            await until { transport.requests.count == 1 }
            await gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(regions == Array(repeating: "westus2", count: 20))
        #expect(transport.requests.count == 1)
    }

    /// What the metadata service may do instead of naming a region.
    enum Silence: CaseIterable {
        case unreachable, late, refused, html, anotherRegion
    }

    @Test(arguments: Silence.allCases)
    func whoSaysNothingIsNotAskedAgainForAnHour(_ silence: Silence) async throws {
        let transport = ScriptedTransport { _ in
            switch silence {
            case .unreachable: throw TransportError.unreachable("nobody there")
            case .late: throw TransportError.timedOut
            case .refused: .json(#"{"error":"bad request","location":"westus2"}"#, status: .badRequest)
            case .html: TransportResponse(head: HTTPResponse(status: .ok), body: Array("<html>".utf8))
            case .anotherRegion: .json(#"{"location":"evil.example"}"#)
            }
        }
        let resolver = try resolver(.automatic, [:], transport)
        #expect(try await resolver.region() == nil)
        #expect(try await resolver.region() == nil)
        #expect(transport.requests.count == 1)
        time.advance(by: .seconds(3_601))
        #expect(try await resolver.region() == nil)
        #expect(transport.requests.count == 2)
    }

    @Test func aCancelledTaskLeavesAtOnceAndNothingIsLearned() async throws {
        let gate = Gate()
        let transport = ScriptedTransport { _ in
            await gate.wait()
            try Task.checkCancellation()
            return .json(#"{"location":"westus2"}"#)
        }
        let resolver = try resolver(.automatic, [:], transport)
        let task = Task { try await resolver.region() }
        await until { transport.requests.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await gate.open()
        #expect(try await resolver.region() == "westus2")
    }
}
