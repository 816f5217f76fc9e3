// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MSALCore
import MSALHummingbird
import MSALTesting
import Testing
import WebTestSupport

@testable import MSALWeb

/// The context of the sample application.
struct PortalContext: AuthenticatedRequestContext {
    var coreContext: CoreRequestContextStorage
    var authentication = RequestAuthentication()
    let portalName = "portal"

    init(source: Source) {
        coreContext = .init(source: source)
    }
}

/// A small application with sign-in.
struct Portal {
    let provider: ScriptedProvider
    let sessions = MemorySessionStore()
    let time = ManualTime()
    let web: WebAuthentication
    let logs = LogCollector()

    init() throws {
        provider = ScriptedProvider(time: time)
        let transport = provider.transport
        let url = try #require(PublicBaseURL("https://portal.example"))
        var configuration = ApplicationConfiguration(
            clientID: "client-1",
            authority: try .openIDConnect(issuer: "https://id.example"),
            credential: .secret(Secret("client-secret"))
        )
        // Each request is counted, and nobody moves the time on for a second try.
        configuration.retry = .never
        let application = try ConfidentialClientApplication(
            configuration: configuration,
            transport: transport,
            time: time
        )
        web = WebAuthentication(
            configuration: WebConfiguration(publicBaseURL: url, keys: KeyRing(.random())),
            application: application,
            transport: transport,
            sessions: sessions,
            time: time
        )
    }

    /// What the form of the sample holds.
    struct Note: Decodable {
        let note: String
    }

    /// An error that makes its own answer.
    struct OwnError: HTTPResponseError {
        let status = HTTPResponse.Status.conflict
        func response(from request: Request, context: some RequestContext) throws -> Response {
            Response(status: status, body: .init(byteBuffer: ByteBuffer(string: "own body")))
        }
    }

    /// An error nobody expects.
    struct Crash: Error {}

    /// The application.
    func application() -> some ApplicationProtocol {
        let router = Router(context: PortalContext.self)
        router.add(middleware: RequestLogMiddleware())
        router.addAuthentication(web)
        router.get("/") { _, _ in "front page" }
        router.get("http-error") { _, _ -> String in
            throw HTTPError(.init(code: 418), headers: [.retryAfter: "7"], message: "short & stout")
        }
        router.get("http-401") { _, _ -> String in throw HTTPError(.unauthorized) }
        router.get("crash") { _, _ -> String in throw Crash() }
        router.get("own-error") { _, _ -> String in throw OwnError() }
        router.post("open-note") { request, context in try await request.form(as: Note.self, context: context).note }
        router.get("query") { request, _ in try request.query(as: Note.self).note }
        router.get("guarded", require: .role("Claims.Adjuster")) { _, context in context.user.name }

        let people = router.require(.signedIn)
        people.get("me") { _, context in "\(context.user.name) of \(context.portalName)" }
        people.get("token") { _, context in context.authentication.csrfToken }
        people.post("note") { request, context in try await request.form(as: Note.self, context: context).note }
        people.get("profile") { _, context in
            try await context.acquireToken(scopes: ["api://claims/Read"]).scopes.joined(separator: " ")
        }

        let staff = router.group("queue").require(.role("Claims.Adjuster"))
        staff.get { _, _ in "the queue" }
        staff.get(":id") { _, context in try context.parameters.require("id") }
        return Application(router: router, logger: logs.logger)
    }

    /// Runs requests against the application.
    func test(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await application().test(.router, body)
    }

    /// The fields of a browser that is signed in, without a sign-in.
    func signedIn(roles: Set<AppRole>) async throws -> HTTPFields {
        let account = Account(
            homeAccountID: "a",
            environment: "id.example",
            tenantID: "",
            localAccountID: "a",
            username: "ada",
            name: "Ada"
        )
        let session = Session(
            account: account,
            user: UserKey(realm: "https://id.example", subject: "a"),
            name: "Ada",
            username: "ada",
            roles: roles,
            authenticatedAt: time.now,
            createdAt: time.now,
            csrfSecret: [UInt8](repeating: 7, count: 32)
        )
        let id = SessionID.random()
        let end = time.now.addingTimeInterval(3600)
        let record = SessionRecord(key: id.key, session: session, lastSeenAt: time.now, expiresAt: end)
        #expect(try await sessions.put(record, replacing: nil, at: time.now))
        return [.accept: "text/html", .cookie: "__Host-session=\(id.text)"]
    }
}
