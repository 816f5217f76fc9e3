// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Configuration
import Foundation
import Logging
import MSALCore
import MSALTesting
import MSALWeb
import NIOCore
import Testing

@testable import InsurancePortal

/// A transport to nowhere.
struct NoTransport: HTTPTransport {
    /// Finds nobody.
    func send(_ request: TransportRequest) async throws -> TransportResponse {
        throw TransportError.unreachable("nowhere")
    }
}

@Suite struct StartTests {
    @Test func aConfigurationNamesAllItsFaultsAtOnce() throws {
        let time = ManualTime()
        let data = try PortalDatabase(now: time.now)
        let settings = ConfigReader(provider: InMemoryProvider(values: ["graph.baseURL": "gopher://graph"]))
        let error = #expect(throws: ConfigurationFaults.self) {
            try buildPortal(configuration: settings, transport: NoTransport(), time: time, data: data)
        }
        let keys = Set(error?.faults.map(\.key) ?? [])
        #expect(
            keys.isSuperset(of: [
                "AZURE_AD_CLIENT_ID", "AZURE_AD_CLIENT_SECRET", "WEB_PUBLIC_BASE_URL", "GRAPH_BASE_URL",
            ])
        )
        let fault = try #require(error.flatMap { StartFault($0, port: 1) })
        #expect(fault.exitCode == 78 && fault.message.contains("GRAPH_BASE_URL"))
    }

    @Test func theEnvironmentWinsOverTheFile() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "portal-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let json = """
            {
              "azureAd": { "tenantId": "contoso.com", "clientId": "of-the-file", "clientSecret": "s" },
              "web": { "publicBaseURL": "http://localhost:8080", "session": { "idleMinutes": 30 } }
            }
            """
        try Data(json.utf8).write(to: file)
        let settings = try await PortalSettings.outside(
            file: file.path,
            environment: EnvironmentVariablesProvider(environmentVariables: ["AZURE_AD_CLIENT_ID": "of-the-environment"]
            )
        )
        let time = ManualTime()
        let portal = try Portal(
            configuration: settings,
            transport: ScriptedTransport(),
            time: time,
            data: try PortalDatabase(now: time.now),
            logger: Logger(label: "test")
        )
        #expect(portal.web.application.configuration.clientID == "of-the-environment")
        #expect(portal.web.application.configuration.authority.tenant == "contoso.com")
        #expect(portal.web.configuration.sessionLifetime.idle == .seconds(1_800))
    }

    @Test func aFileThatIsNamedMustBeThere() async throws {
        await #expect(throws: (any Error).self) { try await PortalSettings.outside(file: "/nowhere/portal.json") }
    }

    @Test func aTakenPortIsOneSentence() {
        let fault = StartFault(IOError(errnoCode: EADDRINUSE, reason: "bind"), port: 8080)
        #expect(
            fault?.message == "Port 8080 is in use by another program. Choose another one with --port, or 0 for any."
        )
        #expect(fault?.exitCode == 1)
    }

    @Test func theDemoAccountIsBoundByItsObjectAndNotByItsName() throws {
        let key = try #require(PortalSettings.demoCustomerKey)
        #expect(key.wholeMatch(of: /[0-9a-f-]{36}\/[0-9a-f-]{36}/) != nil)
    }

    @Test func aFileThatIsNoDatabaseIsNamed() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("no-database-\(UUID().uuidString)")
        try Data("These are not the rows you are looking for.".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(throws: (any Error).self) { try PortalDatabase(file: file.path, now: Date()) }
        #expect(try String(contentsOf: file, encoding: .utf8).hasPrefix("These are not"))
    }

    @Test(arguments: [
        (["--port", "70000"], false), (["--config", "x.json"], false), (["--no-emulator", "--config", "x.json"], true),
        (["--host", "0.0.0.0"], false), (["--no-emulator", "--host", "0.0.0.0"], true), ([], true),
        (["--port", "0", "--emulator-port", "0", "--emulator-https-port", "0", "--data", "x.sqlite"], true),
    ])
    func optionsAreCheckedTogether(arguments: [String], isAccepted: Bool) {
        let command = try? InsurancePortalCommand.parse(arguments)
        #expect((command != nil) == isAccepted)
    }
}
