// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Configuration
import MSALCore
import MSALJWT
import MSALWeb

/// Where the profile of a signed-in person comes from.
enum ProfileSource: Sendable {
    /// Microsoft Graph, or what the emulator has of it.
    case graph(DownstreamAPI)
    /// The UserInfo endpoint of another OpenID Connect provider.
    case userInfo

    /// The scope that the profile needs at Graph.
    static let graphScopes = ["User.Read"]

    /// Graph, at `GRAPH_BASE_URL` if that is set.
    static func readGraph(
        from reader: ConfigReader,
        collecting faults: inout ConfigurationFaults
    ) -> DownstreamAPI? {
        let base = reader.scoped(to: "graph").value("baseURL") ?? "https://graph.microsoft.com"
        let root = base.hasSuffix("/") ? String(base.dropLast()) : base
        guard let api = DownstreamAPI(baseURL: root + "/v1.0", scopes: graphScopes) else {
            faults.add(
                "GRAPH_BASE_URL",
                "is not an https address.",
                cure:
                    "Take it away for https://graph.microsoft.com, or set scheme and host of a national cloud's Graph."
            )
            return nil
        }
        return api
    }

    /// The scopes of the token that fetches the profile.
    var scopes: [String] {
        switch self {
        case .graph: Self.graphScopes
        case .userInfo: []
        }
    }

    /// What the page says about it.
    var title: String {
        switch self {
        case .graph: "Read from Microsoft Graph with your access token."
        case .userInfo: "Read from your sign-in provider with your access token."
        }
    }
}

/// A person as Graph's `/me` tells.
struct GraphUser: Sendable, Decodable {
    /// The full name.
    var displayName: String?
    /// The first name.
    var givenName: String?
    /// The family name.
    var surname: String?
    /// The name used to sign in.
    var userPrincipalName: String?
    /// The mailbox.
    var mail: String?
    /// The job.
    var jobTitle: String?
    /// The office.
    var officeLocation: String?
    /// The mobile telephone number.
    var mobilePhone: String?
    /// The telephone numbers at work.
    var businessPhones: [String]?
    /// The language, such as `en-GB`.
    var preferredLanguage: String?

    /// What there is, named for people.
    var facts: [ProfileView.Fact] {
        let all: [(String, String?)] = [
            ("Name", displayName), ("First name", givenName), ("Last name", surname), ("Account", userPrincipalName),
            ("E-mail", mail), ("Job title", jobTitle), ("Office", officeLocation), ("Mobile", mobilePhone),
            ("Phone", businessPhones?.joined(separator: ", ")), ("Language", preferredLanguage),
        ]
        return all.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : ProfileView.Fact(name: name, value: $0) }
        }
    }
}

extension ProfileView.Fact {
    /// What a UserInfo answer says, as far as it is text, named for people where the claim is a standard one.
    static func list(_ claims: [String: JSONValue]) -> [ProfileView.Fact] {
        let titles = [
            "name": "Name", "given_name": "First name", "family_name": "Last name", "preferred_username": "Account",
            "nickname": "Nickname", "email": "E-mail", "phone_number": "Phone", "locale": "Language",
            "website": "Website",
            "sub": "Subject",
        ]
        return claims.sorted { $0.key < $1.key }.compactMap { name, value in
            value.stringValue.map { ProfileView.Fact(name: titles[name] ?? name, value: $0) }
        }
    }
}
