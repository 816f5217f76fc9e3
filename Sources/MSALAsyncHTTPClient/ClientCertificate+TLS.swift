// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import NIOSSL

extension ClientCertificate {
    /// Has connections prove themselves with this certificate.
    ///
    /// - Throws: `AuthenticationError` with the code `certificateInvalid` if it has no key or is not valid now.
    func apply(to tls: inout TLSConfiguration) throws(AuthenticationError) {
        try check(at: SystemTime().now)
        guard let privateKeyDER else {
            throw refusal("has its key elsewhere, and TLS needs it here. Read the certificate together with its key.")
        }
        do {
            var chain: [NIOSSLCertificateSource] = []
            for bytes in self.chain {
                chain.append(.certificate(try NIOSSLCertificate(bytes: bytes, format: .der)))
            }
            tls.certificateChain = chain
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: privateKeyDER, format: .der))
        } catch {
            throw refusal("cannot be used for TLS. Export it again.")
        }
    }

    private func refusal(_ problem: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .certificateInvalid, "The \(self) \(problem)")
    }
}
