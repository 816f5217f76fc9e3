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
    /// Gives the file another name, which tells the time, so that somebody can look at it.
    ///
    /// - Returns: the new path.
    func moveAside(at now: Date) throws(AuthenticationError) -> String {
        // 2026-09-01T10:00:00Z as 20260901T100000Z, which every file system takes.
        let text: String = now.formatted(Date.ISO8601FormatStyle())
        let stamp = text.filter { !"-:".contains($0) }
        var name = "\(path).damaged-\(stamp)"
        var count = 1
        while access(name, F_OK) == 0 {
            count += 1
            name = "\(path).damaged-\(stamp)-\(count)"
        }
        guard rename(path, name) == 0 else { throw FileFailure.error("move aside", path) }
        try Self.synchronizeFolder(folder)
        return name
    }
}
