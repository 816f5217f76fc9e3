// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Configuration
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InMemoryLogging
import Logging
import MSALCore
import MSALEmulator
import MSALTesting
import NIOCore
import Testing

@testable import InsurancePortal

/// A portal and an emulator in one process, and browsers that go to and fro between them.
struct Street: Sendable {
    let platform: EmulatedPlatform
    let witness: Witness
    let origin: String
    private let site: TestBrowser.Site

    /// The accounts of the built-in seed.
    enum Person: String, CaseIterable {
        case customer = "Customer"
        case adjuster = "Adjuster"
        case underwriter = "Underwriter"
        case admin = "Admin"
        case guest = "Guest"

        var account: String { rawValue.lowercased() + "@harbourmutual.example" }
        var password: String { rawValue + "-Pass-1" }
    }

    init(platform: EmulatedPlatform, witness: Witness, origin: String, site: @escaping TestBrowser.Site) {
        self.platform = platform
        self.witness = witness
        self.origin = origin
        self.site = site
    }

    /// A browser that was never here before.
    func browser() -> TestBrowser {
        TestBrowser(
            origin: origin,
            application: { [site, witness] request, body in
                witness.saw(request, body)
                let answer = try await site(request, body)
                witness.saw(answer.head, answer.body)
                return answer
            },
            platform: platform
        )
    }

    /// A browser in which somebody signed in on the way to a page, and the page.
    func signedIn(_ person: Person, at path: String = "/") async throws -> (TestBrowser, TestBrowser.Page) {
        let browser = browser()
        let page = try await browser.get("/auth/sign-in?return_to=" + path)
        return (browser, try await browser.signIn(page, as: person.account, password: person.password))
    }
}

/// The portal's settings, as an administrator would set them.
private func settings(publicBaseURL: String) -> ConfigReader {
    let values: [AbsoluteConfigKey: String] = [
        "azureAd.instance": EmulatedPlatform.origin,
        "azureAd.tenantId": "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d",
        "azureAd.clientId": "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6",
        "azureAd.clientSecret": "portal-development-secret",
        "web.publicBaseURL": publicBaseURL,
        "web.keys": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "graph.baseURL": EmulatedPlatform.origin,
    ]
    return ConfigReader(
        provider: InMemoryProvider(values: values.mapValues { ConfigValue(.string($0), isSecret: false) })
    )
}

/// Opens a street for a test, and checks afterwards that no log tells what the test kept secret.
///
/// - Parameters:
///   - origin: the portal's public address; https makes the provider answer by a posted form.
///   - body: the test.
/// - Throws: what the test throws.
func withStreet(
    origin: String = "http://localhost:8080",
    _ body: @Sendable (Street) async throws -> Void
) async throws {
    let handler = InMemoryLogHandler()
    var logger = Logger(label: "end-to-end") { _ in handler }
    logger.logLevel = .trace
    let notes = logger
    try await withEmulator(logger: notes) { platform in
        let witness = Witness(platform.transport)
        let data = try PortalDatabase(now: platform.time.now)
        if let key = PortalSettings.demoCustomerKey { try data.linkDemoCustomer(to: key) }
        let portal = try buildPortal(
            configuration: settings(publicBaseURL: origin),
            transport: witness,
            time: platform.time,
            data: data,
            logger: notes
        )
        try await portal.test(.router) { client in
            let street = Street(platform: platform, witness: witness, origin: origin) { request, body in
                try await client.execute(
                    uri: request.path ?? "/",
                    method: request.method,
                    headers: request.headerFields,
                    body: ByteBuffer(bytes: body)
                ) { (HTTPResponse(status: $0.status, headerFields: $0.headers), Array(buffer: $0.body)) }
            }
            try await body(street)
        }
        let lines = handler.entries.map { "\($0.level) \($0.message) \($0.metadata)" }
        #expect(!lines.isEmpty)
        for secret in witness.secrets {
            let telling = lines.first { $0.contains(secret) }
            #expect(telling == nil, "a log line tells a secret")
        }
    }
}
