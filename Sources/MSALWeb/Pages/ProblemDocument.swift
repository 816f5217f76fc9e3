// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a program gets in place of a page: RFC 9457 problem details.
struct ProblemDocument: Sendable, Encodable {
    /// A short, constant name of the problem.
    let title: String
    /// The status, once more.
    let status: Int
    /// What happened this time.
    let detail: String?
    /// What finds this very event in the logs.
    let correlationID: String?
    /// Where a person has to be sent to sign in.
    let signInURL: String?

    /// Names of members as the RFC and our own extension spell them.
    private enum CodingKeys: String, CodingKey {
        case title, status, detail
        case correlationID = "correlation_id"
        case signInURL = "sign_in_url"
    }

    /// The document for a page that a person would see.
    init(_ page: WebPage, signInURL: String?) {
        title = page.status.reasonPhrase.isEmpty ? "Error" : page.status.reasonPhrase
        status = page.status.code
        detail = page.paragraphs.first
        correlationID = page.correlationID
        self.signInURL = signInURL
    }

    /// The document as JSON.
    func json() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and a number always encode.
        return (try? Array(encoder.encode(self))) ?? Array("{}".utf8)
    }
}
