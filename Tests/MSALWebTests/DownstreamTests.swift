// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import MSALCore
import MSALTesting
import Synchronization
import Testing

@testable import MSALWeb

@Suite("Downstream APIs")
struct DownstreamTests {
    /// A signed-in request of an application whose API answers as told.
    private func signedIn(
        _ api: @escaping @Sendable (TransportRequest) -> TransportResponse
    ) async throws -> (SampleApp, RequestAuthentication) {
        let app = try SampleApp(api: api)
        let browser = Browser(app)
        await browser.signIn()
        let cookie = browser.cookies.withLock { $0["__Host-session"] } ?? ""
        let head = HTTPRequest(
            method: .get,
            scheme: nil,
            authority: nil,
            path: "/me",
            headerFields: [.cookie: "__Host-session=\(cookie)"]
        )
        let reception = await app.web.receive(WebRequest(head: head, logger: Logger(label: "test")))
        return (app, reception.authentication)
    }

    private let read = DownstreamAPI(baseURL: "https://api.example/v1", scopes: ["api://claims/Read"])

    @Test("The person's token goes to the API, in place of whatever the caller has set")
    func attachesToken() async throws {
        let (app, authentication) = try await signedIn { _ in .json(#"["a","b"]"#) }
        let client = authentication.downstream(try #require(read))
        #expect(try await client.get("/claims?state=open", as: [String].self) == ["a", "b"])
        _ = try await client.send(
            .post,
            "/claims",
            headerFields: [.authorization: "Bearer foreign", .contentType: "application/json"]
        )
        let requests = app.transport.requests.filter { $0.head.authority == "api.example" }
        #expect(requests.map(\.head.path) == ["/v1/claims?state=open", "/v1/claims"])
        #expect(requests.allSatisfy { $0.head.headerFields[values: .authorization] == ["Bearer secret-access-token"] })
    }

    @Test(
        "A path leads nowhere else",
        arguments: ["https://evil.example/", "//evil.example", "claims", "@evil.example", "/\\evil.example", ""]
    )
    func isPinned(path: String) async throws {
        let (app, authentication) = try await signedIn { _ in .json("[]") }
        let client = authentication.downstream(try #require(read))
        let error = await #expect(throws: WebError.self) { try await client.send(.get, path) }
        #expect(error?.code == .misconfigured)
        #expect(
            !app.transport.requests.contains {
                $0.head.authority == "api.example" || $0.head.authority == "evil.example"
            }
        )
    }

    @Test("An address of an API is https, or on this machine")
    func checksAddresses() {
        #expect(
            DownstreamAPI(baseURL: "https://graph.microsoft.com/v1.0/", scopes: [])?.baseURL
                == "https://graph.microsoft.com/v1.0"
        )
        #expect(DownstreamAPI(baseURL: "http://localhost:8400/v1.0", scopes: []) != nil)
        for bad in [
            "http://graph.microsoft.com", "graph.microsoft.com", "https://user@host/x", "https://host/a/../b",
            "https://host/?x=1", "",
        ] {
            #expect(DownstreamAPI(baseURL: bad, scopes: []) == nil)
        }
    }

    @Test("What goes wrong at the API becomes an error that says so")
    func reportsErrors() async throws {
        let (_, refused) = try await signedIn { _ in .json("{}", status: .forbidden) }
        let (_, broken) = try await signedIn { _ in .json("{}", status: .internalServerError) }
        let (_, odd) = try await signedIn { _ in .json("{}") }
        for (authentication, code) in [(refused, WebError.Code.forbidden), (broken, .badGateway), (odd, .badGateway)] {
            let client = authentication.downstream(try #require(read))
            let error = await #expect(throws: WebError.self) { try await client.get("/claims", as: [String].self) }
            #expect(error?.code == code)
        }
    }

    @Test("Nobody's request gets no token")
    func needsAPerson() async throws {
        let api = try #require(read)
        let nobody = await #expect(throws: WebError.self) {
            try await RequestAuthentication().downstream(api).send(.get, "/")
        }
        #expect(nobody?.code == .misconfigured)
        let app = try SampleApp()
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        let anonymous = await app.web.receive(WebRequest(head: head, logger: Logger(label: "test"))).authentication
        let error = await #expect(throws: WebError.self) { try await anonymous.downstream(api).send(.get, "/") }
        #expect(error?.code == .signInRequired)
        await #expect(throws: WebError.self) { try await RequestAuthentication().require(.signedIn) }
    }
}
