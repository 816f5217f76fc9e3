// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import MSALAsyncHTTPClient

@Suite struct SystemBrowserTests {
    /// A folder with programs of a line each, which is gone after the test.
    private func withPrograms(_ programs: [String: String], _ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, line) in programs {
            let path = folder.appending(path: name).path
            try Data("#!/bin/sh\n\(line)\n".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        try await body(folder)
    }

    @Test func theFirstProgramThatWorksGetsTheAddressAsItIs() async throws {
        try await withPrograms(["fails": "exit 3", "works": #"printf '%s' "$#:$1" > "$0.seen""#]) { folder in
            let browser = SystemBrowser(programs: ["missing", "fails", "works"], searchPath: "/nowhere:\(folder.path)")
            let url = "https://login.example/authorize?a=1&b=$(touch%20x)';"
            #expect(await browser.open(url))
            let seen = try String(contentsOf: folder.appending(path: "works.seen"), encoding: .utf8)
            #expect(seen == "1:" + url)
        }
    }

    @Test(arguments: [["missing"], ["fails"], []]) func withoutAProgramThatWorksNothingOpens(
        programs: [String]
    ) async throws {
        try await withPrograms(["fails": "exit 1"]) { folder in
            #expect(await !SystemBrowser(programs: programs, searchPath: folder.path).open("https://login.example/"))
        }
    }

    @Test(arguments: ["--help", "file:///etc/passwd", "javascript:alert(1)", ""]) func nothingButWebAddressesIsOpened(
        address: String
    ) async throws {
        try await withPrograms(["works": "exit 0"]) { folder in
            #expect(await !SystemBrowser(programs: ["works"], searchPath: folder.path).open(address))
        }
    }
}
