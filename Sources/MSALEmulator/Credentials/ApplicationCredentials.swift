// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What an application proves who it is with, besides secrets.
struct ApplicationCredentials: Sendable {
    /// Its own certificates.
    let certificates: [ClientCertificate]
    /// The subjects whose certificates it may use.
    let trustedSubjects: [TrustedSubject]
    /// The tokens of other issuers.
    let federated: [FederatedCredential]
    /// The application that gets assertions for it; nil for all but agents.
    let blueprintID: GUID?
    /// The people in whose name it may act.
    let agentUsers: Set<GUID>

    /// Whether there is none.
    var isEmpty: Bool {
        certificates.isEmpty && trustedSubjects.isEmpty && federated.isEmpty && blueprintID == nil
    }

    /// Reads those of a seed's application, whose people are known already.
    init(
        _ seed: EmulatorSeed.Application,
        in directory: Directory,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) {
        certificates = seed.certificates.enumerated().compactMap { index, pem in
            Self.certificate(pem, "\(path).certificates[\(index)]", &faults)
        }
        trustedSubjects = seed.trustedSubjects.enumerated().compactMap { index, subject in
            let place = "\(path).trustedSubjects[\(index)].authority"
            guard let authority = TrustedSubject.authority(pem: subject.authority) else {
                faults.add(place, "must hold a certificate in PEM")
                return nil
            }
            return TrustedSubject(subjectName: subject.subjectName, authority: authority)
        }
        federated = seed.federatedCredentials.map {
            FederatedCredential(issuer: $0.issuer, subject: $0.subject, audience: $0.audience)
        }
        blueprintID = seed.blueprint.flatMap { GUID($0) }
        if seed.blueprint != nil, blueprintID == nil { faults.add("\(path).blueprint", "must be a client ID") }
        var people: Set<GUID> = []
        for (index, name) in seed.agentUsers.enumerated() {
            if let user = directory.user(named: name) {
                people.insert(user.id)
            } else {
                faults.add("\(path).agentUsers[\(index)]", "names nobody of this seed")
            }
        }
        agentUsers = people
    }

    /// Reads a certificate, and says what is wrong with it.
    private static func certificate(
        _ pem: String,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> ClientCertificate? {
        do {
            return try ClientCertificate(pem: pem)
        } catch {
            faults.add(path, error.reason)
            return nil
        }
    }
}
