// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import MSALEmulator
import MSALJWT
import Testing

@Suite final class StateFileTests {
    let clock = TestClock()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("msal-emulator-\(UUID().uuidString)")
        .path
    var file: String { folder + "/state" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A browser in front of an emulator that was just started.
    private func start() throws -> (browser: TestBrowser, emulator: Emulator) {
        let emulator = try Emulator(
            configuration: EmulatorConfiguration(stateFile: file, tokenLifetime: { 3600 }),
            now: { [clock] in clock.now },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return (TestBrowser(emulator), emulator)
    }

    /// The refresh token of an answer.
    private func refreshToken(_ json: JSONValue) throws -> String {
        try #require(json["refresh_token"]?.stringValue)
    }

    @Test func tokensOfAnEarlierProcessStillCount() async throws {
        let tokens = try await start().browser.tokens()
        let later = try start().browser
        #expect(try await later.claims(tokens["access_token"]).subject != nil)
        let answer = try await later.post(Harbour.token, Harbour.refresh(refreshToken(tokens)))
        #expect(answer.status == 200)
        let (old, new) = try await (later.claims(tokens["id_token"]), later.claims(answer.json["id_token"]))
        #expect(old.subject == new.subject)
        #expect(old["sid"] == new["sid"])
        // The one that a refresh gave is kept as well.
        let last = try await start().browser.post(Harbour.token, Harbour.refresh(refreshToken(answer.json)))
        #expect(last.status == 200)
        #expect(last.json["scope"] == tokens["scope"])
    }

    @Test func theFileIsForItsOwnerAloneAndHoldsNoRefreshToken() async throws {
        let token = try refreshToken(await start().browser.tokens())
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(!text.contains(token))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state"])
    }

    @Test func keysThatWereRotatedOutStayOut() async throws {
        let (browser, emulator) = try start()
        let first = try await browser.tokens()
        try emulator.rotateSigningKey(keepingOldKeys: true)
        let second = try await browser.tokens()
        let later = try start()
        for tokens in [first, second] { _ = try await later.browser.claims(tokens["access_token"]) }
        try later.emulator.rotateSigningKey(keepingOldKeys: false)
        let last = try start().browser
        for tokens in [first, second] {
            await #expect(throws: (any Error).self) { try await last.claims(tokens["access_token"]) }
        }
    }

    @Test(arguments: ["", "garbage\n", "{\"version\":2,\"keys\":[]}\n", "{\"version\":1,\"keys\":[]}\n", "\u{0}\u{0}"])
    func aDamagedFileIsReplaced(content: String) async throws {
        try Data(content.utf8).write(to: URL(filePath: file))
        let tokens = try await start().browser.tokens()
        #expect(try await start().browser.post(Harbour.token, Harbour.refresh(refreshToken(tokens))).status == 200)
    }

    @Test func aDamagedLineCostsItsOwnTokenOnly() async throws {
        let browser = try start().browser
        let tokens = try await [browser.tokens(), browser.tokens(), browser.tokens()].map(refreshToken)
        var lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        lines[2] = String(lines[2].dropLast(40))
        try (lines.joined(separator: "\n") + "\n{\"hash").write(toFile: file, atomically: true, encoding: .utf8)
        let later = try start().browser
        for (token, status) in zip(tokens, [200, 400, 200]) {
            #expect(try await later.post(Harbour.token, Harbour.refresh(token)).status == status)
        }
    }

    @Test func whatIsOverOrUnknownIsForgotten() async throws {
        let token = try refreshToken(await start().browser.tokens())
        // Somebody who is not in the directory any more.
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let user = try #require(EmulatorSeed.insurance.users.first { $0.userPrincipalName == Harbour.adjuster }?.id)
        let other = text.replacingOccurrences(of: user, with: "00000000-0000-4000-8000-000000000000")
        #expect(other != text)
        try other.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await start().browser.post(Harbour.token, Harbour.refresh(token)).status == 400)
        let second = try refreshToken(await start().browser.tokens())
        clock.advance(by: 91 * 86_400)
        #expect(try await start().browser.post(Harbour.token, Harbour.refresh(second)).status == 400)
    }

    @Test func aFileThatCannotBeWrittenStopsNobody() async throws {
        try FileManager.default.removeItem(atPath: folder)
        let browser = try start().browser
        #expect(try await browser.post(Harbour.token, Harbour.refresh(refreshToken(browser.tokens()))).status == 200)
    }
}
