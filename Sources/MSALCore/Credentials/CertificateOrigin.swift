// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Where a certificate or a key came from, which is how every complaint about it begins.
struct CertificateOrigin: Sendable {
    /// The subject of the complaint's sentence.
    let name: String

    /// A text that the application brought along.
    static let text = CertificateOrigin(name: "The PEM text")

    /// Bytes that the application brought along.
    static let bytes = CertificateOrigin(name: "The certificate")

    /// Files, by their paths.
    static func files(_ paths: [String]) -> CertificateOrigin {
        let quoted = paths.map { "'\($0)'" }.joined(separator: " and ")
        return CertificateOrigin(name: paths.count == 1 ? "The file \(quoted)" : "The pair of files \(quoted)")
    }

    /// The refusal of what came from there.
    ///
    /// - Parameters:
    ///   - problem: what is wrong, as the rest of a sentence; never anything of a key.
    ///   - cure: how to mend it.
    ///   - underlying: the error below, only where it cannot quote a key.
    /// - Returns: the error to throw.
    func refusal(_ problem: String, cure: String, underlying: (any Error)? = nil) -> AuthenticationError {
        AuthenticationError(.misconfigured, .certificateInvalid, "\(name) \(problem) \(cure)", underlying: underlying)
    }
}
