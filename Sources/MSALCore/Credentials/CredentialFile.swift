// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads the small files that credentials lie in.
package enum CredentialFile {
    /// Why a file cannot be read.
    package struct Failure: Error {
        /// What is wrong, as the rest of a sentence about the file.
        package let problem: String
        /// How to mend it.
        package let cure: String
    }

    /// More than any chain of certificates has.
    private static let maximumSize = 1 << 20

    /// The content of a file.
    package static func bytes(at path: String) throws(Failure) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(problem: "is not there.", cure: "Give the path of a file that this process can see.")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                problem: "is a folder, or cannot be read by this process.",
                cure: "Give the path of a file, and let the process's user read it."
            )
        }
        guard data.count <= maximumSize else {
            throw Failure(problem: "is larger than one mebibyte.", cure: "Give the file of the credential itself.")
        }
        return [UInt8](data)
    }
}
