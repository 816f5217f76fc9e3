// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Configuration

extension ApplicationConfiguration {
    /// Reads what the application proves itself with: exactly one of a secret, a certificate and a workload's token.
    static func readCredential(
        _ reader: ConfigReader,
        _ faults: inout ConfigurationFaults
    ) -> ClientCredential? {
        let section = reader.scoped(to: "azureAd")
        let secret = section.value("clientSecret", isSecret: true)
        let certificate = section.value("clientCertificatePath")
        let passphrase = section.value("clientCertificatePassword", isSecret: true)
        let tokenFile = reader.value("azure.federatedTokenFile")
        let given = [
            ("AZURE_AD_CLIENT_SECRET", secret), ("AZURE_AD_CLIENT_CERTIFICATE_PATH", certificate),
            ("AZURE_FEDERATED_TOKEN_FILE", tokenFile),
        ].filter { $0.1 != nil }
        if passphrase != nil, certificate == nil {
            faults.add(
                "AZURE_AD_CLIENT_CERTIFICATE_PASSWORD",
                "is set, and AZURE_AD_CLIENT_CERTIFICATE_PATH is not.",
                cure: "Set the path of the certificate that it belongs to, or remove it."
            )
        }
        guard let (key, _) = given.first else {
            faults.add(
                "AZURE_AD_CLIENT_SECRET",
                "is missing, and so are AZURE_AD_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE.",
                cure: "Create a client secret under Certificates & secrets and set its value, not its identifier; "
                    + "or set the path of a certificate."
            )
            return nil
        }
        guard given.count == 1 else {
            faults.add(
                key,
                "is set together with " + given.dropFirst().map(\.0).joined(separator: " and ") + ".",
                cure: "Set only one of them, so that it is clear what the application proves itself with."
            )
            return nil
        }
        do throws(AuthenticationError) {
            if let certificate {
                return try .certificate(pemFile: certificate, passphrase: passphrase.map { Secret($0) })
            }
            if let secret { return .secret(Secret(secret)) }
            return try .workloadIdentity(tokenFile: tokenFile)
        } catch {
            faults.add(key, "cannot be used.", cure: error.message)
            return nil
        }
    }
}
