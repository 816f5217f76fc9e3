// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension KeyRing {
    /// The keys of a file that its owner alone may read; where there is none, one is made with a random key.
    ///
    /// A key is a line: 32 bytes in base64. The first key seals. Empty lines, and those that begin with `#`, are passed
    /// over. Processes that start at once end up with the same key.
    ///
    /// - Parameter path: where the file is or shall be; its folder is made too.
    /// - Returns: a ring of its keys.
    /// - Throws: ``AuthenticationError`` of kind `misconfigured` if others may read the file, or if a line is no key.
    public static func file(at path: String) throws(AuthenticationError) -> KeyRing {
        if let ring = try existing(at: path) { return ring }
        try PrivateFile.makeFolder(PrivateFile.folder(of: path))
        try create(at: path)
        guard let ring = try existing(at: path) else {
            throw fault(path, "was there and is gone. Let nobody remove it.")
        }
        return ring
    }

    /// The keys of a file; nil if there is none.
    private static func existing(at path: String) throws(AuthenticationError) -> KeyRing? {
        // Secrets that a platform mounts are often symbolic links: those are followed.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileFailure.error("open", path)
        }
        defer { close(descriptor) }
        guard try PrivateFile.status(of: descriptor, path).mode & 0o077 == 0 else {
            throw fault(path, "holds keys and can be read by others. Run: chmod 600 '\(path)'")
        }
        let bytes = try PrivateFile.bytes(of: descriptor, upTo: 1 << 16, path)
        var keys: [SealingKey] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.filter { $0 > 0x20 }
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            guard let key = SealingKey(base64: String(decoding: text, as: UTF8.self)) else {
                throw fault(path, "has no key in line \(index + 1). A key is 32 bytes in base64, a line each.")
            }
            keys.append(key)
        }
        guard let first = keys.first else {
            throw fault(path, "holds no key. Put one in, 32 bytes in base64, or remove the file to have one made.")
        }
        return KeyRing(first, opening: Array(keys.dropFirst()))
    }

    /// Makes a file with a random key, unless another process does so first.
    private static func create(at path: String) throws(AuthenticationError) {
        let draft = "\(path).\(Randomness.system.token(byteCount: 9))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure.error("create", draft) }
        defer { unlink(draft) }
        let line = Base64.encode(Randomness.system.bytes(32)) + "\n"
        _ = try PrivateFile.fill(descriptor, with: Array(line.utf8), draft)
        // A link appears whole or not at all, and not where there is something: the first process wins.
        guard link(draft, path) == 0 || errno == EEXIST else { throw FileFailure.error("create", path) }
        try PrivateFile.synchronizeFolder(PrivateFile.folder(of: path))
    }

    /// Why a key file cannot be used.
    private static func fault(_ path: String, _ what: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .configurationInvalid, "\"\(path)\" \(what)")
    }
}
