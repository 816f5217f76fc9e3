// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALCore
import MSALEmulator
import MSALJWT
import MSALTesting
import Testing

/// Every flow that needs no web layer, from the first request to the token.
@Suite struct FlowsAtTheEmulatorTests {
    private static let commandLine = "3e5a7c91-2b4d-4f60-8a1c-d3e5f7a9b1c4"
    private static let claimsAPI = "9a1b3c5d-7e2f-4a6b-8c0d-1e3f5a7b9c2d"
    private static let nightly = "2b4d6f80-1a3c-4e5f-9b7d-c0e2a4f6b8d1"
    private static let blueprint = "6e8a0c2d-4f3b-4d5e-9a7c-8b1d3f5e7a9c"
    private static let agent = "8a0c2e4f-6b5d-4f7a-8c9e-9d3f5b7a1c2e"

    private func publicClient(_ platform: EmulatedPlatform) throws -> PublicClientApplication {
        var configuration = try platform.configuration(clientID: Self.commandLine)
        configuration.credential = nil
        return try PublicClientApplication(
            configuration: configuration,
            transport: platform.transport,
            time: platform.time
        )
    }

    private func client(
        _ platform: EmulatedPlatform,
        _ clientID: String,
        _ credential: ClientCredential
    ) throws -> ConfidentialClientApplication {
        var configuration = try platform.configuration(clientID: clientID)
        configuration.credential = credential
        return try ConfidentialClientApplication(
            configuration: configuration,
            transport: platform.transport,
            time: platform.time
        )
    }

    /// Enters a code as a person would, and signs in.
    private func enter(_ flow: DeviceCodeFlow, _ platform: EmulatedPlatform, _ decision: String) async throws {
        let browser = TestBrowser(
            origin: "http://localhost:1",
            application: { _, _ in (HTTPResponse(status: .notFound), []) },
            platform: platform
        )
        let start = try await browser.get(flow.verificationURI)
        let name = try await browser.submit(start, ["otc": flow.userCode, "action": "code"])
        let password = try await browser.submit(name, ["loginfmt": "adjuster@harbourmutual.example"])
        let question = try await browser.submit(password, ["passwd": "Adjuster-Pass-1"])
        #expect(question.text.contains("Harbour Mutual Command Line"))
        _ = try await browser.submit(question, ["action": decision])
    }

    /// An access token of a person for an API of the insurer's.
    private func callerToken(_ platform: EmulatedPlatform) async throws -> Secret {
        let application = try publicClient(platform)
        let flow = try await application.startDeviceCodeFlow(scopes: ["api://harbour-claims/Claims.Read"])
        try await enter(flow, platform, "approve")
        return try await application.acquireToken(completing: flow).accessToken
    }

    @Test func aDeviceWithoutABrowserSignsIn() async throws {
        try await withEmulator { platform in
            let application = try publicClient(platform)
            let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
            try await enter(flow, platform, "approve")
            let result = try await application.acquireToken(completing: flow)
            #expect(result.account?.username == "adjuster@harbourmutual.example")
            #expect(result.idToken != nil)
            let account = try #require(result.account)
            #expect(
                try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache
            )
            platform.time.advance(by: .seconds(3_500))
            let renewed = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            #expect(renewed.source == .identityProvider)
        }
    }

    @Test func aDeclinedCodeIsADecision() async throws {
        try await withEmulator { platform in
            let application = try publicClient(platform)
            let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
            try await enter(flow, platform, "decline")
            await #expect(
                performing: { try await application.acquireToken(completing: flow) },
                throws: { ($0 as? AuthenticationError)?.kind == .declined }
            )
        }
    }

    @Test func anAPIActsOnBehalfOfItsCaller() async throws {
        try await withEmulator { platform in
            let caller = try await callerToken(platform)
            let api = try client(platform, Self.claimsAPI, .secret(Secret("claims-api-development-secret")))
            let scopes = ["https://graph.microsoft.com/User.Read"]
            let result = try await api.acquireTokenOnBehalfOf(caller, scopes: scopes)
            #expect(result.source == .identityProvider)
            #expect(result.account?.username == "adjuster@harbourmutual.example")
            #expect(try await api.acquireTokenOnBehalfOf(caller, scopes: scopes).source == .cache)
            let (_, key) = try await api.startLongRunningOnBehalfOf(caller, scopes: scopes)
            platform.time.advance(by: .seconds(3_500))
            let later = try await api.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
            #expect(later.source == .identityProvider)
        }
    }

    @Test func aPolicyDownstreamAsksTheCallerForMore() async throws {
        try await withEmulator { platform in
            let caller = try await callerToken(platform)
            let api = try client(platform, Self.claimsAPI, .secret(Secret("claims-api-development-secret")))
            await #expect(
                performing: {
                    try await api.acquireTokenOnBehalfOf(caller, scopes: ["api://harbour-payments/Payments.Settle"])
                },
                throws: { error in
                    let error = error as? AuthenticationError
                    return error?.kind == .interactionRequired && error?.claims?.contains("capolids") == true
                        && error?.aadstsCodes == [50_076]
                }
            )
        }
    }

    @Test(arguments: ["aes256-sha512", nil])
    func aCertificateProvesADaemon(encryption: String?) async throws {
        let vectors = try Certificates()
        let certificate = try vectors.text("certificates", "leaf")
        var seed = EmulatorSeed.insurance
        try seed.register(certificate: certificate, for: Self.nightly)
        try await withEmulator(seed) { platform in
            let key = try encryption.map { try vectors.text("encrypted", $0) } ?? vectors.text("keys", "leaf")
            let credential = ClientCredential.certificate(
                try ClientCertificate(
                    pem: Secret(certificate + "\n" + key),
                    passphrase: encryption.map { _ in Secret("Harbour-Pass-1") }
                )
            )
            let daemon = try client(platform, Self.nightly, credential)
            let token = try await daemon.acquireTokenForClient(scopes: ["api://harbour-claims/.default"])
            #expect(token.source == .identityProvider)
            // A client must treat the token as opaque; this test looks for what the API will see.
            let claims = try UnverifiedJWT(token.accessToken.reveal()).unverifiedClaims()
            #expect((claims["azpacr"] ?? claims["appidacr"]) == "2")
        }
    }

    @Test func aWorkloadProvesItselfByItsClustersToken() async throws {
        try await withEmulator { platform in
            let request = HTTPRequest(
                method: .get,
                scheme: "http",
                authority: "localhost:8400",
                path: "/workload/harbour-cluster/token?subject=system:serviceaccount:claims:nightly"
            )
            let (_, body) = try await platform.emulator.respond(to: request, body: [])
            let file = FileManager.default.temporaryDirectory.appending(path: "token-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(body).write(to: file)
            let daemon = try client(platform, Self.nightly, .workloadIdentity(tokenFile: file.path))
            let token = try await daemon.acquireTokenForClient(scopes: ["api://harbour-claims/.default"])
            #expect(token.source == .identityProvider)
        }
    }

    @Test func anAgentActsForAPerson() async throws {
        try await withEmulator { platform in
            let blueprint = try client(platform, Self.blueprint, .secret(Secret("agents-development-secret")))
            let result = try await blueprint.acquireTokenForAgent(
                Self.agent,
                on: .username("adjuster@harbourmutual.example"),
                scopes: ["https://graph.microsoft.com/User.Read"]
            )
            #expect(result.account?.username == "adjuster@harbourmutual.example")
        }
    }

    /// The test certificates of the core.
    private struct Certificates {
        private let json: JSONValue

        init() throws {
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../MSALCoreTests/Vectors/certificates.json")
            json = try JSONValue(parsing: Array(try Data(contentsOf: file)))
        }

        func text(_ group: String, _ name: String) throws -> String {
            try #require(json[group]?[name]?.stringValue)
        }
    }

    @Test(arguments: ["Broker-Pass-1", "wrong"])
    func aPersonOfAFederatedDomainShowsThePasswordToTheirOwnServer(password: String) async throws {
        try await withEmulator { platform in
            let application = try publicClient(platform)
            let name = "broker@brokers.harbourmutual.example"
            let signIn = { (application: any PasswordSignIn) in
                try await application.acquireToken(
                    username: name,
                    password: Secret(password),
                    scopes: ["User.Read"],
                    claims: nil,
                    options: nil
                )
            }
            guard password != "wrong" else {
                await #expect(
                    performing: { try await signIn(application) },
                    throws: { ($0 as? AuthenticationError)?.kind == .interactionRequired }
                )
                return
            }
            let result = try await signIn(application)
            #expect(result.account?.username == name)
            let account = try #require(result.account)
            platform.time.advance(by: .seconds(3_500))
            let renewed = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            #expect(renewed.source == .identityProvider)
        }
    }
}

/// The grant that is marked deprecated, so that calling it here is no warning.
private protocol PasswordSignIn {
    func acquireToken(
        username: String,
        password: Secret,
        scopes: [String],
        claims: String?,
        options: RequestOptions?
    ) async throws -> AuthenticationResult
}

extension PublicClientApplication: PasswordSignIn {}
