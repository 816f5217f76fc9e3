// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension EmulatorSeed {
    /// A subject name whose certificates are accepted, whatever their thumbprint, as long as an authority issued them.
    ///
    /// The client must send the certificate along (`x5c`), so that it can be renewed without a change to the directory.
    public struct TrustedSubject: Sendable {
        /// The common name, or a DNS name of the certificate.
        public var subjectName: String
        /// The certificate of the issuing authority, in PEM.
        public var authority: String

        /// Trusts the certificates of a subject.
        public init(_ subjectName: String, authority: String) {
            self.subjectName = subjectName
            self.authority = authority
        }
    }

    /// A federated identity credential: tokens of another issuer that the application may show in place of a secret.
    public struct FederatedCredential: Sendable {
        /// The audience that the platform expects.
        public static let standardAudience = "api://AzureADTokenExchange"

        /// The issuer, compared letter by letter; one that starts with a slash is this emulator's own.
        public var issuer: String
        /// The subject, compared letter by letter.
        public var subject: String
        /// The audience, compared letter by letter.
        public var audience: String

        /// Accepts the tokens that an issuer gives to a subject.
        public init(issuer: String, subject: String, audience: String = standardAudience) {
            self.issuer = issuer
            self.subject = subject
            self.audience = audience
        }
    }

    /// Registers a certificate with an application, so that the key behind it can sign in.
    ///
    /// - Parameters:
    ///   - pem: the certificate in PEM; what else is in the text is passed over.
    ///   - clientID: the application, by client ID or identifier URI.
    /// - Throws: ``EmulatorSeedFaults`` when there is no such application. The certificate itself is checked with the seed.
    public mutating func register(certificate pem: String, for clientID: String) throws(EmulatorSeedFaults) {
        let index = applications.firstIndex { application in
            application.clientID.lowercased() == clientID.lowercased() || application.identifierURIs.contains(clientID)
        }
        guard let index else {
            var faults = EmulatorSeedFaults()
            faults.add("applications", "hold no application '\(clientID)'")
            throw faults
        }
        applications[index].certificates.append(pem)
    }
}
