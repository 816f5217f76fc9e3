// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore

/// Who waits for the answer: a person looking at a window, or a program.
enum Visitor: Sendable, Hashable {
    /// A browser going to a page: gets pages and redirects.
    case person
    /// A script, a `fetch`, another server: gets problem documents, never a redirect to a sign-in page.
    case program

    /// Decides from what browsers say about the request, then from what it accepts.
    init(_ head: HTTPRequest) {
        let fields = head.headerFields
        if fields[.secFetchMode]?.lowercased() == "navigate" {
            self = .person
        } else if let destination = fields[.secFetchDest]?.lowercased() {
            self = ["document", "iframe", "frame"].contains(destination) ? .person : .program
        } else if fields[.xRequestedWith]?.lowercased() == "xmlhttprequest" {
            self = .program
        } else {
            self = Self.prefersHTML(fields[.accept]) ? .person : .program
        }
    }

    /// True if HTML is named and liked at least as much as JSON.
    ///
    /// Browsers always name it, programs say "*/*".
    private static func prefersHTML(_ accept: String?) -> Bool {
        var html = 0.0
        var json = 0.0
        for range in (accept ?? "").lowercased().split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingSpaces() }
            guard let type = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            switch type {
            case "text/html", "application/xhtml+xml": html = max(html, weight)
            case "application/json", "application/problem+json": json = max(json, weight)
            default: continue
            }
        }
        return html > 0 && html >= json
    }
}
