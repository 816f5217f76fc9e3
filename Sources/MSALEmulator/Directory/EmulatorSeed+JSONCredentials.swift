// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension EmulatorSeed {
    /// Reads a subject name and its authority.
    static func trustedSubject(
        _ value: JSONValue,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> TrustedSubject {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return TrustedSubject(reader.text("subjectName", &faults), authority: reader.text("authority", &faults))
    }

    /// Reads a federated identity credential.
    static func federatedCredential(
        _ value: JSONValue,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> FederatedCredential {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return FederatedCredential(
            issuer: reader.text("issuer", &faults),
            subject: reader.text("subject", &faults),
            audience: reader.optionalText("audience", &faults) ?? FederatedCredential.standardAudience
        )
    }
}
