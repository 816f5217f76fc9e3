// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ClientApplication where Kind == PublicClient {
    /// Begins a sign-in on another device (RFC 8628 §3.1), for programs that have no browser at hand.
    ///
    /// - Parameters:
    ///   - scopes: what to ask for besides the ID token and a refresh token, for one API.
    ///   - claims: a claims challenge that the token must meet, verbatim.
    ///   - options: what few requests need.
    /// - Returns: the flow: show its code, then finish it with ``acquireToken(completing:)``.
    /// - Throws: ``AuthenticationError``; `endpointMissing` where the provider offers no such sign-in.
    public func startDeviceCodeFlow(
        scopes: [String],
        claims: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> DeviceCodeFlow {
        try Scopes.checkUserFlow(scopes)
        _ = try options?.isolation()
        guard options?.binding == nil else {
            throw AuthenticationError(
                .invalidCall,
                .configurationInvalid,
                "The token of a device code is a bearer token. Acquire a bound one silently for the account that signed in."
            )
        }
        let parameter = try ClaimsRequest.parameter(capabilities: configuration.capabilities, challenge: claims)
        let authority = configuration.authority
        let call = call(.deviceCode, options: options ?? RequestOptions())
        let metadata = try await metadata(of: authority, call.correlationID)
        guard let endpoint = metadata.deviceAuthorizationEndpoint else {
            throw AuthenticationError(
                .misconfigured,
                .endpointMissing,
                "The identity provider offers no sign-in by device code. Sign in with a browser instead."
            )
        }
        let wanted = try Scopes.userFlow(scopes, excluding: metadata.unofferedScopes(of: authority))
        var form = [("client_id", configuration.clientID), ("scope", wanted.joined(separator: " "))]
        if let parameter { form.append(("claims", parameter)) }
        let answer = try await client.post(
            form + call.parameters,
            to: endpoint,
            correlationID: call.correlationID,
            fields: authority.kind == .openIDConnect ? [:] : platformFields(call)
        )
        guard answer.isSuccess else { throw ServerError(answer).error(correlationID: call.correlationID) }
        return try DeviceCodeFlow(
            answer.json,
            scopes: wanted,
            claims: claims,
            authority: authority.base.url,
            correlationID: call.correlationID,
            at: time.now
        )
    }

    /// Finishes a sign-in on another device: waits until the person has entered the code and signed in there.
    ///
    /// It asks the provider at the pace the provider wants, and survives its outages. Cancel the task to give up.
    ///
    /// - Parameter flow: the flow whose code the person was shown.
    /// - Returns: the access token, the account and the ID token.
    /// - Throws: ``AuthenticationError``: `declined` when the person said no, `interactionRequired` with the code
    ///   `flowExpired` when the code was not entered in time; `CancellationError`.
    public func acquireToken(completing flow: DeviceCodeFlow) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        return try await instruments.acquiring(.deviceCode, flow.scopes, time) {
            let authority = configuration.authority
            guard flow.authority == authority.base.url else {
                throw AuthenticationError(
                    .invalidCall,
                    .authorityInvalid,
                    "The sign-in was begun at '\(flow.authority)' and cannot be finished with '\(authority)'."
                )
            }
            var options = RequestOptions()
            options.correlationID = flow.correlationID
            let call = call(.deviceCode, options: options)
            let metadata = try await metadata(of: authority, call.correlationID)
            let grant = PersonalGrant(
                request: .deviceCode(flow.deviceCode, claims: flow.claims),
                scopes: flow.scopes
            )
            var polling = DeviceCodePolling(flow)
            while true {
                do {
                    return try await acquire(grant, at: metadata, of: authority, call, watch)
                } catch let error as AuthenticationError {
                    switch polling.next(after: error, at: time.now) {
                    case .fail(let error): throw error
                    case .wait(let pause): try await time.sleep(for: pause)
                    }
                }
            }
        }
    }
}

extension DeviceCodeFlow {
    /// Reads the answer to a request for a code (RFC 8628 §3.2).
    fileprivate init(
        _ json: JSONValue,
        scopes: [String],
        claims: String?,
        authority: String,
        correlationID: String,
        at now: Date
    ) throws(AuthenticationError) {
        let uri = json["verification_uri"]?.stringValue ?? json["verification_url"]?.stringValue
        guard let code = json["user_code"]?.stringValue, !code.isEmpty, let uri, Endpoint(uri) != nil,
            let device = json["device_code"]?.stringValue, !device.isEmpty
        else {
            var error = AuthenticationError(
                .rejectedResponse,
                .malformedDocument,
                "The identity provider's answer lacks the code, or where to enter it."
            )
            error.correlationID = correlationID
            throw error
        }
        self.init(
            userCode: code,
            verificationURI: uri,
            verificationURIComplete: json["verification_uri_complete"]?.stringValue,
            message: json["message"]?.stringValue,
            expiresOn: now.adding(.seconds(Self.seconds(json["expires_in"], 1...86_400) ?? 900)),
            interval: Self.seconds(json["interval"], 1...300) ?? 5,
            deviceCode: Secret(device),
            scopes: scopes,
            claims: claims,
            authority: authority,
            correlationID: correlationID
        )
    }

    /// A number of seconds; nil for one that makes no sense here.
    private static func seconds(_ member: JSONValue?, _ range: ClosedRange<Int64>) -> Int64? {
        let value = member?.integerValue ?? member?.stringValue.flatMap { Int64($0) }
        return value.flatMap { range.contains($0) ? $0 : nil }
    }
}
