// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct ServiceClientTests {
    private let secret = "s3cret-body-text"

    private func client(_ transport: ScriptedTransport) -> ServiceClient {
        ServiceClient(transport: transport, timeout: .seconds(30), time: ManualTime(), logger: .silent)
    }

    /// An answer that cannot be used, and what is said of it.
    struct BadAnswer: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int
        var contentType: String?
        var body: [UInt8]
        var kind: AuthenticationError.Kind
        var code: AuthenticationError.Code

        init(
            _ name: String,
            _ status: Int,
            _ contentType: String?,
            _ body: String,
            _ code: AuthenticationError.Code,
            _ kind: AuthenticationError.Kind = .rejectedResponse
        ) {
            self.name = name
            self.status = status
            self.contentType = contentType
            self.body = Array(body.utf8)
            self.kind = kind
            self.code = code
        }

        var testDescription: String { name }
    }

    private static let json = "application/json"

    static let badAnswers = [
        BadAnswer("HTML", 200, "text/html", "<html>s3cret-body-text</html>", .contentType),
        BadAnswer("HTML that says it is JSON", 200, json, "<html>s3cret-body-text</html>", .malformedDocument),
        BadAnswer("HTML with an error", 400, "text/html", "<h1>s3cret-body-text</h1>", .contentType),
        BadAnswer("no content type", 200, nil, #"{"access_token":"s3cret-body-text"}"#, .contentType),
        BadAnswer("empty content type", 200, "", #"{"access_token":"s3cret-body-text"}"#, .contentType),
        BadAnswer("text", 200, "text/json", #"{"access_token":"s3cret-body-text"}"#, .contentType),
        BadAnswer("a script", 200, "application/javascript", #"f({"a":"s3cret-body-text"})"#, .contentType),
        BadAnswer("nothing", 200, json, "", .malformedDocument),
        BadAnswer("nothing at all", 204, nil, "", .contentType),
        BadAnswer("cut off", 200, json, #"{"access_token":"s3cret-body-text"#, .malformedDocument),
        BadAnswer("cut off after a member", 400, json, #"{"error":"s3cret-body-text","#, .malformedDocument),
        BadAnswer("a list", 200, json, #"["s3cret-body-text"]"#, .malformedDocument),
        BadAnswer("a text", 200, json, #""s3cret-body-text""#, .malformedDocument),
        BadAnswer("a number", 200, json, "7", .malformedDocument),
        BadAnswer("null", 200, json, "null", .malformedDocument),
        BadAnswer("two documents", 200, json, #"{"a":"s3cret-body-text"}{}"#, .malformedDocument),
        BadAnswer("a member twice", 200, json, #"{"s3cret-body-text":1,"s3cret-body-text":2}"#, .malformedDocument),
        BadAnswer("a comment", 200, json, #"{/* s3cret-body-text */}"#, .malformedDocument),
        BadAnswer("a byte order mark", 200, json, "\u{FEFF}{\"a\":\"s3cret-body-text\"}", .malformedDocument),
        BadAnswer("too deep", 200, json, String(repeating: #"{"s3cret-body-text":"#, count: 200), .malformedDocument),
        BadAnswer("huge", 200, json, huge, .responseTooLarge),
        BadAnswer("huge with a fault", 503, json, huge, .responseTooLarge),
        BadAnswer("a redirect", 302, "text/html", "s3cret-body-text", .redirected),
        BadAnswer("too many requests", 429, "text/html", "s3cret-body-text", .tooManyRequests, .throttled),
        BadAnswer("a fault", 500, json, #"{"error":"s3cret-body-text"}"#, .unexpectedStatus, .transient),
        BadAnswer("a gateway's page", 502, "text/html", "<h1>s3cret-body-text</h1>", .unexpectedStatus, .transient),
        BadAnswer("a status of no kind", 999, nil, "s3cret-body-text", .unexpectedStatus, .transient),
    ]

    private static let huge = #"{"a":"s3cret-body-text"# + String(repeating: "x", count: 1 << 20) + #""}"#

    @Test(arguments: badAnswers)
    func anAnswerThatCannotBeUsedIsATypedErrorWithoutItsText(_ bad: BadAnswer) async throws {
        let transport = UnboundedTransport { _ in
            var head = HTTPResponse(status: HTTPResponse.Status(code: bad.status))
            head.headerFields[.contentType] = bad.contentType
            head.headerFields[.location] = "https://evil.example/s3cret-body-text"
            return TransportResponse(head: head, body: bad.body)
        }
        let client = ServiceClient(transport: transport, timeout: .seconds(30), time: ManualTime(), logger: .silent)
        let endpoint = try #require(Endpoint("https://login.example/t/token"))
        for error in [
            await authenticationError { try await client.post([("a", "b")], to: endpoint, correlationID: "c-1") },
            await authenticationError { try await client.get(endpoint, correlationID: "c-1") },
        ] {
            let error = try #require(error)
            #expect(error.kind == bad.kind && error.code == bad.code)
            #expect(error.httpStatus == bad.status)
            #expect(error.correlationID == "c-1")
            #expect(error.message.contains("login.example") && error.message.hasSuffix("."))
            #expect(!"\(error)".contains(secret) && !error.message.contains(secret))
            #expect(error.serverDescription == nil && error.claims == nil)
        }
    }

    @Test func notUTF8IsNoJSON() async throws {
        let transport = ScriptedTransport { _ in
            var response = TransportResponse.json("{}")
            response.body = Array(#"{"a":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
            return response
        }
        let endpoint = try #require(Endpoint("https://login.example/t"))
        let error = await authenticationError { try await client(transport).get(endpoint, correlationID: "c-1") }
        #expect(error?.code == .malformedDocument && error?.httpStatus == 200)
    }

    @Test(arguments: [
        (
            TransportError.unreachable("s3cret-body-text"), AuthenticationError.Kind.transient,
            AuthenticationError.Code.unreachable
        ),
        (.notConnected("s3cret-body-text"), .transient, .unreachable), (.timedOut, .transient, .unreachable),
        (.tls("s3cret-body-text"), .transient, .unreachable), (.responseTooLarge, .rejectedResponse, .responseTooLarge),
        (.insecure, .misconfigured, .authorityInvalid),
    ])
    func noAnswerIsATypedErrorToo(
        _ failure: TransportError,
        _ kind: AuthenticationError.Kind,
        _ code: AuthenticationError.Code
    ) async throws {
        let transport = ScriptedTransport { _ in throw failure }
        let endpoint = try #require(Endpoint("https://login.example/t"))
        let error = await authenticationError { try await client(transport).get(endpoint, correlationID: "c-1") }
        #expect(error?.kind == kind && error?.code == code && error?.correlationID == "c-1")
        #expect(error?.httpStatus == nil && error?.message.contains(secret) == false)
    }

    @Test(arguments: [
        "invalid_grant", "a b", "", "x\r\ny", "<script>", String(repeating: "x", count: 65), "ä", "\"", "\\",
    ])
    func anErrorCodeThatIsNoWordIsNotRepeated(_ code: String) async throws {
        let text = String(decoding: JSONValue.object(["error": .string(code)]).serialized(), as: UTF8.self)
        let transport = ScriptedTransport { _ in .json(text, status: .badRequest) }
        let endpoint = try #require(Endpoint("https://login.example/t"))
        let answer = try await client(transport).get(endpoint, correlationID: "c")
        let error = ServerError(answer).error(correlationID: "c")
        #expect(error.serverCode == code)
        #expect(error.message.contains("'\(code)'") == ["invalid_grant", "<script>"].contains(code))
        #expect(error.message.utf8.count < 200)
    }

    @Test func membersOfTheWrongTypeCountAsMissing() async throws {
        let body =
            #"{"error":7,"error_description":[],"error_codes":{"a":1},"suberror":1,"claims":{},"correlation_id":null}"#
        let transport = ScriptedTransport { _ in .json(body, status: .badRequest) }
        let endpoint = try #require(Endpoint("https://login.example/t"))
        let error = ServerError(try await client(transport).get(endpoint, correlationID: "c")).error(correlationID: "c")
        #expect(error.serverCode == "unknown_error" && error.correlationID == "c" && error.httpStatus == 400)
        #expect(error.serverDescription == nil && error.aadstsCodes.isEmpty && error.claims == nil)
    }

    @Test func furtherFieldsGoAlongAndReplaceNoneOfOurs() async throws {
        let transport = ScriptedTransport { _ in .json("{}") }
        let endpoint = try #require(Endpoint("https://login.example/t"))
        var fields = ClientFields(applicationName: "portal").fields
        fields[.accept] = "text/html"
        _ = try await client(transport).post([], to: endpoint, correlationID: "c", fields: fields)
        let sent = try #require(transport.requests.first).head.headerFields
        #expect(sent[.accept] == "application/json" && sent[.clientRequestID] == "c")
        #expect(sent[.applicationName] == "portal" && sent[.clientSKU] == "MSAL.Swift")
    }
}

/// A transport that does not keep to the bound of a request.
private struct UnboundedTransport: HTTPTransport {
    let answer: @Sendable (TransportRequest) -> TransportResponse

    init(_ answer: @escaping @Sendable (TransportRequest) -> TransportResponse) {
        self.answer = answer
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        answer(request)
    }
}
