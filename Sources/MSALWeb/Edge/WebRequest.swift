// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Logging
import MSALCore

/// A request as this module sees it: the head, and the body when somebody asks for it.
///
/// A framework's layer makes one for each request. The scheme and authority in the head are not used for anything.
public struct WebRequest: Sendable {
    /// Method, path with query, and fields.
    public let head: HTTPRequest
    /// Where log lines about this request go.
    public let logger: Logger
    /// Collects the body, refusing more than a number of bytes.
    private let collect: @Sendable (_ maximumBytes: Int) async throws -> [UInt8]

    /// A request whose body is read on demand.
    ///
    /// - Parameters:
    ///   - head: Method, path with query, and fields.
    ///   - logger: Where log lines about this request go.
    ///   - body: Reads the whole body, and throws if it has more than the given number of bytes. It may be called
    ///     more than once, and answers the same each time.
    public init(
        head: HTTPRequest,
        logger: Logger,
        body: @escaping @Sendable (_ maximumBytes: Int) async throws -> [UInt8]
    ) {
        self.head = head
        self.logger = logger
        collect = body
    }

    /// A request with its body at hand.
    public init(head: HTTPRequest, logger: Logger, body: [UInt8] = []) {
        self.init(head: head, logger: logger) { maximumBytes in
            guard body.count <= maximumBytes else { throw WebError(.tooLarge, "The request is too large.") }
            return body
        }
    }

    /// The path without the query; "/" if there is none.
    var path: String {
        let target = head.path ?? "/"
        return String(target.prefix { $0 != "?" })
    }

    /// The query, without its question mark.
    var query: String? {
        guard let target = head.path, let mark = target.firstIndex(of: "?") else { return nil }
        return String(target[target.index(after: mark)...])
    }

    /// Where the person is, as a place to come back to.
    var location: LocalPath? { LocalPath(head.path ?? "/") }

    /// RFC 9110 §9.2.1: methods that ask for no change.
    var isSafe: Bool {
        head.method == .get || head.method == .head || head.method == .options || head.method == .trace
    }

    /// True for a body in the form encoding of HTML.
    var hasForm: Bool {
        let type = head.headerFields[.contentType]?.prefix { $0 != ";" } ?? ""
        return type.trimmingSpaces().lowercased() == "application/x-www-form-urlencoded"
    }

    /// The body, of at most `maximumBytes`.
    ///
    /// - Throws: ``WebError`` with `tooLarge`.
    func body(maximumBytes: Int) async throws -> [UInt8] {
        if let length = head.headerFields[.contentLength].flatMap({ Int($0) }), length > maximumBytes {
            throw WebError(.tooLarge, "What was sent is too large.")
        }
        do {
            return try await collect(maximumBytes)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw WebError(.tooLarge, "What was sent could not be read, or is too large.", underlying: error)
        }
    }

    /// The fields of a form body of at most `maximumBytes`.
    ///
    /// - Throws: ``WebError`` with `malformedRequest` or `tooLarge`.
    func form(maximumBytes: Int) async throws -> FormFields {
        let bytes = try await body(maximumBytes: maximumBytes)
        guard let fields = FormFields(parsing: bytes) else {
            throw WebError(.malformedRequest, "The form could not be read.")
        }
        return fields
    }
}
