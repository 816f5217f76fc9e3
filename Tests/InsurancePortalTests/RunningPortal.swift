// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdTesting
import Logging
import MSALTesting
import Testing

@testable import InsurancePortal

/// A portal and an emulator in this process, and browsers for both.
struct RunningPortal: Sendable {
    /// The portal's origin.
    static let origin = "http://localhost:8080"

    /// The emulator.
    let platform: EmulatedPlatform
    /// The portal.
    let client: any TestClientProtocol
    /// The portal's rows.
    let data: PortalDatabase

    /// Runs a test against a new portal with its example data.
    static func run(_ body: @Sendable (RunningPortal) async throws -> Void) async throws {
        try await withEmulator { platform in
            let data = try PortalDatabase(now: platform.time.now)
            try data.linkDemoCustomer(to: #require(PortalSettings.demoCustomerKey))
            let application = try buildPortal(
                configuration: PortalSettings.bundled(emulator: EmulatedPlatform.origin, publicBaseURL: origin),
                transport: platform.transport,
                time: platform.time,
                data: data,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            try await application.test(.router) { client in
                try await body(RunningPortal(platform: platform, client: client, data: data))
            }
        }
    }

    /// A browser that nobody has signed in with.
    func browser() -> TestBrowser {
        TestBrowser(
            origin: Self.origin,
            application: { [client] request, body in
                let answer = try await client.execute(
                    uri: request.path ?? "/",
                    method: request.method,
                    headers: request.headerFields,
                    body: ByteBuffer(bytes: body)
                )
                return (
                    HTTPResponse(status: answer.status, headerFields: answer.headers),
                    Array(answer.body.readableBytesView)
                )
            },
            platform: platform
        )
    }

    /// A browser in which an account of the emulator has signed in on the way to a page, and that page.
    func signIn(_ name: String, to path: String = "/") async throws -> (TestBrowser, TestBrowser.Page) {
        let browser = browser()
        let password = name.prefix(1).uppercased() + name.dropFirst() + "-Pass-1"
        let start = try await browser.get("/auth/sign-in?return_to=\(path)")
        return (browser, try await browser.signIn(start, as: "\(name)@harbourmutual.example", password: password))
    }
}
