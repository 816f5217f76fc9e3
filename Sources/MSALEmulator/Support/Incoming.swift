// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// A request as the endpoints see it: read whole, with nothing decoded that was not asked for.
struct Incoming: Sendable {
    /// How many bytes a body may have.
    static let bodyLimit = 65_536

    /// The method.
    let method: HTTPRequest.Method
    /// The headers.
    let headers: HTTPFields
    /// The query.
    let query: Parameters
    /// The body.
    let body: [UInt8]
    /// The first segment of the path.
    let tenantName: String
    /// The segment that names a person, still encoded; empty where the route has none.
    let userName: String
    /// What addresses in the answer start with.
    let base: BaseURL
    /// What names the request.
    var trace: Trace

    /// The form in the body.
    func form() throws(PlatformError) -> Parameters {
        let type = headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        guard type?.trimmingSuffix(while: \.isWhitespace) == "application/x-www-form-urlencoded" else {
            throw .malformed("The body must be of type application/x-www-form-urlencoded.")
        }
        guard let text = String(validating: body, as: UTF8.self) else { throw .malformed("The body is not UTF-8.") }
        let form = Parameters(decoding: text)
        guard !form.isMalformed else { throw .malformed("The body cannot be decoded.") }
        return form
    }

    /// The tenant segment of the path.
    func segment(in directory: Directory) throws(PlatformError) -> TenantSegment {
        guard let segment = TenantSegment(tenantName, in: directory) else { throw .tenantUnknown(tenantName) }
        return segment
    }

    /// The value of a cookie, the first of its name.
    func cookie(_ name: String) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard halves.count == 2, halves[0].drop(while: { $0 == " " }) == name else { continue }
                return String(halves[1])
            }
        }
        return nil
    }

    /// Takes the client's name for the request from a parameter, where the header is missing.
    mutating func takeCorrelationID(from parameters: Parameters) {
        guard headers[.clientRequestID] == nil,
            let id = parameters["client-request-id"].flatMap({ GUID($0) })
        else { return }
        trace.correlationID = id
    }
}

extension String {
    /// The text without trailing characters of a kind.
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var text = self[...]
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
