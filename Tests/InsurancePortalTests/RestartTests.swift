// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HummingbirdTesting
import Logging
import MSALCore
import MSALTesting
import Testing

@testable import InsurancePortal

@Suite final class RestartTests {
    let folder: URL
    let keys = KeyRing(.random())
    var file: String { folder.appending(path: "portal.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "portal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a portal on the file, and a browser that brings cookies along and forgets the emulator's.
    ///
    /// - Returns: the cookies it has at the end.
    @discardableResult
    private func visit(
        _ platform: EmulatedPlatform,
        storage: PortalStorage? = nil,
        keys: KeyRing? = nil,
        cookies: [String: String] = [:],
        _ body: @escaping @Sendable (TestBrowser) async throws -> Void
    ) async throws -> [String: String] {
        let data = try PortalDatabase(file: file, now: platform.time.now)
        let portal = try buildPortal(
            configuration: PortalSettings.bundled(
                emulator: EmulatedPlatform.origin,
                publicBaseURL: RunningPortal.origin
            ),
            transport: platform.transport,
            time: platform.time,
            data: data,
            storage: storage ?? .sqlite(file: file),
            keys: keys ?? self.keys,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return try await portal.test(.router) { client in
            let browser = RunningPortal(platform: platform, client: client, data: data).browser()
            browser.cookies = cookies
            try await body(browser)
            return browser.cookies
        }
    }

    /// Signs the customer in.
    private static func signIn(_ browser: TestBrowser) async throws {
        let start = try await browser.get("/auth/sign-in?return_to=/me")
        let account = "customer@harbourmutual.example"
        let page = try await browser.signIn(start, as: account, password: "Customer-Pass-1")
        #expect(page.path == "/me" && page.status == .ok)
    }

    @Test func peopleStaySignedInAcrossARestartAndAPageThatNeedsATokenAsksNothing() async throws {
        try await withEmulator { platform in
            let cookies = try await visit(platform) { try await Self.signIn($0) }
            try await visit(platform, cookies: cookies) { browser in
                let page = try await browser.get("/me")
                #expect(page.status == .ok && page.redirects.isEmpty)
                #expect(page.text.contains("Still good for"))
                #expect(try await browser.get("/policies").redirects.isEmpty)
            }
        }
    }

    @Test func anEndedTokenIsRenewedWithTheRefreshTokenOfTheEarlierProcess() async throws {
        try await withEmulator { platform in
            let cookies = try await visit(platform) { browser in
                try await Self.signIn(browser)
                platform.time.advance(by: .seconds(3_000))
                #expect(try await browser.get("/policies").redirects.isEmpty)
                platform.time.advance(by: .seconds(3_000))
            }
            try await visit(platform, cookies: cookies) { browser in
                let page = try await browser.get("/me")
                #expect(page.status == .ok && page.redirects.isEmpty)
            }
        }
    }

    @Test func whoSignedOutStaysSoAcrossARestart() async throws {
        try await withEmulator { platform in
            let cookies = try await visit(platform) { try await Self.signIn($0) }
            try await visit(platform, cookies: cookies) { browser in
                let page = try await browser.get("/me")
                let form = try #require(page.forms.firstIndex { $0.action == "/auth/sign-out" })
                _ = try await browser.submit(page, form: form)
            }
            try await visit(platform, cookies: cookies) { browser in
                #expect(try await !browser.get("/me").redirects.isEmpty)
            }
        }
    }

    @Test func withOtherKeysOrInMemoryEverybodySignsInAnew() async throws {
        try await withEmulator { platform in
            let cookies = try await visit(platform) { try await Self.signIn($0) }
            try await visit(platform, storage: .memory, cookies: cookies) { browser in
                #expect(try await !browser.get("/me").redirects.isEmpty)
            }
            try await visit(platform, keys: KeyRing(.random()), cookies: cookies) { browser in
                #expect(try await !browser.get("/me").redirects.isEmpty)
                try await Self.signIn(browser)
            }
        }
    }

    @Test func keysThatEndWithTheProcessKeepNothing() throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let stores = try PortalStorage.sqlite(file: file).open(keys: .ephemeral(), time: ManualTime(), logger: logger)
        #expect(stores.tokens == nil)
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(try PortalStorage.sqlite(file: file).open(keys: keys, time: ManualTime(), logger: logger).tokens != nil)
    }

    @Test func aFileThatCannotBeOpenedIsAStartFault() throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let error = #expect(throws: AuthenticationError.self) {
            try PortalStorage.sqlite(file: folder.path).open(keys: keys, time: ManualTime(), logger: logger)
        }
        let fault = try #require(error.flatMap { StartFault($0, port: 1) })
        #expect(fault.exitCode == StartFault.configuration && fault.message.contains(folder.path))
    }
}
