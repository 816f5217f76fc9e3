// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The file of a database before SQLite opens it.
enum SQLiteFile {
    /// Makes an empty file that its owner alone can read, and its folders, if there is none.
    ///
    /// SQLite gives the files beside it the same permissions. Whatever else is wrong with the path is told by SQLite.
    static func make(at path: String) throws {
        if create(path) { return }
        guard errno == ENOENT else { return }
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        _ = create(path)
    }

    /// Makes an empty file; two processes that do so at once make one.
    private static func create(_ path: String) -> Bool {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
