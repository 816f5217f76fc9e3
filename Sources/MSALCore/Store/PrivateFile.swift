// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that its owner alone may read, replaced as a whole or not at all.
struct PrivateFile: Sendable {
    /// Where it is.
    let path: String

    /// What tells one writing of the file from another without reading all of it.
    struct Identity: Sendable, Equatable {
        /// Device and inode, size, and the time of the last change in seconds and nanoseconds.
        var status: [Int64]
        /// The first bytes: an inode, a size and a time can come back within one tick of the clock, a random nonce cannot.
        var front: [UInt8]
    }

    /// How many bytes of the front tell one writing from another.
    private static let frontLength = 64

    /// Where a new version is written before it takes the file's place.
    var replacementPath: String { path + ".new" }

    /// The folder that holds it.
    var folder: String { Self.folder(of: path) }

    /// The folder part of a path.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What is in the file now.
    ///
    /// - Parameter known: what was read before; if nothing has changed since, no bytes come.
    /// - Returns: which writing it is with its bytes; nil if there is no file.
    /// - Throws: ``AuthenticationError`` if it cannot be read.
    func read(unlike known: Identity?) throws(AuthenticationError) -> (identity: Identity, bytes: [UInt8]?)? {
        // Without blocking: a named pipe would wait for somebody to write to it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileFailure.error("open", path)
        }
        defer { close(descriptor) }
        let status = try Self.status(of: descriptor, path)
        let front = try Self.bytes(of: descriptor, upTo: Self.frontLength, path)
        let identity = Identity(status: status.identity, front: front)
        if identity == known { return (identity, nil) }
        guard front.count == Self.frontLength else { return (identity, front) }
        let rest = try Self.bytes(of: descriptor, upTo: .max, reserving: Int(status.size), path)
        return (identity, front + rest)
    }

    /// Puts new content in the place of the old: whoever reads sees one or the other, after a power failure too.
    ///
    /// Only one process at a time may do this; what an earlier one has left half-written is removed.
    func replace(with bytes: [UInt8]) throws(AuthenticationError) -> Identity {
        unlink(replacementPath)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = open(replacementPath, flags, 0o600)
        guard descriptor >= 0 else { throw FileFailure.error("create", replacementPath) }
        do throws(AuthenticationError) {
            let identity = try Self.fill(descriptor, with: bytes, replacementPath)
            guard rename(replacementPath, path) == 0 else { throw FileFailure.error("replace", path) }
            try Self.synchronizeFolder(folder)
            return identity
        } catch {
            unlink(replacementPath)
            throw error
        }
    }

    /// Writes all bytes to a new file, waits until they are on the disk, and closes it.
    static func fill(_ descriptor: Int32, with bytes: [UInt8], _ path: String) throws(AuthenticationError) -> Identity {
        var failure: AuthenticationError?
        var identity = Identity(status: [], front: Array(bytes.prefix(frontLength)))
        do throws(AuthenticationError) {
            try write(bytes, to: descriptor, path)
            // The mask of the process may have taken permissions away.
            guard fchmod(descriptor, 0o600) == 0, synchronize(descriptor) == 0 else {
                throw FileFailure.error("write", path)
            }
            identity.status = try status(of: descriptor, path).identity
        } catch {
            failure = error
        }
        // Some file systems tell of a full disk only now.
        if close(descriptor) != 0, failure == nil { failure = FileFailure.error("write", path) }
        if let failure { throw failure }
        return identity
    }

    /// Writes all bytes, however few the system takes at once.
    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(AuthenticationError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                #elseif canImport(Musl)
                    Musl.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                #else
                    Darwin.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure.error("write", path) }
            done += count
        }
    }

    /// Waits until what was written is on the disk, and not only in its cache.
    private static func synchronize(_ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
        #endif
        return fsync(descriptor)
    }

    /// Waits until the names in a folder are on the disk.
    static func synchronizeFolder(_ folder: String) throws(AuthenticationError) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { throw FileFailure.error("open", folder) }
        defer { close(descriptor) }
        // Some file systems cannot do this to a folder, and need not.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFailure.error("write", folder) }
    }

    /// Size and identity of an open file, which must be a regular one.
    static func status(
        of descriptor: Int32,
        _ path: String
    ) throws(AuthenticationError) -> (size: Int64, mode: UInt32, identity: [Int64]) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFailure.error("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let message = "\"\(path)\" is no file but something else. Give the path of a file."
            throw AuthenticationError(.misconfigured, .storeUnavailable, message)
        }
        #if canImport(Darwin)
            let changed = status.st_mtimespec
        #else
            let changed = status.st_mtim
        #endif
        let identity = [
            Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino), Int64(status.st_size),
            Int64(changed.tv_sec), Int64(changed.tv_nsec),
        ]
        return (Int64(status.st_size), UInt32(status.st_mode), identity)
    }

    /// The next bytes of an open file, up to a count or to its end.
    static func bytes(
        of descriptor: Int32,
        upTo limit: Int,
        reserving size: Int = 0,
        _ path: String
    ) throws(AuthenticationError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(size, 1 << 28))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(limit, 1 << 16), alignment: 1)
        defer { buffer.deallocate() }
        while bytes.count < limit {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, buffer.baseAddress, min(buffer.count, limit - bytes.count))
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, buffer.baseAddress, min(buffer.count, limit - bytes.count))
            #else
                let count = Darwin.read(descriptor, buffer.baseAddress, min(buffer.count, limit - bytes.count))
            #endif
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure.error("read", path) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[0..<count])
        }
        return bytes
    }

    /// Makes a folder that its owner alone may enter, with those above it, unless it is there.
    static func makeFolder(_ folder: String) throws(AuthenticationError) {
        guard !folder.isEmpty, access(folder, F_OK) != 0 else { return }
        let parent = Self.folder(of: folder)
        if parent != folder { try makeFolder(parent) }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw FileFailure.error("create the folder", folder) }
    }
}
