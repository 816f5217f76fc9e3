// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALAsyncHTTPClient
import MSALCore
import NIOCore
import NIOPosix
import Testing

@Suite struct LoopbackServerTests {
    private let transport: any HTTPTransport = .asyncHTTPClient

    /// What a browser gets for a request to the listener.
    private func send(
        _ uri: String,
        _ method: HTTPRequest.Method = .post,
        path: String = "/",
        type: String = "application/x-www-form-urlencoded",
        body: String = ""
    ) async throws -> TransportResponse {
        let authority = uri.replacing("http://", with: "")
        var head = HTTPRequest(method: method, scheme: "http", authority: authority, path: path)
        head.headerFields[.contentType] = type
        return try await transport.send(
            TransportRequest(
                head: head,
                body: Array(body.utf8),
                timeout: .seconds(20),
                maximumResponseBytes: 100_000
            )
        )
    }

    private func text(_ response: TransportResponse) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    /// What comes back on a connection that says something of its own.
    private func exchange(_ uri: String, _ request: String, at host: String = "127.0.0.1") async throws -> String {
        let port = try #require(uri.split(separator: ":").last.flatMap { Int($0) })
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var answer = ""
            for try await bytes in inbound { answer += String(buffer: bytes) }
            return answer
        }
    }

    @Test func aPostedFormIsHandedOnAndItsBrowserHearsTheVerdict() async throws {
        try await LoopbackServer().withListener { uri, posts in
            #expect(uri.hasPrefix("http://localhost:"))
            async let answer = send(uri, body: "code=c&state=s")
            let post = try #require(await posts.first { _ in true })
            #expect(post.form == Secret("code=c&state=s"))
            post.reply(.signedIn)
            let response = try await answer
            #expect(response.head.status == .ok)
            #expect(text(response).contains("You have signed in. You may close this window."))
            let fields = response.head.headerFields
            #expect(fields[.contentType] == "text/html; charset=utf-8")
            #expect(fields[.cacheControl] == "no-store")
            #expect(fields[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
            #expect(fields[try #require(HTTPField.Name("X-Frame-Options"))] == "DENY")
            #expect(fields[try #require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
            #expect(fields[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test func errorsAreEscapedOnThePage() async throws {
        try await LoopbackServer().withListener { uri, posts in
            async let answer = send(uri, body: "state=s")
            try #require(await posts.first { _ in true }).reply(.failed("<script>alert('1')</script> & \"more\""))
            let page = text(try await answer)
            #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;"))
            #expect(!page.contains("<script"))
        }
    }

    @Test func ofTwoBrowsersTheOneWithTheWrongStateIsRefusedAndTheOtherGoesOn() async throws {
        try await LoopbackServer().withListener { uri, posts in
            var arriving = posts.makeAsyncIterator()
            async let first = send(uri, body: "state=wrong")
            let wrong = try #require(await arriving.next())
            async let second = send(uri, body: "state=right")
            let right = try #require(await arriving.next())
            right.reply(.signedIn)
            #expect(try await second.head.status == .ok)
            wrong.reply(.foreign)
            let refused = try await first
            #expect(refused.head.status == .badRequest)
            #expect(!text(refused).contains("wrong"))
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/?code=c&state=s", "", 400), (.get, "/", "", 400),
        (.get, "/favicon.ico", "", 404), (.put, "/", "code=c", 405), (.delete, "/", "", 405),
        (.post, "/other", "code=c", 404),
    ]) func whatIsNoPostedFormIsRefused(method: HTTPRequest.Method, path: String, body: String, status: Int)
        async throws
    {
        try await LoopbackServer().withListener { uri, posts in
            let response = try await send(uri, method, path: path, body: body)
            #expect(response.head.status.code == status)
            #expect(!text(response).contains("code=c"))
        }
    }

    @Test func anotherContentTypeIsRefused() async throws {
        try await LoopbackServer().withListener { uri, _ in
            let response = try await send(uri, type: "text/plain", body: "code=c&state=s")
            #expect(response.head.status.code == 415)
        }
    }

    @Test func aHugeBodyIsRefusedAndTheListenerGoesOn() async throws {
        try await LoopbackServer().withListener { uri, posts in
            let huge = try await send(uri, body: "code=" + String(repeating: "a", count: 200_000))
            #expect(huge.head.status.code == 413)
            async let answer = send(uri, body: "state=s")
            try #require(await posts.first { _ in true }).reply(.signedIn)
            #expect(try await answer.head.status == .ok)
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "no http at all\r\n\r\n",
    ]) func aForeignHostAndGarbageAreRefused(request: String) async throws {
        try await LoopbackServer().withListener { uri, _ in
            let answer = try await exchange(uri, request)
            #expect(answer.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test func bothLoopbackAddressesAnswer() async throws {
        try await LoopbackServer().withListener { uri, _ in
            let port = uri.split(separator: ":").last ?? ""
            let question = "GET / HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n"
            let first = try await exchange(uri, question)
            #expect(first.hasPrefix("HTTP/1.1 400"))
            // A machine without IPv6 has nothing to connect to there.
            if Self.hasIPv6 {
                let second = try await exchange(uri, question, at: "::1")
                #expect(second.hasPrefix("HTTP/1.1 400"))
            }
        }
    }

    /// Whether this machine has `::1`.
    private static var hasIPv6: Bool {
        guard let devices = try? System.enumerateDevices() else { return false }
        return devices.contains { $0.address?.ipAddress == "::1" }
    }

    @Test func theSignInsEndIsToldToWhoeverWaitsAndNobodyListensAfterwards() async throws {
        let (uri, answer) = try await LoopbackServer().withListener { uri, posts in
            let answer = Task { try await send(uri, body: "state=s") }
            _ = await posts.first { _ in true }
            return (uri, answer)
        }
        let response = try await answer.value
        #expect(response.head.status == .badRequest)
        #expect(text(response).contains("over"))
        await #expect(throws: (any Error).self) { try await send(uri, body: "state=s") }
    }

    @Test func aCancelledTaskStopsListening() async throws {
        let (uris, uri) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            try await LoopbackServer().withListener { address, posts in
                uri.yield(address)
                for await _ in posts {}
                try Task.checkCancellation()
            }
        }
        let address = try #require(await uris.first { _ in true })
        // A browser that never says anything does not hold it up.
        async let silent = try? exchange(address, "")
        #expect(try await send(address, .get).head.status == .badRequest)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        _ = await silent
        await #expect(throws: (any Error).self) { try await send(address, .get) }
    }
}
