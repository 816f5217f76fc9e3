// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// One encapsulated block of a PEM text (RFC 7468 §2).
struct PEMBlock {
    /// What stands after `BEGIN`.
    var label: String
    /// Whether the content is encrypted in the way of old, which the block's own header says (RFC 1421 §4.6.1.1).
    var isLegacyEncrypted = false
    /// The content, decoded.
    var bytes: [UInt8] = []

    /// All blocks of a text; nil where one has no end or is not base64.
    ///
    /// What stands around the blocks is passed over: tools write bag attributes and readable summaries there.
    static func all(in text: String) -> [PEMBlock]? {
        var blocks: [PEMBlock] = []
        var open: (block: PEMBlock, content: String)?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingSpaces()
            guard var (block, content) = open else {
                open = label(line, after: begin).map { (PEMBlock(label: $0), "") }
                continue
            }
            if let label = label(line, after: end) {
                guard label == block.label, let bytes = Base64.decode(content), !bytes.isEmpty else { return nil }
                block.bytes = bytes
                blocks.append(block)
                open = nil
            } else if line.contains(":") {
                block.isLegacyEncrypted = block.isLegacyEncrypted || line.hasSuffix("ENCRYPTED")
                open = (block, content)
            } else {
                content += line
                open = (block, content)
            }
        }
        return open == nil ? blocks : nil
    }

    /// What a line says before its label.
    private static let begin = "-----BEGIN "
    private static let end = "-----END "

    /// The label of a boundary; nil for another line.
    private static func label(_ line: String, after mark: String) -> String? {
        let dashes = "-----"
        // Editors on Windows put a byte order mark before the first line.
        let line = line.first == "\u{FEFF}" ? line.dropFirst() : line[...]
        guard line.hasPrefix(mark), line.hasSuffix(dashes), line.count >= mark.count + dashes.count else { return nil }
        return String(line.dropFirst(mark.count).dropLast(dashes.count))
    }
}
