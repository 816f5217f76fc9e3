// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import Testing

/// The listeners and their certificates, on real sockets.
@Suite(.serialized) struct ServiceTests {
    /// A directory that is removed in the end.
    private func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let url = FileManager.default.temporaryDirectory.appending(path: "msal-emulator-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(url.path(percentEncoded: false))
    }

    /// Runs an emulator on free ports for as long as the body takes.
    private func running<Value: Sendable>(
        _ directory: String,
        _ body: @Sendable (EmulatorAddresses) async throws -> Value
    ) async throws -> Value {
        let emulator = try Emulator(
            configuration: EmulatorConfiguration(httpPort: 0, httpsPort: 0, certificateDirectory: directory)
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await emulator.run() }
            let value = try await body(try await emulator.waitUntilReady())
            let start = ContinuousClock.now
            group.cancelAll()
            while let result = await group.nextResult() { _ = result }
            // The peers measure a second; here hundreds of tests share the threads.
            #expect(ContinuousClock.now - start < .seconds(10))
            return value
        }
    }

    @Test func bothListenersAnswerAndStopAtOnce() async throws {
        try await withDirectory { directory in
            try await running(directory) { addresses in
                let https = try #require(addresses.https)
                #expect(addresses.http != https)
                let authority = try #require(await curl(["\(addresses.http)/healthz"]))
                #expect(authority == #"{"status":"ok"}"#)
                let path = try #require(addresses.caCertificatePath)
                let metadata = await curl(["--cacert", path, "\(https)/common/v2.0/.well-known/openid-configuration"])
                #expect(metadata?.contains("\"token_endpoint\":\"\(https)/common/oauth2/v2.0/token\"") == true)
            }
        }
    }

    @Test func theCAIsKeptAndPrivate() async throws {
        try await withDirectory { directory in
            let path = try await running(directory) { $0.caCertificatePath ?? "" }
            let first = try Data(contentsOf: URL(filePath: path))
            let key = URL(filePath: directory).appending(path: "ca-key.pem")
            let attributes = try FileManager.default.attributesOfItem(atPath: key.path(percentEncoded: false))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            _ = try await running(directory) { $0 }
            #expect(try Data(contentsOf: URL(filePath: path)) == first)
            try Data("damaged".utf8).write(to: key)
            _ = try await running(directory) { $0 }
            #expect(try Data(contentsOf: URL(filePath: path)) != first)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["ca-key.pem", "ca.pem"]
            )
        }
    }

    @Test func aTakenPortIsNamedWithItsOption() async throws {
        try await withDirectory { directory in
            try await running(directory) { addresses in
                let port = try #require(addresses.http.split(separator: ":").last.flatMap { Int($0) })
                let second = try Emulator(
                    configuration: EmulatorConfiguration(
                        httpPort: port,
                        httpsPort: nil,
                        httpPortOption: "--emulator-port"
                    )
                )
                let error = await #expect(throws: EmulatorError.self) { try await second.run() }
                #expect(error?.code == .portInUse)
                #expect(error?.message.contains("\(port)") == true)
                #expect(error?.message.contains("--emulator-port") == true)
                await #expect(throws: EmulatorError.self) { try await second.waitUntilReady() }
            }
        }
    }

    @Test(arguments: ["0.0.0.0", "192.0.2.1", "emulator.example", "::"])
    func itListensOnThisMachineOnly(_ host: String) {
        let error = #expect(throws: EmulatorError.self) {
            try Emulator(configuration: EmulatorConfiguration(host: host))
        }
        #expect(error?.code == .cannotListen)
        #expect(error?.message.contains(host) == true)
    }

    @Test(arguments: ["localhost", "http://", "http://localhost/path"])
    func aBaseURLThatIsNoneIsRefused(_ text: String) {
        let error = #expect(throws: EmulatorError.self) {
            try Emulator(configuration: EmulatorConfiguration(baseURL: text))
        }
        #expect(error?.code == .invalidBaseURL)
    }

    @Test func aFolderThatCannotBeMadeIsNamed() async throws {
        try await withDirectory { directory in
            try Data().write(to: URL(filePath: directory))
            let emulator = try Emulator(
                configuration: EmulatorConfiguration(httpPort: 0, httpsPort: 0, certificateDirectory: directory + "/ca")
            )
            let error = await #expect(throws: EmulatorError.self) { try await emulator.run() }
            #expect(error?.code == .certificates)
        }
    }

    @Test func whoWaitsForAnEmulatorThatEndedIsTold() async throws {
        let emulator = try Emulator(configuration: EmulatorConfiguration(httpPort: 0, httpsPort: nil))
        let run = Task { try await emulator.run() }
        run.cancel()
        _ = await run.result
        let error = await #expect(throws: EmulatorError.self) { try await emulator.waitUntilReady() }
        #expect(error?.code == .stopped)
    }

    /// What a foreign client reads; nil when it fails, the certificate for one.
    private func curl(_ arguments: [String]) async -> String? {
        await withCheckedContinuation { continuation in
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["curl", "--silent", "--fail", "--max-time", "10"] + arguments
            let pipe = Pipe()
            process.standardOutput = pipe
            process.terminationHandler = { process in
                let data = pipe.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(
                    returning: process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
                )
            }
            do {
                try process.run()
            } catch {
                continuation.resume(returning: nil)
            }
        }
    }
}
