// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The bytes of a token file: a mark, the version of the format, and everything else sealed.
struct FileEnvelope: Sendable {
    /// Where the file is, for messages.
    let path: String
    /// The keys.
    let keys: KeyRing

    /// What every token file begins with.
    private static let mark = Array("msal-tok".utf8)
    /// The version of the format.
    private static let version: UInt8 = 1
    /// What the content is sealed for.
    private static let purpose = "file"
    /// Where the key's name stands in what is sealed, behind the version of the envelope.
    private static let keyID = 1..<5

    /// The bytes of a file.
    func seal(_ content: StoredPartitions) throws(AuthenticationError) -> [UInt8] {
        let sealed = try Sealer(keys: keys).seal(content.encoded(), purpose: Self.purpose)
        return Self.mark + [Self.version] + sealed
    }

    /// What a file holds; nil if it was altered or cut.
    ///
    /// - Throws: ``AuthenticationError`` if it is no token file, of a later format, or sealed with a key that is not there:
    ///   then nothing may be done to it.
    func open(_ bytes: [UInt8]) throws(AuthenticationError) -> StoredPartitions? {
        guard Self.mark.starts(with: bytes.prefix(Self.mark.count)) else {
            throw fault("is no token file. Give another path, or move it away.")
        }
        guard bytes.count > Self.mark.count else { return nil }
        guard bytes[Self.mark.count] == Self.version else {
            throw fault("was written by a later version of this library. Use that version, or another path.")
        }
        let sealed = Array(bytes.dropFirst(Self.mark.count + 1))
        guard sealed.count >= Self.keyID.upperBound else { return nil }
        guard keys.keys.contains(where: { $0.id == Array(sealed[Self.keyID]) }) else {
            throw fault("is sealed with a key that is not in the key ring. Add that key, or move the file away.")
        }
        return Sealer(keys: keys).open(sealed, purpose: Self.purpose).flatMap { StoredPartitions(decoding: $0) }
    }

    /// Why the file cannot be used.
    private func fault(_ what: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .storeUnavailable, "\"\(path)\" \(what)")
    }
}
