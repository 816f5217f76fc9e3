// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
import MSALCore
import MSALEmulator
import Synchronization

/// A browser for tests: it keeps cookies, follows redirects and fills in forms, between an application and an emulator,
/// and touches no network.
public final class TestBrowser: Sendable {
    /// What answers requests to one origin.
    public typealias Site = @Sendable (_ request: HTTPRequest, _ body: [UInt8]) async throws -> TransportAnswer

    /// An answer of a site.
    public typealias TransportAnswer = (head: HTTPResponse, body: [UInt8])

    /// A page, after all redirects.
    public struct Page: Sendable {
        /// Where it is.
        public let url: String
        /// Its status.
        public let status: HTTPResponse.Status
        /// Its fields.
        public let fields: HTTPFields
        /// Its text.
        public let text: String
        /// Where each redirect on the way led.
        public let redirects: [String]

        /// The path, with the query.
        public var path: String {
            url.firstRange(of: "://").map { String(url[$0.upperBound...].drop { $0 != "/" }) } ?? url
        }

        /// The forms of the page.
        public var forms: [HTMLForm] { HTMLForm.all(in: text) }
    }

    /// Something a browser would not do.
    public struct Failure: Error, CustomStringConvertible {
        /// What it was.
        public let description: String
    }

    private let sites: [String: Site]
    private let origin: String
    private let jar = Mutex<[String: [String: String]]>([:])

    /// Creates a browser that knows an application and an emulator.
    ///
    /// - Parameters:
    ///   - origin: the application's origin.
    ///   - application: what answers for the application.
    ///   - platform: the emulator.
    public init(origin: String, application: @escaping Site, platform: EmulatedPlatform) {
        self.origin = origin
        sites = [
            origin: application,
            EmulatedPlatform.origin: { try await platform.emulator.respond(to: $0, body: $1) },
        ]
    }

    /// The cookies of the application.
    public var cookies: [String: String] {
        get { jar.withLock { $0[origin] ?? [:] } }
        set { jar.withLock { $0[origin] = newValue } }
    }

    /// Goes to a path of the application, or to an absolute URL.
    public func get(_ path: String, fields: HTTPFields = [:]) async throws -> Page {
        try await load(.get, absolute(path, from: origin + "/"), [], fields, from: nil)
    }

    /// Posts a form to a path of the application, as a page of its own would.
    public func post(_ path: String, _ form: [(String, String)], fields: HTTPFields = [:]) async throws -> Page {
        let body = Array(FormEncoding.encode(form).utf8)
        return try await load(.post, absolute(path, from: origin + "/"), body, fields, from: origin)
    }

    /// Fills in a form of a page and sends it.
    ///
    /// - Parameters:
    ///   - page: the page.
    ///   - index: which of its forms.
    ///   - values: what to fill in.
    /// - Returns: where that leads.
    /// - Throws: ``Failure`` when there is no such form.
    public func submit(_ page: Page, form index: Int = 0, _ values: [String: String] = [:]) async throws -> Page {
        guard page.forms.indices.contains(index) else { throw Failure(description: "\(page.url) has no form \(index)") }
        let form = page.forms[index]
        let pairs = form.fields.map { ($0.name, values[$0.name] ?? $0.value) }
        let extra = values.filter { value in !form.fields.contains { $0.name == value.key } }.map { ($0.key, $0.value) }
        let encoded = FormEncoding.encode(pairs + extra)
        let target = absolute(form.action.isEmpty ? page.url : form.action, from: page.url)
        guard form.isPost else {
            return try await load(
                .get,
                target.prefix { $0 != "?" } + "?" + encoded,
                [],
                [:],
                from: Self.origin(page.url)
            )
        }
        return try await load(.post, target, Array(encoded.utf8), [:], from: Self.origin(page.url))
    }

    /// Signs in on the emulator's pages, wherever they were met.
    ///
    /// - Parameters:
    ///   - page: the first page of the sign-in.
    ///   - account: the user name.
    ///   - password: the password.
    /// - Returns: the page that the application shows afterwards.
    /// - Throws: ``Failure`` when the pages are not those of a sign-in.
    public func signIn(_ page: Page, as account: String, password: String) async throws -> Page {
        let second = try await submit(page, ["loginfmt": account])
        var third = try await submit(second, ["passwd": password])
        // A form that posts itself where scripts run; here somebody has to.
        if Self.origin(third.url) == EmulatedPlatform.origin, let form = third.forms.first,
            Self.origin(form.action) == origin
        {
            third = try await submit(third)
        }
        return third
    }

    private func load(
        _ method: HTTPRequest.Method,
        _ url: String,
        _ body: [UInt8],
        _ fields: HTTPFields,
        from initiator: String?
    ) async throws -> Page {
        var (method, url, body) = (method, url, body)
        var redirects: [String] = []
        while true {
            guard redirects.count < 20 else { throw Failure(description: "redirected for ever: \(redirects)") }
            let (head, answer) = try await exchange(method, url, body, fields, initiator)
            guard [301, 302, 303, 307, 308].contains(head.status.code), let location = head.headerFields[.location]
            else {
                let text = String(decoding: answer, as: UTF8.self)
                return Page(
                    url: url,
                    status: head.status,
                    fields: head.headerFields,
                    text: text,
                    redirects: redirects
                )
            }
            url = absolute(location, from: url)
            redirects.append(url)
            if head.status.code < 307 { (method, body) = (.get, []) }
        }
    }

    private func exchange(
        _ method: HTTPRequest.Method,
        _ url: String,
        _ body: [UInt8],
        _ fields: HTTPFields,
        _ initiator: String?
    ) async throws -> TransportAnswer {
        guard let target = Self.origin(url), let site = sites[target], let colon = target.firstRange(of: "://") else {
            throw Failure(description: "there is nothing at \(url)")
        }
        let path = url.dropFirst(target.count).prefix { $0 != "#" }
        var request = HTTPRequest(
            method: method,
            scheme: String(target[..<colon.lowerBound]),
            authority: String(target[colon.upperBound...]),
            path: path.isEmpty ? "/" : String(path),
            headerFields: fields
        )
        let relation = initiator.map { $0 == target ? "same-origin" : "cross-site" } ?? "none"
        request.headerFields.setUnlessPresent(.accept, "text/html,application/xhtml+xml,*/*;q=0.8")
        request.headerFields.setUnlessPresent("sec-fetch-site", relation)
        request.headerFields.setUnlessPresent("sec-fetch-mode", "navigate")
        request.headerFields.setUnlessPresent("sec-fetch-dest", "document")
        if method == .post {
            request.headerFields[.contentType] = "application/x-www-form-urlencoded"
            request.headerFields.setUnlessPresent(.origin, initiator ?? target)
        }
        let cookies = jar.withLock { $0[target] ?? [:] }
        if !cookies.isEmpty {
            request.headerFields[.cookie] = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ")
        }
        let answer = try await site(request, body)
        keep(answer.head.headerFields[values: .setCookie], of: target)
        return answer
    }

    private func keep(_ cookies: [String], of origin: String) {
        jar.withLock { jar in
            for cookie in cookies {
                let parts = cookie.split(separator: ";").map { $0.trimmingSpaces() }
                guard let pair = parts.first?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false),
                    pair.count == 2
                else { continue }
                let isGone = parts.dropFirst().contains { $0.lowercased() == "max-age=0" }
                jar[origin, default: [:]][String(pair[0])] = isGone ? nil : String(pair[1])
            }
        }
    }

    private func absolute(_ reference: String, from base: String) -> String {
        if reference.contains("://") { return reference }
        if reference.hasPrefix("/") { return (Self.origin(base) ?? origin) + reference }
        let folder = base.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return folder.joined(separator: "/") + "/" + reference
    }

    private static func origin(_ url: String) -> String? {
        guard let start = url.firstRange(of: "://")?.upperBound else { return nil }
        return String(url[..<start] + url[start...].prefix { !"/?#".contains($0) })
    }
}

extension HTTPFields {
    fileprivate mutating func setUnlessPresent(_ name: HTTPField.Name, _ value: String) {
        if !contains(name) { self[name] = value }
    }

    fileprivate mutating func setUnlessPresent(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { setUnlessPresent(name, value) }
    }
}
