// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Reads JSON as the MSALs write it into their caches: the standard's, but with a byte order mark before it and commas
/// before closing brackets, which some of them leave.
///
/// It points into bytes that it does not own: ``read(_:_:)`` is the only way to one, and it lives no longer than that call.
/// Every byte it looks at lies below `count`.
struct CacheJSONReader {
    /// The first byte of the document.
    let start: UnsafePointer<UInt8>
    /// How many bytes the document has.
    let count: Int
    /// Where the next byte to be read is.
    var position = 0

    /// How many objects and lists may lie in one another.
    static let greatestDepth = 64
    /// The largest document that is read.
    static let greatestSize = 1 << 30

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - body: what reads it, from the first byte behind white space to where it ends.
    /// - Returns: what `body` returns.
    /// - Throws: ``AuthenticationError`` with the code `cacheMalformed` when it is no JSON or goes on behind its end.
    static func read<Result>(
        _ bytes: [UInt8],
        _ body: (inout CacheJSONReader) throws(CacheScanFault) -> Result
    ) throws(AuthenticationError) -> Result {
        guard bytes.count <= greatestSize else {
            throw CacheScanFault.malformed("it is larger than a gigabyte")
        }
        do throws(CacheScanFault) {
            return try bytes.withUnsafeBufferPointer { (buffer) throws(CacheScanFault) -> Result in
                guard let start = buffer.baseAddress else { throw CacheScanFault(.tooEarly, at: 0) }
                var reader = CacheJSONReader(start: start, count: buffer.count)
                if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
                reader.skipWhiteSpace()
                let result = try body(&reader)
                reader.skipWhiteSpace()
                guard reader.position == reader.count else { throw reader.unexpected() }
                return result
            }
        } catch {
            throw error.authenticationError
        }
    }

    /// The byte at the position, or 0 (which begins nothing) at the end.
    func peek() -> UInt8 {
        position < count ? start[position] : 0
    }

    /// Eight bytes from a place on, all of which must lie in the document.
    func word(at place: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(start + place).loadUnaligned(as: UInt64.self))
    }

    /// Some of the document's bytes.
    func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start + range.lowerBound, count: range.count)
    }

    /// Moves over spaces, tabs and line ends.
    mutating func skipWhiteSpace() {
        while position < count {
            let byte = start[position]
            guard byte <= 0x20 else { return }
            if byte == 0x20, position &+ 8 <= count, word(at: position) == 0x2020_2020_2020_2020 {
                position &+= 8
                continue
            }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position &+= 1
        }
    }

    /// Steps over the byte that opens a list or an object, if nesting allows.
    mutating func enter(depth: Int) throws(CacheScanFault) {
        guard depth <= Self.greatestDepth else { throw CacheScanFault(.tooDeep, at: position) }
        position &+= 1
    }

    /// Moves to the value of an object's next member.
    ///
    /// - Parameter isFirst: whether only the opening brace was passed so far.
    /// - Returns: the member's name; nil when the closing brace was passed instead.
    /// - Throws: ``CacheScanFault`` when something else stands there.
    mutating func nextName(_ isFirst: inout Bool) throws(CacheScanFault) -> CacheText? {
        guard try nextElement(&isFirst, before: .closeBrace) else { return nil }
        guard peek() == .quote else { throw unexpected() }
        let name = try scanText()
        skipWhiteSpace()
        guard peek() == .colon else { throw unexpected() }
        position &+= 1
        skipWhiteSpace()
        return name
    }

    /// Moves to the next element of a list or an object; false when its closing byte was passed instead.
    mutating func nextElement(_ isFirst: inout Bool, before closing: UInt8) throws(CacheScanFault) -> Bool {
        skipWhiteSpace()
        if isFirst {
            isFirst = false
        } else if peek() != closing {
            guard peek() == .comma else { throw unexpected() }
            position &+= 1
            skipWhiteSpace()
        }
        guard peek() == closing else { return true }
        position &+= 1
        return false
    }

    /// Moves over a value of any kind.
    ///
    /// - Parameter depth: how deep it lies: 1 for the document itself.
    /// - Throws: ``CacheScanFault`` where it is no JSON.
    mutating func skipValue(depth: Int) throws(CacheScanFault) {
        switch peek() {
        case .quote:
            _ = try scanText()
        case .openBrace:
            try enter(depth: depth)
            var isFirst = true
            while try nextName(&isFirst) != nil { try skipValue(depth: depth &+ 1) }
        case .openBracket:
            try enter(depth: depth)
            var isFirst = true
            while try nextElement(&isFirst, before: .closeBracket) { try skipValue(depth: depth &+ 1) }
        default:
            try skipScalar()
        }
    }

    /// Moves over a value and writes it without white space and spare commas, so that the strictest reader takes it.
    ///
    /// - Parameters:
    ///   - depth: how deep it lies.
    ///   - output: where to write it.
    /// - Throws: ``CacheScanFault`` where it is no JSON.
    mutating func copyValue(depth: Int, to output: inout [UInt8]) throws(CacheScanFault) {
        let byte = peek()
        guard byte == .openBrace || byte == .openBracket else {
            let begin = position
            try skipValue(depth: depth)
            output.append(contentsOf: bytes(begin..<position))
            return
        }
        try enter(depth: depth)
        output.append(byte)
        var isFirst = true
        var separates = false
        while true {
            if byte == .openBrace {
                guard let name = try nextName(&isFirst) else { break }
                if separates { output.append(.comma) }
                output.append(contentsOf: bytes(name.start - 1..<name.end + 1))
                output.append(.colon)
            } else {
                guard try nextElement(&isFirst, before: .closeBracket) else { break }
                if separates { output.append(.comma) }
            }
            separates = true
            try copyValue(depth: depth &+ 1, to: &output)
        }
        output.append(byte == .openBrace ? .closeBrace : .closeBracket)
    }

    /// The fault of whatever stands at the position.
    func unexpected() -> CacheScanFault {
        CacheScanFault(position < count ? .unexpected : .tooEarly, at: min(position, count))
    }
}
