// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import MSALAsyncHTTPClient
import MSALCore

/// What an application proves itself with; never on the command line, which everybody on the machine can read.
struct CredentialOptions: ParsableArguments {
    /// The file with the secret.
    @Option(
        help: ArgumentHelp("A file with the application's secret; - reads the standard input.", valueName: "file"),
        completion: .file()
    )
    var clientSecretFile: String?

    /// The variable with the secret.
    @Option(help: ArgumentHelp("The environment variable with the application's secret.", valueName: "name"))
    var clientSecretEnv: String?

    /// The file with the certificate.
    @Option(
        help: ArgumentHelp("A file with the application's certificate and key, PEM or PFX.", valueName: "file"),
        completion: .file(extensions: ["pem", "pfx", "p12"])
    )
    var clientCertificate: String?

    /// The variable with what the certificate's key opens with.
    @Option(
        help: ArgumentHelp(
            "The environment variable with the passphrase of the certificate's key.",
            valueName: "name"
        )
    )
    var clientCertificatePassphraseEnv: String?

    /// Whether the chain goes along.
    @Flag(
        name: .customLong("send-x5c"),
        help: "Send the certificate's chain along, for trust by subject name and issuer."
    )
    var sendsX5C = false

    /// Refuses several credentials at once.
    func validate() throws {
        guard [clientSecretFile, clientSecretEnv, clientCertificate].compactMap({ $0 }).count <= 1 else {
            throw ValidationError(
                "--client-secret-file, --client-secret-env and --client-certificate each name a credential; say one."
            )
        }
        guard clientCertificate != nil || clientCertificatePassphraseEnv == nil && !sendsX5C else {
            throw ValidationError(
                "--client-certificate-passphrase-env and --send-x5c belong to --client-certificate."
            )
        }
    }

    /// The credential that options name; nil if they name none.
    func named() throws -> ClientCredential? {
        if let clientSecretFile { return .secret(try Input.secret(inFile: clientSecretFile)) }
        if let clientSecretEnv { return .secret(try Input.secret(inVariable: clientSecretEnv)) }
        return try clientCertificate.map { path in
            try certificate(path, try clientCertificatePassphraseEnv.map { try Input.secret(inVariable: $0) })
        }
    }

    /// The credential that options or else the environment name.
    func required() throws -> ClientCredential {
        if let credential = try named() { return credential }
        if let secret = Input.variable("AZURE_AD_CLIENT_SECRET") { return .secret(Secret(secret)) }
        if let path = Input.variable("AZURE_AD_CLIENT_CERTIFICATE_PATH") {
            return try certificate(path, Input.variable("AZURE_AD_CLIENT_CERTIFICATE_PASSWORD").map { Secret($0) })
        }
        if let path = Input.variable("AZURE_FEDERATED_TOKEN_FILE") { return try .workloadIdentity(tokenFile: path) }
        throw ValidationError(
            "Name what the application proves itself with: --client-secret-file, --client-secret-env or "
                + "--client-certificate, or set AZURE_AD_CLIENT_SECRET or AZURE_AD_CLIENT_CERTIFICATE_PATH."
        )
    }

    /// A certificate by its file.
    private func certificate(_ path: String, _ passphrase: Secret?) throws -> ClientCredential {
        guard [".pfx", ".p12"].contains(where: path.lowercased().hasSuffix) else {
            return .certificate(try ClientCertificate(pemFile: path, passphrase: passphrase, sendsX5C: sendsX5C))
        }
        return .certificate(try .pfx(file: path, passphrase: passphrase, sendsX5C: sendsX5C))
    }
}
