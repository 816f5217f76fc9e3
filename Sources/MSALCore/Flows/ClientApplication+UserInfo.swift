// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALJWT

extension ClientApplication {
    /// Asks the provider who somebody is (OpenID Connect Core §5.3).
    ///
    /// At Microsoft the endpoint is Graph's, and the token must be one for Graph.
    ///
    /// - Parameter result: a token of the person, with the ID token of their sign-in.
    /// - Returns: the claims.
    /// - Throws: ``AuthenticationError``; `userInfoSubject` when the answer is about somebody else and must be thrown away.
    public func userInfo(for result: AuthenticationResult) async throws -> [String: JSONValue] {
        let correlationID = makeCorrelationID()
        guard let subject = result.idToken?.claims.subject else {
            throw AuthenticationError(
                .invalidCall,
                .idTokenMissing,
                "UserInfo is about a person; the token is the application's own."
            )
        }
        guard let endpoint = try await metadata(of: configuration.authority, correlationID).userInfoEndpoint else {
            throw AuthenticationError(
                .misconfigured,
                .endpointMissing,
                "The identity provider offers no UserInfo endpoint."
            )
        }
        let answer = try await client.get(
            endpoint,
            correlationID: correlationID,
            authorization: result.authorizationHeader
        )
        guard answer.isSuccess else { throw ServerError(answer).error(correlationID: correlationID) }
        guard answer.json["sub"]?.stringValue == subject else {
            throw AuthenticationError(
                .rejectedToken,
                .userInfoSubject,
                "The UserInfo answer is about another person; it was thrown away."
            )
        }
        return answer.json.objectValue ?? [:]
    }
}
