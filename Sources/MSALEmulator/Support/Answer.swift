// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import MSALJWT
import NIOCore

/// What an endpoint answers.
struct Answer: Sendable, ResponseGenerator {
    /// The status.
    var status: HTTPResponse.Status
    /// The headers, length and trace left out.
    var headers: HTTPFields
    /// The body.
    var body: [UInt8]

    /// An answer in full.
    init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A JSON answer.
    static func json(_ json: OrderedJSON, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: json.serialized()
        )
    }

    /// A plain text.
    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Answer {
        Answer(status: .ok, headers: [.contentType: type], body: Array(text.utf8))
    }

    /// A redirect: 302 after a GET, 303 after a POST, so that no form is ever sent on (RFC 9700 §4.12).
    static func redirect(to location: String, after method: HTTPRequest.Method) -> Answer {
        Answer(
            status: method == .post ? .seeOther : .found,
            headers: [.location: location, .referrerPolicy: "no-referrer"]
        )
        .notStored()
    }

    /// The answer, never to be stored.
    func notStored() -> Answer {
        adding([.cacheControl: "no-store, no-cache", .pragma: "no-cache", .expires: "-1"])
    }

    /// The answer with more headers.
    func adding(_ more: HTTPFields) -> Answer {
        var answer = self
        for field in more { answer.headers.append(field) }
        return answer
    }

    /// The answer with a cookie.
    func setting(_ cookie: String?) -> Answer {
        guard let cookie else { return self }
        return adding([.setCookie: cookie])
    }

    /// The answer as the framework's type.
    func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// A JSON object whose members keep the order they were written in.
struct OrderedJSON: Sendable {
    /// The members.
    private(set) var members: [(name: String, value: JSONValue)] = []

    /// Starts with some members; null ones are left out.
    init(_ members: KeyValuePairs<String, JSONValue?> = [:]) {
        for (name, value) in members { append(name, value) }
    }

    /// Adds a member, unless it has no value.
    mutating func append(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        members.append((name, value))
    }

    /// The text, without white space.
    func serialized() -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += JSONValue.string(member.name).serialized()
            bytes.append(UInt8(ascii: ":"))
            bytes += member.value.serialized()
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
