// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import HummingbirdTesting
import MSALAsyncHTTPClient
import MSALCore
import NIOCore
import NIOSSL
import Synchronization
import Testing

@Suite struct TransportOptionsTests {
    private let fixtures: Fixtures

    init() throws {
        fixtures = try Fixtures()
    }

    private func request(_ scheme: String, _ port: Int) -> TransportRequest {
        TransportRequest(
            head: HTTPRequest(method: .get, scheme: scheme, authority: "localhost:\(port)", path: "/hello"),
            timeout: .seconds(10)
        )
    }

    /// A server with a certificate of an authority of our own; it may want one of the client.
    private func withSecureServer(
        asksForCertificate: Bool = false,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(fixtures.pem("server").utf8))
                .map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(fixtures.pem("serverKey").utf8), format: .pem))
        )
        if asksForCertificate {
            tls.certificateVerification = .noHostnameVerification
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(fixtures.pem("root").utf8)))
        }
        let router = Router()
        router.get("hello") { _, _ in "hello" }
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = Application(
            router: router,
            server: try .tls(.http1(), tlsConfiguration: tls),
            configuration: .init(address: .hostname("localhost", port: 0)),
            onServerRunning: { channel in
                found.yield(channel.localAddress?.port ?? 0)
                found.finish()
            }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await port in ports {
                try await body(port)
            }
            group.cancelAll()
        }
    }

    @Test func anAuthorityOfOnesOwnIsTrustedOnRequest() async throws {
        let root = try fixtures.pem("root")
        try await withSecureServer { port in
            try await withFile(Data(root.utf8)) { file in
                for trust in [ServerTrust.only(file), .only(pem: root), .system(and: file), .system(andPEM: root)] {
                    let transport = try AsyncHTTPClientTransport(trust: trust)
                    #expect(try await transport.send(request("https", port)).body == Array("hello".utf8))
                }
            }
            let stranger = try AsyncHTTPClientTransport(trust: .only(pem: try fixtures.pem("leaf")))
            let error = await #expect(throws: TransportError.self) {
                try await stranger.send(request("https", port))
            }
            if case .tls = error {} else { Issue.record("not a fault of TLS but \(String(describing: error))") }
        }
    }

    @Test func aServerThatAsksForACertificateGetsIt() async throws {
        let root = try fixtures.pem("root")
        let leaf = try fixtures.leaf()
        try await withSecureServer(asksForCertificate: true) { port in
            let proven = try AsyncHTTPClientTransport(trust: .only(pem: root), clientCertificate: leaf)
            #expect(try await proven.send(request("https", port)).body == Array("hello".utf8))
            let unproven = try AsyncHTTPClientTransport(trust: .only(pem: root))
            await #expect(throws: TransportError.self) { try await unproven.send(request("https", port)) }
        }
    }

    @Test func aProxyIsWhatConnectionsGoTo() async throws {
        let seen = Mutex<[String]>([])
        let proxy = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                let credentials = request.headers[.proxyAuthorization] ?? ""
                seen.withLock { $0.append("\(request.method) \(request.head.authority ?? "") \(credentials)") }
                return Response(status: .forbidden)
            }
        )
        try await proxy.test(.live) { client in
            let port = try #require(client.port)
            let transport = try AsyncHTTPClientTransport(
                proxy: .http(host: "localhost", port: port, username: "u", password: Secret("p"))
            )
            // The name is the proxy's to resolve, so nobody else is asked about it.
            var outside = request("https", 443)
            outside.head.authority = "login.example"
            await #expect(throws: TransportError.self) { try await transport.send(outside) }
        }
        #expect(seen.withLock { $0 } == ["CONNECT login.example Basic dTpw"])
    }

    @Test func aProxyPrintsNoPassword() {
        let proxy = HTTPProxy.http(host: "proxy.example", port: 3128, username: "u", password: Secret("very-secret"))
        var dumped = ""
        dump(proxy, to: &dumped)
        #expect("\(proxy)" == "http://proxy.example:3128")
        #expect(dumped == "- http://proxy.example:3128\n")
        #expect("\(HTTPProxy.socks(host: "proxy.example"))" == "socks5://proxy.example:1080")
    }

    @Test func whatCannotBeTrustedIsSaid() async throws {
        let missing = authenticationError { try AsyncHTTPClientTransport(trust: .only("/nowhere/ca.pem")) }
        #expect(missing?.kind == .misconfigured)
        #expect(missing?.message.contains("'/nowhere/ca.pem' is not there") == true)
        for trust in [ServerTrust.only(pem: ""), .system(andPEM: "garbage")] {
            let fault = authenticationError { try AsyncHTTPClientTransport(trust: trust) }
            #expect(fault?.code == .configurationInvalid)
            #expect(fault?.message.contains("holds no certificate that can be read") == true)
        }
    }

    @Test func aCertificateWithoutItsKeyProvesNothing() throws {
        let certificate = try ClientCertificate(certificatePEM: fixtures.pem("leaf"))
        let fault = authenticationError { try AsyncHTTPClientTransport(clientCertificate: certificate) }
        #expect(fault?.code == .certificateInvalid)
        #expect(fault?.message.contains("has its key elsewhere") == true)
    }

    @Test func aCertificateWhoseTimeIsOverIsRefusedAtStart() throws {
        let certificate = try ClientCertificate(pem: Secret(fixtures.pem("expired", "leafKey")))
        let fault = authenticationError { try AsyncHTTPClientTransport(clientCertificate: certificate) }
        #expect(fault?.kind == .misconfigured)
        #expect(fault?.code == .certificateInvalid)
        #expect(fault?.message.contains("expired at 2021-01-01T00:00:00Z") == true)
    }
}
