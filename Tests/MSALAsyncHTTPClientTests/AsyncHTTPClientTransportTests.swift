// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MSALAsyncHTTPClient
import MSALCore
import MSALEmulator
import Testing

@Suite struct AsyncHTTPClientTransportTests {
    private let transport: any HTTPTransport = .asyncHTTPClient

    /// A server on this machine, with an address for each thing that can go wrong.
    private func withServer(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        // What is slow waits until the test is over.
        let (end, ending) = AsyncStream.makeStream(of: Void.self)
        let router = Router()
        router.get("redirect") { _, _ in Response.redirect(to: "/echo", type: .temporary) }
        router.get("cut") { _, _ in
            Response(
                status: .ok,
                headers: [.contentLength: "100"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "half"))
                    // The server closes the connection.
                    throw CancellationError()
                }
            )
        }
        router.get("large") { _, _ in ByteBuffer(repeating: 120, count: 100_000) }
        router.get("slow") { _, _ in
            for await _ in end {}
            return "late"
        }
        router.get("trickle") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "first"))
                    for await _ in end {}
                    try await writer.finish(nil)
                }
            )
        }
        router.post("echo") { request, _ in
            let sent = try await request.body.collect(upTo: 1_000)
            var fields = HTTPFields()
            fields[.contentType] = request.headers[.contentType]
            fields[.vary] = request.headers[.accept]
            return Response(status: .created, headers: fields, body: ResponseBody(byteBuffer: sent))
        }
        try await Application(router: router).test(.live) { client in
            defer { ending.finish() }
            try await body(try #require(client.port))
        }
    }

    private func request(
        _ port: Int,
        _ path: String,
        timeout: Duration = .seconds(10),
        maximum: Int = 1_000
    ) -> TransportRequest {
        TransportRequest(
            head: HTTPRequest(method: .get, scheme: "http", authority: "localhost:\(port)", path: path),
            timeout: timeout,
            maximumResponseBytes: maximum
        )
    }

    @Test func methodFieldsAndBodyGoOverAndComeBack() async throws {
        try await withServer { port in
            var sent = request(port, "/echo")
            sent.head.method = .post
            sent.head.headerFields[.contentType] = "text/plain"
            sent.head.headerFields[.accept] = "application/json"
            sent.body = Array("hello".utf8)
            let answer = try await transport.send(sent)
            #expect(answer.head.status == .created)
            #expect(answer.head.headerFields[.contentType] == "text/plain")
            #expect(answer.head.headerFields[.vary] == "application/json")
            #expect(answer.body == Array("hello".utf8))
        }
    }

    @Test func aRedirectIsAnAnswerAndNotFollowed() async throws {
        try await withServer { port in
            let answer = try await transport.send(request(port, "/redirect"))
            #expect(answer.head.status == .temporaryRedirect)
            #expect(answer.head.headerFields[.location] == "/echo")
        }
    }

    @Test func aBodyPastTheLimitIsNotRead() async throws {
        try await withServer { port in
            await #expect(throws: TransportError.responseTooLarge) {
                try await transport.send(request(port, "/large", maximum: 99_999))
            }
            let whole = try await transport.send(request(port, "/large", maximum: 100_000))
            #expect(whole.body.count == 100_000)
        }
    }

    @Test(arguments: ["/slow", "/trickle"])
    func anAnswerThatDoesNotComeInTimeIsGivenUp(_ path: String) async throws {
        try await withServer { port in
            await #expect(throws: TransportError.timedOut) {
                try await transport.send(request(port, path, timeout: .milliseconds(200)))
            }
        }
    }

    @Test func anAnswerThatBreaksOffIsNone() async throws {
        try await withServer { port in
            let error = await #expect(throws: TransportError.self) { try await transport.send(request(port, "/cut")) }
            guard case .unreachable = error else {
                Issue.record("not unreachable but \(String(describing: error))")
                return
            }
        }
    }

    @Test func aCancelledTaskIsToldSo() async throws {
        try await withServer { port in
            let task = Task { try await transport.send(request(port, "/slow")) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func whereNobodyListensNothingWasSent() async throws {
        // Port 1 is reserved, and nothing of this machine listens there.
        let error = await #expect(throws: TransportError.self) { try await transport.send(request(1, "/")) }
        guard case .notConnected = error else {
            Issue.record("not without a connection but \(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["login.microsoftonline.com", "192.0.2.1", "localhost.evil.example"])
    func plainHTTPBeyondThisMachineIsRefusedBeforeAnyConnection(_ host: String) async throws {
        var outside = request(80, "/")
        outside.head.authority = host
        await #expect(throws: TransportError.insecure) { try await transport.send(outside) }
    }

    @Test func aCertificateOfAnUnknownAuthorityIsRefused() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let emulator = try Emulator(
            configuration: EmulatorConfiguration(httpPort: 0, httpsPort: 0, certificateDirectory: folder.path)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await emulator.run() }
            let address = try #require(try await emulator.waitUntilReady().https)
            let authority = address.dropFirst("https://".count)
            let head = HTTPRequest(method: .get, scheme: "https", authority: String(authority), path: "/healthz")
            let error = await #expect(throws: TransportError.self) {
                try await transport.send(TransportRequest(head: head))
            }
            if case .tls = error {} else { Issue.record("not a fault of TLS but \(String(describing: error))") }
            group.cancelAll()
        }
    }
}
