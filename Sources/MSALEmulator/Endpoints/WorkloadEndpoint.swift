// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// `/workload/{cluster}/…`: a made-up cluster whose service accounts have tokens, so that workload identity runs on a laptop.
struct WorkloadEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// `GET /workload/{cluster}/.well-known/openid-configuration`.
    func openIDConfiguration(_ incoming: Incoming) throws -> Answer {
        let issuer = try issuer(incoming)
        return Answer.json(
            OrderedJSON([
                "issuer": .string(issuer),
                "jwks_uri": .string("\(issuer)/openid/v1/jwks"),
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            ])
        )
    }

    /// `GET /workload/{cluster}/openid/v1/jwks`.
    func keys(_ incoming: Incoming) throws -> Answer {
        _ = try issuer(incoming)
        let json = platform.workloads.verifier.jsonRepresentation()
        return Answer.json(OrderedJSON(["keys": json["keys"]]))
    }

    /// `GET` and `POST /workload/{cluster}/token`: the token itself, as a cluster puts it into a file.
    func token(_ incoming: Incoming) throws -> Answer {
        let issuer = try issuer(incoming)
        let parameters = incoming.method == .post && !incoming.body.isEmpty ? try incoming.form() : incoming.query
        if let name = parameters.repeated { throw PlatformError.repeated(name) }
        let subject = parameters["subject"] ?? "system:serviceaccount:default:default"
        guard let account = ServiceAccount(subject: subject) else {
            throw PlatformError.invalidValue("subject", subject)
        }
        let wanted = parameters["lifetime"] ?? String(WorkloadIssuer.standardLifetime)
        guard let lifetime = Int(wanted), (1...86_400).contains(lifetime) else {
            throw PlatformError.invalidValue("lifetime", wanted)
        }
        let token = try platform.workloads.token(
            issuer: issuer,
            account: account,
            audience: parameters["audience"] ?? TokenExchange.standard.identifierURI,
            lifetime: lifetime,
            now: platform.now()
        )
        return Answer.text(token).notStored()
    }

    /// The issuer of a cluster, whose name is the second segment.
    private func issuer(_ incoming: Incoming) throws(PlatformError) -> String {
        guard Scope.isName(incoming.tenantName), incoming.tenantName.utf8.count <= 63 else {
            throw .invalidValue("cluster", incoming.tenantName)
        }
        return "\(incoming.base)/\(WorkloadIssuer.segment)/\(incoming.tenantName)"
    }
}
