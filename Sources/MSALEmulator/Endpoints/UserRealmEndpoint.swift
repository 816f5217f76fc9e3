// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// `GET /common/userrealm/{name}`: where the password of a person is to be shown.
struct UserRealmEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// What the platform says of a domain.
    private enum Realm {
        /// Its passwords are in the directory.
        case managed(domain: String, brand: String)
        /// Its passwords are known to its federation server.
        case federated(domain: String, brand: String)
        /// Nobody has it.
        case unknown

        /// The word for it.
        var name: String {
            switch self {
            case .managed: "Managed"
            case .federated: "Federated"
            case .unknown: "Unknown"
            }
        }

        /// The domain, and what pages call its tenant.
        var owner: (domain: String, brand: String)? {
            switch self {
            case .managed(let domain, let brand), .federated(let domain, let brand): (domain, brand)
            case .unknown: nil
            }
        }
    }

    /// Answers by the domain alone, so that it tells nobody who has an account.
    func respond(to incoming: Incoming) throws -> Answer {
        guard let version = incoming.query["api-version"] else { throw PlatformError.missing("api-version") }
        guard let login = Parameters.decode(incoming.userName.replacing("+", with: "%2B").utf8) else {
            throw PlatformError.malformed("The user name cannot be decoded.")
        }
        let realm = realm(of: login)
        let json: OrderedJSON
        switch version {
        case "1.0": json = first(realm, incoming.base)
        case "2.0", "2.1": json = second(realm, login, incoming.base)
        default: throw PlatformError.invalidValue("api-version", version)
        }
        return Answer.json(json).notStored()
    }

    /// Looks the domain up.
    private func realm(of login: String) -> Realm {
        guard let domain = Directory.domain(of: login), let tenant = platform.directory.tenant(domain),
            tenant.domains.contains(domain)
        else { return .unknown }
        let isFederated = platform.directory.federatedDomain(of: login) != nil
        return isFederated
            ? .federated(domain: domain, brand: tenant.displayName)
            : .managed(domain: domain, brand: tenant.displayName)
    }

    /// The answer of version 1, members in the platform's order.
    private func first(_ realm: Realm, _ base: BaseURL) -> OrderedJSON {
        var json = OrderedJSON([
            "ver": "1.0",
            "account_type": .string(realm.name),
            "domain_name": realm.owner.map { .string($0.domain) },
        ])
        if case .federated = realm {
            json.append("federation_protocol", "WSTrust")
            json.append("federation_metadata_url", .string(FederationServer.metadataURL(base)))
            json.append("federation_active_auth_url", .string(FederationServer.trustURL(base)))
        }
        json.append("cloud_instance_name", "microsoftonline.com")
        json.append("cloud_audience_urn", .string(SAMLAssertion.audience))
        return json
    }

    /// The answer of version 2, which spells everything differently.
    private func second(_ realm: Realm, _ login: String, _ base: BaseURL) -> OrderedJSON {
        var json = OrderedJSON([
            "NameSpaceType": .string(realm.name),
            "Login": .string(login),
            "DomainName": realm.owner.map { .string($0.domain) },
            "FederationBrandName": realm.owner.map { .string($0.brand) },
        ])
        if case .federated = realm {
            json.append("federation_protocol", "WSTrust")
            json.append("federation_metadata_url", .string(FederationServer.metadataURL(base)))
            json.append("federation_active_auth_url", .string(FederationServer.trustURL(base)))
        }
        json.append("cloud_instance_name", "microsoftonline.com")
        json.append("cloud_audience_urn", .string(SAMLAssertion.audience))
        return json
    }
}
