// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PrivateFile {
    /// Gives the file a second name, which tells the time: it keeps that when another takes its place.
    ///
    /// - Returns: the second path; nil if it has a second name already.
    func keepDamaged(at now: Date) throws(AuthenticationError) -> String? {
        // Whoever gave it that name was killed before the file was replaced, or had no room to do so.
        var status = stat()
        guard lstat(path, &status) != 0 || status.st_nlink < 2 else { return nil }
        // 2026-09-01T10:00:00Z as 20260901T100000Z, which every file system takes.
        let text: String = now.formatted(Date.ISO8601FormatStyle())
        let stamp = text.filter { !"-:".contains($0) }
        var name = "\(path).damaged-\(stamp)"
        var count = 1
        while access(name, F_OK) == 0 {
            count += 1
            name = "\(path).damaged-\(stamp)-\(count)"
        }
        // Some file systems know no second names: then the first one is missing until the file is replaced.
        guard link(path, name) == 0 || rename(path, name) == 0 else { throw FileFailure.error("keep", path) }
        try Self.synchronizeFolder(folder)
        return name
    }
}
