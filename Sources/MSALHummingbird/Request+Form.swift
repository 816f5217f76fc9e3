// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import MSALWeb
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Request {
    /// The fields of a form, whatever the context's decoder reads.
    ///
    /// - Throws: `WebError` with `malformedRequest` (400) for anything but a form that fits the type, with
    ///   `tooLarge` (413) for one larger than the context takes.
    public func form<Value: Decodable>(as type: Value.Type, context: some RequestContext) async throws -> Value {
        let contentType = headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard contentType == "application/x-www-form-urlencoded" else {
            throw WebError(.malformedRequest, "The address takes forms only.")
        }
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: context.maxUploadSize)
        } catch is NIOTooManyBytesError {
            throw WebError(.tooLarge, "The form is too large.")
        }
        return try Self.decode(type, from: String(buffer: buffer))
    }

    /// The parameters of the query, with "+" read as a space.
    ///
    /// - Throws: `WebError` with `malformedRequest` (400) for a query that does not fit the type.
    public func query<Value: Decodable>(as type: Value.Type) throws -> Value {
        try Self.decode(type, from: uri.query ?? "")
    }

    /// Decodes form-encoded text; repeated and missing names are the sender's fault, not ours.
    private static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        do {
            return try URLEncodedFormDecoder().decode(type, from: text)
        } catch {
            let field = (error as? DecodingError).flatMap(Self.field) ?? ""
            let sentence = field.isEmpty ? "The form could not be read." : "The field \"\(field)\" is missing or wrong."
            throw WebError(.malformedRequest, sentence, underlying: error)
        }
    }

    /// The name of the field that a decoding error is about: ours, not the sender's.
    private static func field(_ error: DecodingError) -> String? {
        switch error {
        case .keyNotFound(let key, _): key.stringValue
        case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
            context.codingPath.last?.stringValue
        @unknown default: nil
        }
    }
}
