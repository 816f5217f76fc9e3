// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// UserInfo and a small Microsoft Graph.
struct GraphEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// `GET /v1.0/me`: the profile, for a token with `User.Read`.
    func me(_ incoming: Incoming) throws -> Answer {
        let token = try BearerToken(try BearerToken.find(incoming), platform)
        guard let user = token.user else {
            throw GraphError(
                status: .badRequest,
                code: "BadRequest",
                message: "/me request is only valid with delegated authentication flow."
            )
        }
        guard token.scopes.contains("User.Read") else { throw GraphError.insufficient("User.Read") }
        let profile = user.profile
        let json = OrderedJSON([
            "@odata.context": .string("\(incoming.base)/v1.0/$metadata#users/$entity"),
            "businessPhones": .array(profile.businessPhones.map { .string($0) }),
            "displayName": .string(profile.displayName),
            "givenName": Self.text(profile.givenName),
            "jobTitle": Self.text(profile.jobTitle),
            "mail": Self.text(profile.mail),
            "mobilePhone": Self.text(profile.mobilePhone),
            "officeLocation": Self.text(profile.officeLocation),
            "preferredLanguage": Self.text(profile.preferredLanguage),
            "surname": Self.text(profile.surname),
            "userPrincipalName": .string(user.userPrincipalName),
            "id": .string(user.id.text),
        ])
        var answer = Answer.json(json).notStored()
        answer.headers[.contentType] =
            "application/json;odata.metadata=minimal;odata.streaming=true;"
            + "IEEE754Compatible=false;charset=utf-8"
        return answer
    }

    /// `GET` and `POST /oidc/userinfo`: the claims about the person, for a token with `openid`.
    func userInfo(_ incoming: Incoming) throws -> Answer {
        let token = try BearerToken(try BearerToken.find(incoming), platform)
        guard let user = token.user, token.scopes.contains("openid") else { throw GraphError.insufficient("openid") }
        var json = OrderedJSON(["sub": .string(TokenIssuer.pairwise(user.id, token.clientID))])
        if token.scopes.contains("profile") {
            json.append("name", .string(user.profile.displayName))
            json.append("family_name", user.profile.surname.map { .string($0) })
            json.append("given_name", user.profile.givenName.map { .string($0) })
        }
        if token.scopes.contains("email") { json.append("email", user.profile.mail.map { .string($0) }) }
        return Answer.json(json).notStored()
    }

    /// A text or null: Graph leaves no property out.
    private static func text(_ text: String?) -> JSONValue {
        text.map { JSONValue.string($0) } ?? JSONValue.null
    }
}
