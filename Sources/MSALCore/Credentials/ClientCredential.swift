// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALJWT

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a confidential client proves itself with.
///
/// Copies share the assertions that were signed, so one credential may serve several applications. Nothing secret is
/// printed, dumped or compared.
public struct ClientCredential: Sendable {
    /// The ways of proving.
    enum Kind: Sendable {
        case secret(Secret)
        case secretCallback(@Sendable () async throws -> Secret)
        case certificate(ClientCertificate)
        case certificateCallback(@Sendable () async throws -> ClientCertificate)
        case signing(ClientCertificate, SigningFunction)
        case assertionCallback(@Sendable (AssertionRequest) async throws -> Secret)
        case tokenFile(String)
        case tlsClientCertificate
    }

    /// The way of proving.
    let kind: Kind
    /// How assertions are signed, where a certificate is proven.
    let options: ClientAssertionOptions
    /// What was signed before.
    let memory = AssertionMemory()

    private init(_ kind: Kind, _ options: ClientAssertionOptions = ClientAssertionOptions()) {
        self.kind = kind
        self.options = options
    }

    /// A secret shared with the provider.
    public static func secret(_ secret: Secret) -> ClientCredential {
        ClientCredential(.secret(secret))
    }

    /// A secret that is asked for anew for each token request that goes out, so that it can change without a restart.
    ///
    /// When the provider refuses the client, the callback is asked once more, and the request repeated if it now gives
    /// another secret.
    ///
    /// - Parameter provide: gives the secret, usually from its own memory; called by many tasks at once. What it throws
    ///   lies under an ``AuthenticationError`` with the code `credentialUnavailable`.
    /// - Returns: the credential.
    public static func secret(_ provide: @escaping @Sendable () async throws -> Secret) -> ClientCredential {
        ClientCredential(.secretCallback(provide))
    }

    /// A certificate with its private key.
    ///
    /// It signs an assertion (RFC 7523), which is good for ten minutes and used for nine. An OpenID Connect provider that
    /// is not the platform gets a new one each time, since some accept each only once.
    ///
    /// - Parameters:
    ///   - certificate: the certificate.
    ///   - options: how assertions are signed; as the authority wants unless told otherwise.
    /// - Returns: the credential.
    public static func certificate(
        _ certificate: ClientCertificate,
        options: ClientAssertionOptions = ClientAssertionOptions()
    ) -> ClientCredential {
        ClientCredential(.certificate(certificate), options)
    }

    /// A certificate with its private key, from a PEM file.
    ///
    /// - Parameters:
    ///   - pemFile: the file of certificate and key; it is read once, now.
    ///   - passphrase: what an encrypted key opens with.
    ///   - options: how assertions are signed; as the authority wants unless told otherwise.
    /// - Returns: the credential.
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`, with the file, what is wrong and how to mend it.
    public static func certificate(
        pemFile: String,
        passphrase: Secret? = nil,
        options: ClientAssertionOptions = ClientAssertionOptions()
    ) throws(AuthenticationError) -> ClientCredential {
        .certificate(try ClientCertificate(pemFile: pemFile, passphrase: passphrase), options: options)
    }

    /// A certificate that is asked for anew for each token request that goes out, so that it can change without a restart.
    ///
    /// When the provider refuses the client, the callback is asked once more, and the request repeated if it now gives
    /// another certificate.
    ///
    /// - Parameters:
    ///   - options: how assertions are signed; as the authority wants unless told otherwise.
    ///   - provide: gives the certificate, usually from its own memory; called by many tasks at once. What it throws lies
    ///     under an ``AuthenticationError`` with the code `credentialUnavailable`.
    /// - Returns: the credential.
    public static func certificate(
        options: ClientAssertionOptions = ClientAssertionOptions(),
        _ provide: @escaping @Sendable () async throws -> ClientCertificate
    ) -> ClientCredential {
        ClientCredential(.certificateCallback(provide), options)
    }

    /// A certificate whose private key stays in a vault or a hardware module.
    ///
    /// - Parameters:
    ///   - certificate: the certificate; a key of its own is not used.
    ///   - options: how assertions are signed; as the authority wants unless told otherwise.
    ///   - sign: signs bytes (not their hash) by an algorithm, `PS256` or `RS256`, and returns the bare signature. It is
    ///     checked against the certificate before it is sent. What it throws lies under an ``AuthenticationError`` with the
    ///     code `credentialUnavailable`.
    /// - Returns: the credential.
    public static func signing(
        _ certificate: ClientCertificate,
        options: ClientAssertionOptions = ClientAssertionOptions(),
        using sign: @escaping @Sendable (_ bytes: [UInt8], _ algorithm: JWSAlgorithm) async throws -> [UInt8]
    ) -> ClientCredential {
        ClientCredential(.signing(certificate, sign), options)
    }

    /// The certificate that the transport's TLS connections prove themselves with (RFC 8705 §2).
    ///
    /// Requests carry the client's identifier and no other proof. Give the certificate to the transport.
    public static let tlsClientCertificate = ClientCredential(.tlsClientCertificate)

    /// An assertion that somebody else signs: a federated identity credential.
    ///
    /// - Parameter provide: gives an assertion for a token request that goes out; called by many tasks at once. What it
    ///   throws lies under an ``AuthenticationError`` with the code `credentialUnavailable`.
    /// - Returns: the credential.
    public static func assertion(
        _ provide: @escaping @Sendable (AssertionRequest) async throws -> Secret
    ) -> ClientCredential {
        ClientCredential(.assertionCallback(provide))
    }

    /// The identity of a workload, such as a pod's, as a token in a file that its platform keeps fresh.
    ///
    /// The file is read for each token request that goes out.
    ///
    /// - Parameters:
    ///   - tokenFile: the file; the one that `AZURE_FEDERATED_TOKEN_FILE` names unless told otherwise.
    ///   - environment: where that variable is looked up; the process's own environment unless told otherwise.
    /// - Returns: the credential.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid` if no file is named.
    public static func workloadIdentity(
        tokenFile: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(AuthenticationError) -> ClientCredential {
        guard let file = tokenFile ?? environment["AZURE_FEDERATED_TOKEN_FILE"], !file.isEmpty else {
            throw AuthenticationError(
                .misconfigured,
                .configurationInvalid,
                "No federated token file is named. Give its path, or run where AZURE_FEDERATED_TOKEN_FILE is set: in a "
                    + "cluster with workload identity, in a pod with the label azure.workload.identity/use."
            )
        }
        return ClientCredential(.tokenFile(file))
    }
}

extension ClientCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The way of proving, and which certificate or file; nothing of a secret or a key.
    public var description: String {
        switch kind {
        case .secret: "client secret"
        case .secretCallback: "client secret by callback"
        case .certificate(let certificate): "\(certificate)"
        case .certificateCallback: "certificate by callback"
        case .signing(let certificate, _): "\(certificate), signed elsewhere"
        case .assertionCallback: "assertion by callback"
        case .tokenFile(let file): "federated token in '\(file)'"
        case .tlsClientCertificate: "TLS client certificate"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
