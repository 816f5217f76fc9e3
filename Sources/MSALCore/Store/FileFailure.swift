// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the system answered instead of doing what it was asked.
struct FileFailure: Error, Sendable, CustomStringConvertible {
    /// The number of the system's error.
    let number: Int32

    /// The system's words for it.
    var description: String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }

    /// The error of the call that has just failed, as a sentence with its cure.
    ///
    /// - Parameters:
    ///   - action: what could not be done, as a verb.
    ///   - path: what it could not be done to.
    /// - Returns: the error to throw.
    static func error(_ action: String, _ path: String) -> AuthenticationError {
        error(FileFailure(number: errno), action, path)
    }

    /// A failure as a sentence with its cure.
    static func error(_ failure: FileFailure, _ action: String, _ path: String) -> AuthenticationError {
        var kind = AuthenticationError.Kind.misconfigured
        let cure: String
        switch failure.number {
        case ENOSPC, EDQUOT:
            kind = .transient
            cure = "Free some space; what was stored before is still there."
        case EACCES, EPERM:
            cure = "Let this process's user own the file and its folder, or give another path."
        case EROFS:
            cure = "Give a path on a file system that can be written to."
        case ELOOP:
            cure = "It must not be a symbolic link: give the path it leads to."
        case ENOENT, ENOTDIR, ENAMETOOLONG, EISDIR:
            cure = "Give the path of a file in a folder."
        default:
            kind = .transient
            cure = "Look after the disk and the limits of the process, and try again."
        }
        let message = "Could not \(action) \"\(path)\": \(failure). \(cure)"
        return AuthenticationError(kind, .storeUnavailable, message, underlying: failure)
    }
}
