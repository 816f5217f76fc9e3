// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Configuration
import MSALCore
import MSALTesting
import Testing

@testable import MSALWeb

@Suite("Settings of the web layer")
struct WebConfigurationTests {
    /// What is read from an environment, and the faults by variable.
    private func read(_ variables: [String: String]) -> (WebConfiguration?, [String]) {
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables))
        var faults = ConfigurationFaults()
        let configuration = WebConfiguration.read(from: reader, collecting: &faults)
        return (configuration, faults.faults.map(\.key))
    }

    private static let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    @Test("The environment names the settings in capitals")
    func readsEnvironment() throws {
        let (read, faults) = read([
            "WEB_PUBLIC_BASE_URL": "https://portal.example", "WEB_KEYS": "\(Self.key), \(Self.key)",
            "WEB_SESSION_IDLE_MINUTES": "20", "WEB_SESSION_ABSOLUTE_MINUTES": "480",
            "WEB_SIGN_IN_SCOPES": "User.Read  Mail.Read",
        ])
        let configuration = try #require(read)
        #expect(faults.isEmpty)
        #expect(configuration.redirectURI == "https://portal.example/auth/callback")
        #expect(configuration.postLogoutRedirectURI == "https://portal.example/auth/signed-out")
        #expect(configuration.responseMode == .formPost)
        #expect(configuration.keys.keys.count == 2)
        #expect(!configuration.keys.isEphemeral)
        #expect(configuration.sessionLifetime == SessionLifetime(idle: .seconds(1200), absolute: .seconds(28800)))
        #expect(configuration.signInScopes == ["User.Read", "Mail.Read"])
    }

    @Test("On this machine, keys are made where there are none, and the answer comes as a query")
    func makesKeysOnLoopback() throws {
        let configuration = try #require(read(["WEB_PUBLIC_BASE_URL": "http://localhost:8080"]).0)
        #expect(configuration.keys.isEphemeral)
        #expect(configuration.responseMode == .query)
        #expect(configuration.sessionLifetime == SessionLifetime())
        #expect(configuration.signInScopes == nil)
    }

    @Test(
        "Each fault is reported under its variable",
        arguments: [
            ([:], ["WEB_PUBLIC_BASE_URL", "WEB_KEYS"]),
            (["WEB_PUBLIC_BASE_URL": "https://portal.example"], ["WEB_KEYS"]),
            (["WEB_PUBLIC_BASE_URL": "http://portal.example", "WEB_KEYS": key], ["WEB_PUBLIC_BASE_URL"]),
            (["WEB_PUBLIC_BASE_URL": "https://p.example/x", "WEB_KEYS": key], ["WEB_PUBLIC_BASE_URL"]),
            (["WEB_PUBLIC_BASE_URL": "portal", "WEB_KEYS": "short"], ["WEB_PUBLIC_BASE_URL", "WEB_KEYS"]),
            (
                ["WEB_PUBLIC_BASE_URL": "http://localhost", "WEB_SESSION_IDLE_MINUTES": "0"],
                ["WEB_SESSION_IDLE_MINUTES"]
            ),
            (
                [
                    "WEB_PUBLIC_BASE_URL": "http://localhost", "WEB_SESSION_IDLE_MINUTES": "9",
                    "WEB_SESSION_ABSOLUTE_MINUTES": "8",
                ],
                ["WEB_SESSION_IDLE_MINUTES"]
            ),
        ] as [([String: String], [String])]
    )
    func reportsFaults(variables: [String: String], expected: [String]) {
        let (configuration, faults) = read(variables)
        #expect(configuration == nil)
        #expect(faults == expected)
    }

    @Test("A bad key is named by its number, never by its value")
    func keepsKeysSecret() {
        let reader = ConfigReader(
            provider: EnvironmentVariablesProvider(environmentVariables: [
                "WEB_PUBLIC_BASE_URL": "https://portal.example", "WEB_KEYS": "\(Self.key),hunter2hunter2,",
            ])
        )
        var faults = ConfigurationFaults()
        _ = WebConfiguration.read(from: reader, collecting: &faults)
        let text = faults.description
        #expect(faults.faults.count == 2)
        #expect(text.contains("number 2") && text.contains("number 3"))
        #expect(!text.contains("hunter2") && !text.contains(Self.key))
    }

    @Test("An application reports the faults of all its settings at once")
    func reportsEverythingAtOnce() throws {
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: [:]))
        let transport = ScriptedTransport { _ in .json("{}") }
        let error = #expect(throws: ConfigurationFaults.self) {
            _ = try WebAuthentication(reader: reader, transport: transport)
        }
        let keys = Set(error?.faults.map(\.key) ?? [])
        #expect(
            keys.isSuperset(of: ["AZURE_AD_CLIENT_ID", "AZURE_AD_CLIENT_SECRET", "WEB_PUBLIC_BASE_URL", "WEB_KEYS"])
        )
    }

    @Test("Microsoft is asked for the profile at sign-in, other providers for nothing, unless told otherwise")
    func choosesScopes() throws {
        func scopes(_ authority: Authority, _ configured: [String]? = nil) throws -> [String] {
            let transport = ScriptedTransport { _ in .json("{}") }
            let application = try ConfidentialClientApplication(
                clientID: "c",
                authority: authority,
                credential: .secret(Secret("s")),
                transport: transport
            )
            let url = try #require(PublicBaseURL("http://localhost"))
            let configuration = WebConfiguration(publicBaseURL: url, keys: .ephemeral(), signInScopes: configured)
            let web = WebAuthentication(configuration: configuration, application: application, transport: transport)
            return web.signInScopes
        }
        #expect(try scopes(.entra(tenant: "contoso.com")) == ["User.Read"])
        #expect(try scopes(.openIDConnect(issuer: "https://id.example")) == [])
        #expect(try scopes(.openIDConnect(issuer: "https://id.example"), ["a"]) == ["a"])
    }
}
