// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// An answer of the platform that is not the one hoped for.
struct PlatformError: Error, Sendable {
    /// The AADSTS number.
    let code: Int
    /// The OAuth error.
    let error: String
    /// The sentence after the number.
    let text: String
    /// What clients may act on, besides the error.
    var suberror: String?
    /// What to ask of the authorization endpoint, as JSON, to be sent there unchanged.
    var claims: String?
    /// What the authorization endpoint adds, such as `cancel`.
    var subcode: String?
    /// Whether `/error?code=` knows the number, so that `error_uri` is sent.
    var hasPage = false
    /// The status at the token endpoint.
    var status: HTTPResponse.Status = .badRequest

    /// The whole description, in the characters RFC 6749 §5.2 allows.
    func description(_ trace: Trace) -> String {
        let text =
            "AADSTS\(code): \(text) Trace ID: \(trace.traceID) Correlation ID: \(trace.correlationID) "
            + "Timestamp: \(trace.timestamp)"
        return Self.printable(text)
    }

    /// The JSON body.
    func json(_ trace: Trace, base: BaseURL) -> OrderedJSON {
        OrderedJSON([
            "error": .string(error),
            "error_description": .string(description(trace)),
            "error_codes": .array([.integer(Int64(code))]),
            "timestamp": .string(trace.timestamp),
            "trace_id": .string(trace.traceID.text),
            "correlation_id": .string(trace.correlationID.text),
            "error_uri": hasPage ? .string(uri(base)) : JSONValue?.none,
            "suberror": suberror.map { .string($0) },
            "claims": claims.map { .string($0) },
        ])
    }

    /// The address of the page about the number.
    func uri(_ base: BaseURL) -> String { "\(base)/error?code=\(code)" }

    /// A value of the request, short enough and harmless to be quoted in a sentence.
    static func quoted(_ value: String) -> String {
        printable(String(decoding: value.utf8.prefix(200), as: UTF8.self))
    }

    /// Replaces everything outside `%x20-21 / %x23-5B / %x5D-7E`.
    private static func printable(_ text: String) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isAllowed = (0x20...0x7e).contains(scalar.value) && scalar != "\"" && scalar != "\\"
            printable.append(isAllowed ? scalar : scalar == "\"" ? "'" : "?")
        }
        return String(printable)
    }
}
