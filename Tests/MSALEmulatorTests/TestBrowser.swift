// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Synchronization
import Testing

/// A browser without script: it keeps cookies, reads forms, and follows only what it is told to.
final class TestBrowser: Sendable {
    /// What it talks to.
    let emulator: Emulator
    /// What addresses start with.
    let base: String
    /// Name and value of its cookies.
    private let cookies = Mutex<[String: String]>([:])

    /// Opens a browser.
    init(_ emulator: Emulator, base: String = "http://localhost:8400") {
        self.emulator = emulator
        self.base = base
    }

    /// An answer.
    struct Page {
        /// Status and headers.
        let head: HTTPResponse
        /// The body.
        let body: [UInt8]

        /// The status code.
        var status: Int { head.status.code }
        /// The body as a text.
        var text: String { String(decoding: body, as: UTF8.self) }
        /// The body as JSON.
        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
        /// Where a redirect leads.
        var location: String { head.headerFields[.location] ?? "" }
        /// The parameters a redirect carries, by query or fragment.
        var answer: [String: String] {
            let parts = location.split(separator: "?", maxSplits: 1)
            let query = parts.count == 2 ? parts[1] : location.split(separator: "#", maxSplits: 1).last ?? ""
            return TestForm.decode(String(query.split(separator: "#").first ?? ""))
        }
    }

    /// Sends a request with the cookies, and keeps those of the answer.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        form: [(String, String)]? = nil,
        body: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Page {
        let url = path.hasPrefix("/") ? base + path : path
        let scheme = url.hasPrefix("https") ? "https" : "http"
        let rest = url.dropFirst(scheme.count + 3)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var request = HTTPRequest(
            method: method,
            scheme: scheme,
            authority: String(rest[..<slash]),
            path: String(rest[slash...]),
            headerFields: headers
        )
        let jar = cookies.withLock { $0 }
        if !jar.isEmpty {
            request.headerFields[.cookie] = jar.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        }
        let text = form.map { TestForm.encode($0) } ?? body ?? ""
        if form != nil { request.headerFields[.contentType] = "application/x-www-form-urlencoded" }
        let (head, bytes) = try await emulator.respond(to: request, body: Array(text.utf8))
        for cookie in head.headerFields[values: .setCookie] {
            let pair = (cookie.split(separator: ";").first ?? "").split(separator: "=", maxSplits: 1)
            cookies.withLock { $0[String(pair[0])] = String(pair[1]) }
        }
        return Page(head: head, body: bytes)
    }

    /// Opens a page.
    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Page {
        try await send(.get, path, headers: headers)
    }

    /// Sends a form.
    func post(_ path: String, _ form: [(String, String)], headers: HTTPFields = [:]) async throws -> Page {
        try await send(.post, path, form: form, headers: headers)
    }

    /// Fills in the form of a page and presses a button.
    func submit(_ page: Page, _ fields: [String: String], action: String?) async throws -> Page {
        let form = try #require(TestForm(page.text))
        var values = form.fields
        values.merge(fields) { _, new in new }
        if let action { values["action"] = action }
        return try await post(form.action, values.map { ($0.key, $0.value) })
    }

    /// Goes through both sign-in pages.
    func signIn(_ page: Page, as name: String, password: String) async throws -> Page {
        let second = try await submit(page, ["loginfmt": name], action: "username")
        return try await submit(second, ["passwd": password], action: "password")
    }

    /// Forgets all cookies.
    func forget() { cookies.withLock { $0 = [:] } }
}

/// The first form of a page, read the way a browser would.
struct TestForm {
    /// Where it goes.
    let action: String
    /// Its fields.
    let fields: [String: String]

    /// Finds the form.
    init?(_ html: String) {
        guard let form = html.firstRange(of: "<form ") else { return nil }
        let rest = html[form.lowerBound...]
        let end = rest.firstRange(of: "</form>")?.lowerBound ?? rest.endIndex
        let text = String(rest[..<end])
        action = Self.attribute("action", text) ?? ""
        var fields: [String: String] = [:]
        for input in text.components(separatedBy: "<input ").dropFirst() {
            let tag = String(input.prefix { $0 != ">" })
            if let name = Self.attribute("name", tag) { fields[name] = Self.attribute("value", tag) ?? "" }
        }
        self.fields = fields
    }

    /// The value of an attribute, its entities read.
    static func attribute(_ name: String, _ text: String) -> String? {
        guard let start = text.firstRange(of: "\(name)=\"") else { return nil }
        let value = text[start.upperBound...].unicodeScalars.prefix { $0 != "\"" }
        return String(value)
            .replacingOccurrences(of: "&quot;", with: "\"", options: .literal).replacingOccurrences(
                of: "&#39;",
                with: "'",
                options: .literal
            )
            .replacingOccurrences(of: "&lt;", with: "<", options: .literal).replacingOccurrences(
                of: "&gt;",
                with: ">",
                options: .literal
            )
            .replacingOccurrences(of: "&amp;", with: "&", options: .literal)
    }

    /// Form-encodes.
    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    }

    /// Percent-encodes all but letters, digits and a few marks.
    static func escape(_ text: String) -> String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    /// Decodes.
    static func decode(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count == 2 ? String(halves[1]) : ""
            values[String(halves[0])] = value.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? ""
        }
        return values
    }
}
