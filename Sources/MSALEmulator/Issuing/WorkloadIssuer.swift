// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Synchronization

/// Made-up clusters, each an OpenID Connect issuer whose service accounts get tokens, as in Kubernetes.
///
/// They share one key, which is made when it is first needed and lives as long as the process.
final class WorkloadIssuer: Sendable {
    /// The first segment of its addresses.
    static let segment = "workload"
    /// How long a token lives when nothing else is asked, in seconds.
    static let standardLifetime = 3600

    /// The key, once it is there.
    private let key = Mutex<JWSSigner?>(nil)

    /// What verifies its tokens.
    var verifier: JSONWebKeySet {
        JSONWebKeySet(keys: (try? signer()).map { [$0.publicKey] } ?? [])
    }

    /// A token for a service account, with the claims that Kubernetes writes.
    func token(
        issuer: String,
        account: ServiceAccount,
        audience: String,
        lifetime: Int,
        now: Date
    ) throws -> String {
        let seconds = Timestamp.seconds(now)
        let claims: JSONValue = [
            "iss": .string(issuer),
            "sub": .string(account.subject),
            "aud": [.string(audience)],
            "iat": .integer(seconds),
            "nbf": .integer(seconds),
            "exp": .integer(seconds + Int64(lifetime)),
            "jti": .string(GUID.random().text),
            "kubernetes.io": [
                "namespace": .string(account.namespace),
                "serviceaccount": [
                    "name": .string(account.name),
                    "uid": .string(GUID(derivedFrom: "service account \(account.subject)").text),
                ],
            ],
        ]
        return try signer().sign(claims, type: nil)
    }

    /// The key, made at the first call.
    private func signer() throws -> JWSSigner {
        try key.withLock { key in
            if let key { return key }
            let made = try JWSSigner.generateRSA(keyID: GUID.random().text)
            key = made
            return made
        }
    }
}

/// A service account of a cluster.
struct ServiceAccount: Sendable {
    /// The namespace.
    let namespace: String
    /// The name.
    let name: String

    /// Reads `system:serviceaccount:{namespace}:{name}`; nil when it is not that.
    init?(subject: String) {
        let parts = subject.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount",
            parts[2...].allSatisfy({ Scope.isName($0) })
        else { return nil }
        namespace = parts[2]
        name = parts[3]
    }

    /// The subject of its tokens.
    var subject: String { "system:serviceaccount:\(namespace):\(name)" }
}
