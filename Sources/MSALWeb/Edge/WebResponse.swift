// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// An answer of this module, complete but for what ``WebAuthentication/finish(_:for:)`` adds.
public struct WebResponse: Sendable {
    /// Status and fields.
    public var head: HTTPResponse
    /// The body; empty for redirects and for HEAD.
    public var body: [UInt8]

    /// An answer with a status, fields and a body.
    public init(status: HTTPResponse.Status, headerFields: HTTPFields = [:], body: [UInt8] = []) {
        head = HTTPResponse(status: status, headerFields: headerFields)
        self.body = body
    }

    /// 303 to a place: the method becomes GET, whatever it was.
    static func seeOther(_ location: String) -> WebResponse {
        WebResponse(status: .seeOther, headerFields: [.location: location])
    }

    /// A page of HTML.
    static func html(_ text: String, status: HTTPResponse.Status) -> WebResponse {
        WebResponse(
            status: status,
            headerFields: [.contentType: "text/html; charset=utf-8"],
            body: Array(text.utf8)
        )
    }
}

extension HTTPField.Name {
    /// Where a fetch comes from: "same-origin", "same-site", "cross-site" or "none".
    static let secFetchSite = Self("Sec-Fetch-Site").unsafelyNamed
    /// How a fetch is made: "navigate", "cors" and so on.
    static let secFetchMode = Self("Sec-Fetch-Mode").unsafelyNamed
    /// What a fetch is for: "document", "empty", "image" and so on.
    static let secFetchDest = Self("Sec-Fetch-Dest").unsafelyNamed
    /// What JavaScript libraries set on their requests.
    static let xRequestedWith = Self("X-Requested-With").unsafelyNamed
    /// The token that proves that a page of ours sent the request.
    static let xCSRFToken = Self("X-CSRF-Token").unsafelyNamed
    /// Who may show a page in a frame, for old browsers.
    static let xFrameOptions = Self("X-Frame-Options").unsafelyNamed
    /// How much of the address goes along with a link.
    static let referrerPolicy = Self("Referrer-Policy").unsafelyNamed
    /// Windows of other sites keep no handle on ours.
    static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy").unsafelyNamed
    /// Which features of the browser a page may use.
    static let permissionsPolicy = Self("Permissions-Policy").unsafelyNamed
    /// A page to go to after a time.
    static let refresh = Self("Refresh").unsafelyNamed
}

extension HTTPField.Name? {
    /// A name written in this file: each of them is a valid token, so it is there.
    fileprivate var unsafelyNamed: HTTPField.Name {
        guard let self else { preconditionFailure("A field name in this file is not a token.") }
        return self
    }
}
