// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import MSALTesting
import Testing

/// The core as its users call it, without a web layer.
@Suite struct CoreAtTheEmulatorTests {
    @Test func aDaemonGetsATokenForAnAPI() async throws {
        try await withEmulator { platform in
            let application = try ConfidentialClientApplication(
                configuration: platform.configuration(
                    clientID: "2b4d6f80-1a3c-4e5f-9b7d-c0e2a4f6b8d1",
                    secret: "nightly-development-secret"
                ),
                transport: platform.transport,
                time: platform.time
            )
            let scopes = ["api://harbour-claims/.default"]
            let first = try await application.acquireTokenForClient(scopes: scopes)
            let second = try await application.acquireTokenForClient(scopes: scopes)
            #expect(first.source == .identityProvider)
            #expect(second.source == .cache)
            #expect(first.accessToken == second.accessToken)
        }
    }

    @Test func aWrongSecretIsExplained() async throws {
        try await withEmulator { platform in
            let application = try ConfidentialClientApplication(
                configuration: platform.configuration(secret: "wrong"),
                transport: platform.transport,
                time: platform.time
            )
            await #expect(
                performing: {
                    try await application.acquireTokenForClient(scopes: ["https://graph.microsoft.com/.default"])
                },
                throws: { error in
                    let error = error as? AuthenticationError
                    return error?.kind == .misconfigured && error?.serverCode == "invalid_client"
                        && error?.aadstsCodes == [7_000_215] && error?.correlationID != nil
                }
            )
        }
    }

    @Test func anUnknownTenantIsAFaultOfTheConfiguration() async throws {
        try await withEmulator { platform in
            let application = try ConfidentialClientApplication(
                configuration: platform.configuration(tenant: "nowhere.example"),
                transport: platform.transport,
                time: platform.time
            )
            await #expect(
                performing: {
                    try await application.startAuthorizationCodeFlow(
                        scopes: [],
                        redirectURI: "http://localhost/auth/callback"
                    )
                },
                throws: { error in
                    let error = error as? AuthenticationError
                    return error?.code == .authorityUnknown && error?.aadstsCodes == [90_002]
                }
            )
        }
    }

    @Test func aTenantByItsDomainIsTheSameTenant() async throws {
        try await withEmulator { platform in
            let application = try ConfidentialClientApplication(
                configuration: platform.configuration(tenant: "harbourmutual.example"),
                transport: platform.transport,
                time: platform.time
            )
            let flow = try await application.startAuthorizationCodeFlow(
                scopes: ["User.Read"],
                redirectURI: "http://localhost:9/auth/callback"
            )
            #expect(flow.url.hasPrefix("http://localhost:8400/"))
        }
    }
}
