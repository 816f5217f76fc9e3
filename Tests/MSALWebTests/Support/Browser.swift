// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Logging
import MSALCore
import MSALTesting
import Synchronization
import Testing
import WebTestSupport

@testable import MSALWeb

/// An application on the web layer with a few routes, as a framework's layer would run it.
struct SampleApp: Sendable {
    let provider: ScriptedProvider
    let transport: ScriptedTransport
    let time: ManualTime
    let sessions: MemorySessionStore
    let web: WebAuthentication
    /// Everything that was logged.
    let logs = LogCollector()

    /// An application at an address, with a provider of its own.
    init(
        _ baseURL: String = "https://portal.example",
        tenant: String? = nil,
        pages: any PageRenderer = StandardPages(applicationName: "Harbour"),
        sessions store: (any SessionStore)? = nil,
        api: @escaping @Sendable (TransportRequest) -> TransportResponse = { _ in .json("{}") }
    ) throws {
        time = ManualTime()
        let platform = "https://login.microsoftonline.com/"
        provider = ScriptedProvider(
            issuer: tenant.map { platform + $0 + "/v2.0" } ?? "https://id.example",
            base: tenant.map { platform + $0 } ?? "https://id.example",
            time: time,
            api: api
        )
        transport = provider.transport
        sessions = MemorySessionStore()
        let url = try #require(PublicBaseURL(baseURL))
        var configuration = ApplicationConfiguration(
            clientID: "client-1",
            authority: try tenant.map { try .entra(tenant: $0) } ?? .openIDConnect(issuer: "https://id.example"),
            credential: .secret(Secret("client-secret"))
        )
        // Each request is counted, and nobody moves the time on for a second try.
        configuration.retry = .never
        let application = try ConfidentialClientApplication(
            configuration: configuration,
            transport: transport,
            time: time,
            logger: logs.logger
        )
        web = WebAuthentication(
            configuration: WebConfiguration(publicBaseURL: url, keys: KeyRing(.random())),
            application: application,
            transport: transport,
            sessions: store ?? sessions,
            pages: pages,
            time: time
        )
    }

    /// How many times a code was redeemed, or tried to be.
    var tokenRequests: Int { transport.requests(to: "/token").count }

    /// Runs a request as a framework's layer does.
    func respond(to head: HTTPRequest, body: [UInt8] = []) async -> (head: HTTPResponse, body: String) {
        let request = WebRequest(head: head, logger: logs.logger, body: body)
        let reception = await web.receive(request)
        var answer: WebResponse
        if let early = reception.answer {
            answer = early
        } else {
            do {
                answer = try await route(request, reception.authentication)
            } catch {
                answer = await web.answer(to: error, for: reception.authentication)
            }
        }
        web.finish(&answer.head, for: reception.authentication)
        return (answer.head, String(decoding: answer.body, as: UTF8.self))
    }

    /// The application's own routes.
    private func route(_ request: WebRequest, _ authentication: RequestAuthentication) async throws -> WebResponse {
        switch request.path {
        case "/":
            return .html("front page", status: .ok)
        case "/me", "/change":
            let user = try await authentication.require(.signedIn)
            return .html("hello \(user.name), csrf=\(authentication.csrfToken);", status: .ok)
        case "/queue":
            try await authentication.require(.role("Claims.Adjuster"))
            return .html("the queue", status: .ok)
        case "/admin":
            try await authentication.require(.role("Portal.Admin"))
            return .html("admin", status: .ok)
        case "/api-page":
            let api = try #require(DownstreamAPI(baseURL: "https://api.example/v1", scopes: ["api://claims/Write"]))
            return .html(
                try await authentication.downstream(api).get("/claims", as: [String].self).joined(),
                status: .ok
            )
        case "/crash":
            throw CrashError()
        default:
            return web.answer(status: .notFound, for: authentication)
        }
    }

    /// Something an application throws.
    struct CrashError: Error {}
}

/// A browser: keeps cookies as servers set them, and says what browsers say.
final class Browser: Sendable {
    let app: SampleApp
    let cookies = Mutex<[String: String]>([:])

    init(_ app: SampleApp) {
        self.app = app
    }

    /// Follows a link.
    func get(_ path: String, _ extra: HTTPFields = [:], method: HTTPRequest.Method = .get) async -> Page {
        await send(method, path, extra, "")
    }

    /// Sends a form.
    func post(_ path: String, _ form: String, _ extra: HTTPFields = [.origin: "https://portal.example"]) async -> Page {
        var fields = extra
        if !fields.contains(.contentType) { fields[.contentType] = "application/x-www-form-urlencoded" }
        return await send(.post, path, fields, form)
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ extra: HTTPFields,
        _ body: String
    ) async -> Page {
        var fields: HTTPFields = [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"]
        for field in extra { fields[field.name] = field.value }
        let isCrossSite = extra[.secFetchSite] == "cross-site"
        let sent = cookies.withLock { $0 }.filter { !isCrossSite || method == .get || $0.key.contains("signin-") }
        fields[.cookie] = sent.isEmpty ? nil : sent.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        let head = HTTPRequest(
            method: method,
            scheme: "http",
            authority: "evil.example",
            path: path,
            headerFields: fields
        )
        let (answer, text) = await app.respond(to: head, body: Array(body.utf8))
        cookies.withLock { jar in
            for cookie in answer.headerFields[values: .setCookie] {
                let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
                let isGone = cookie.contains("Max-Age=0") || pair.count < 2
                jar[pair[0]] = isGone ? nil : pair[1]
            }
        }
        return Page(head: answer, body: text)
    }

    /// What came back.
    struct Page {
        let head: HTTPResponse
        let body: String
        var status: Int { head.status.code }
        var location: String { head.headerFields[.location] ?? "" }
        var setCookies: [String] { head.headerFields[values: .setCookie] }
        /// The token that the sample pages show.
        var csrfToken: String {
            String(body.split(separator: "csrf=").dropFirst().first?.prefix { $0 != ";" } ?? "")
        }
        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { head.headerFields[$0] } }
    }

    /// Starts a sign-in and lets the provider answer; the answer is not delivered yet.
    func startSignIn(returnTo: String = "/me") async -> (state: String, code: String) {
        let start = await get("/auth/sign-in?" + FormEncoding.encode([("return_to", returnTo)]))
        return app.provider.authorize(start.location)
    }

    /// Delivers an answer as the provider's page posts it, from another site.
    func deliver(_ answer: (state: String, code: String)) async -> Page {
        await post(
            "/auth/callback",
            "code=\(answer.code)&state=\(answer.state)",
            [.origin: "https://id.example", .secFetchSite: "cross-site", .secFetchMode: "navigate"]
        )
    }

    /// Signs in, all the way.
    @discardableResult
    func signIn(returnTo: String = "/me") async -> Page {
        await deliver(startSignIn(returnTo: returnTo))
    }
}
