// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Synchronization

@testable import MSALCore

/// The platform with several tenants and people, which numbers the tokens it issues and answers as a script says.
///
/// Access tokens are `at-1`, `at-2`, …; refresh tokens `rt-1`, `rt-2`, ….
final class ScriptedTokenService: Sendable {
    /// What the token endpoint does with one request.
    enum Outcome: Sendable {
        /// Issues tokens.
        case grant
        /// Issues tokens once a gate is open.
        case grantBehind(Gate)
        /// Fails once a gate is open.
        indirect case behind(Gate, Outcome)
        /// An OAuth error.
        case error(String, suberror: String? = nil, claims: String? = nil)
        /// A status without a body, and how long to wait.
        case status(Int, retryAfter: String? = nil)
        /// No answer in time.
        case timeOut
    }

    /// One request to the token endpoint.
    struct Call: Sendable {
        var tenant: String
        var form: [String: String]

        var refreshToken: String? { form["refresh_token"] }
        var scopes: String { form["scope"] ?? "" }
    }

    /// Somebody who can sign in.
    struct Person: Sendable, Hashable {
        var name: String
        var object: String

        static let ada = Person(name: "ada", object: "11111111-2222-4333-8444-000000000001")
        static let bob = Person(name: "bob", object: "11111111-2222-4333-8444-000000000002")

        var homeAccountID: String { "\(object).\(ScriptedTokenService.home)" }
    }

    /// How the tokens are that are issued from here on.
    struct Issuing: Sendable {
        var lifetime = 3_600
        var extended: Int?
        var refreshIn: Int?
        var familyID: String?
        /// Whether a refresh brings a new refresh token.
        var rotates = true
        /// Whether a refresh token that was replaced is refused from then on.
        var isSingleUse = false
        /// What the access token is good for; what was asked for unless told otherwise.
        var granted: String?
    }

    private struct State {
        var issuing = Issuing()
        var script: [Outcome] = []
        var calls: [Call] = []
        var accessTokenCount = 0
        var refreshTokens: [String: Person] = [:]
        var refreshTokenCount = 0
        var spent: Set<String> = []
        var issued: [String: Issued] = [:]
        var refusals = 0
    }

    /// Whom an access token was issued for.
    struct Issued: Sendable, Hashable {
        var person: String
        var tenant: String
        var client: String
        var scopes: String
    }

    static let home = "3f0a1c52-7d64-4b8e-9a10-2c5e7f901b3d"
    static let other = "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"
    /// The domain of the other tenant.
    static let otherDomain = "fabrikam.example"
    /// The name that stands for every tenant.
    static let everybody = "organizations"
    static let origin = "https://login.microsoftonline.com"
    static let firstClient = "6731de76-14a6-49ae-97bc-6eba6914391e"
    static let secondClient = "00000000-14a6-49ae-97bc-6eba69143912"

    let time = ManualTime()
    private let state = Mutex(State())

    /// Changes how tokens are issued from here on.
    func issue(_ change: (inout Issuing) -> Void) {
        state.withLock { change(&$0.issuing) }
    }

    /// Puts outcomes in front of the next requests; after them tokens are granted.
    func script(_ outcomes: Outcome...) {
        state.withLock { $0.script += outcomes }
    }

    /// The requests that were not sign-ins.
    var calls: [Call] {
        state.withLock { $0.calls.filter { $0.form["grant_type"] != "authorization_code" } }
    }

    /// How many refresh tokens were refused since they were spent or never issued.
    var refusalCount: Int { state.withLock { $0.refusals } }

    /// Whom an access token was issued for; nil for a token of somebody else.
    func holder(of token: Secret) -> Issued? {
        state.withLock { $0.issued[token.reveal()] }
    }

    /// A transport to this service, with its own log.
    func makeTransport() -> ScriptedTransport {
        ScriptedTransport { [self] request in try await answer(request) }
    }

    /// An application on this service.
    func makeApplication(
        clientID: String = firstClient,
        tokens: TokenPersistence? = nil,
        transport: (any HTTPTransport)? = nil,
        _ change: (inout ApplicationConfiguration) -> Void = { _ in }
    ) throws -> ConfidentialClientApplication {
        var configuration = ApplicationConfiguration(
            clientID: clientID,
            authority: try Authority.entra(tenant: Self.home),
            credential: .secret(Secret("s3cret"))
        )
        // Each request is counted, and nobody moves the time on for a second try.
        configuration.retry = .never
        change(&configuration)
        return try ConfidentialClientApplication(
            configuration: configuration,
            transport: transport ?? makeTransport(),
            tokens: tokens,
            time: time
        )
    }

    /// Signs somebody in at an application.
    @discardableResult
    func signIn(
        _ person: Person = .ada,
        at application: ConfidentialClientApplication,
        scopes: [String] = ["User.Read"]
    ) async throws -> Account {
        let flow = try await application.startAuthorizationCodeFlow(
            scopes: scopes,
            redirectURI: "https://portal.example/callback"
        )
        let query = flow.url.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        let sent = Dictionary((FormEncoding.decode(query) ?? []).map { ($0.name, $0.value) }) { $1 }
        let form = FormEncoding.encode([
            ("code", "\(person.object) \(person.name) \(sent["nonce"] ?? "")"), ("state", sent["state"] ?? ""),
        ])
        let result = try await application.acquireToken(
            completing: flow,
            with: try AuthorizationResponse(form: form)
        )
        return result.account
            ?? Account(homeAccountID: "", environment: "", tenantID: "", localAccountID: "", username: "", name: nil)
    }

    // MARK: Answers

    private func answer(_ request: TransportRequest) async throws -> TransportResponse {
        let path = String((request.head.path ?? "").prefix { $0 != "?" })
        let tenant = path.split(separator: "/").first.map(String.init) ?? ""
        if path.hasSuffix("/openid-configuration") { return metadata(of: tenant) }
        if path.hasSuffix("/keys") { return keys }
        guard path.hasSuffix("/token") else { return .json(#"{"error":"not_found"}"#, status: .notFound) }
        let pairs = FormEncoding.decode(String(decoding: request.body, as: UTF8.self)) ?? []
        let call = Call(tenant: tenant, form: Dictionary(pairs.map { ($0.name, $0.value) }) { $1 })
        let outcome = state.withLock { state -> Outcome in
            state.calls.append(call)
            guard call.form["grant_type"] != "authorization_code", !state.script.isEmpty else { return .grant }
            return state.script.removeFirst()
        }
        return try await carryOut(outcome, call)
    }

    private func carryOut(_ outcome: Outcome, _ call: Call) async throws -> TransportResponse {
        switch outcome {
        case .grant:
            return try grant(call)
        case .grantBehind(let gate):
            await gate.wait()
            return try grant(call)
        case .behind(let gate, let outcome):
            await gate.wait()
            return try await carryOut(outcome, call)
        case .error(let code, let suberror, let claims):
            var members: [String: JSONValue] = ["error": .string(code)]
            members["suberror"] = suberror.map { .string($0) }
            members["claims"] = claims.map { .string($0) }
            return json(members, status: .badRequest)
        case .status(let status, let retryAfter):
            var head = HTTPResponse(status: HTTPResponse.Status(code: status))
            head.headerFields[.retryAfter] = retryAfter
            return TransportResponse(head: head)
        case .timeOut:
            throw TransportError.timedOut
        }
    }

    private func grant(_ call: Call) throws -> TransportResponse {
        let tenant = Self.identifier(of: call.tenant)
        if call.form["grant_type"] == "client_credentials" {
            let number = state.withLock { state in
                state.accessTokenCount += 1
                return state.accessTokenCount
            }
            return json(["token_type": "Bearer", "expires_in": 3_600, "access_token": .string("at-\(number)")])
        }
        let code = call.form["code"]?.split(separator: " ").map(String.init) ?? []
        let issued = state.withLock { state -> (Person, Issuing, Int, String?)? in
            let person: Person
            if code.count == 3 {
                person = Person(name: code[1], object: code[0])
            } else {
                guard let token = call.refreshToken, let holder = state.refreshTokens[token],
                    !state.issuing.isSingleUse || !state.spent.contains(token)
                else {
                    state.refusals += 1
                    return nil
                }
                person = holder
            }
            state.accessTokenCount += 1
            state.issued["at-\(state.accessTokenCount)"] = Issued(
                person: person.name,
                tenant: tenant,
                client: call.form["client_id"] ?? "",
                scopes: state.issuing.granted ?? call.scopes
            )
            var refreshToken: String?
            if code.count == 3 || state.issuing.rotates {
                state.refreshTokenCount += 1
                let token = "rt-\(state.refreshTokenCount)"
                state.refreshTokens[token] = person
                refreshToken = token
                if let used = call.refreshToken { state.spent.insert(used) }
            }
            return (person, state.issuing, state.accessTokenCount, refreshToken)
        }
        guard let (person, issuing, number, refreshToken) = issued else {
            return json(["error": "invalid_grant", "suberror": "bad_token"], status: .badRequest)
        }
        var members: [String: JSONValue] = [
            "token_type": "Bearer", "access_token": .string("at-\(number)"),
            "expires_in": .integer(Int64(issuing.lifetime)), "scope": .string(issuing.granted ?? call.scopes),
            "client_info": .string(ScriptedProvider.clientInfo(person.object, Self.home)),
            "id_token": .string(
                try idToken(of: person, in: tenant, for: call.form["client_id"] ?? "", code.count == 3 ? code[2] : nil)
            ),
        ]
        members["refresh_token"] = refreshToken.map { .string($0) }
        members["ext_expires_in"] = issuing.extended.map { .integer(Int64($0)) }
        members["refresh_in"] = issuing.refreshIn.map { .integer(Int64($0)) }
        members["foci"] = issuing.familyID.map { .string($0) }
        return json(members)
    }

    private func idToken(of person: Person, in tenant: String, for client: String, _ nonce: String?) throws -> String {
        let now = Int64(time.now.timeIntervalSince1970)
        // A guest is another object in each tenant.
        let object = tenant == Self.home ? person.object : "99999999" + person.object.dropFirst(8)
        var claims: [String: JSONValue] = [
            "iss": .string("\(Self.origin)/\(tenant)/v2.0"), "aud": .string(client), "tid": .string(tenant),
            "sub": .string("\(person.name)-at-\(client)-in-\(tenant)"), "oid": .string(object),
            "iat": .integer(now), "nbf": .integer(now), "exp": .integer(now + 3_600),
            "name": .string(person.name), "preferred_username": .string("\(person.name)@contoso.example"), "ver": "2.0",
        ]
        claims["nonce"] = nonce.map { .string($0) }
        return try ScriptedProvider.firstKey.sign(.object(claims), header: [:])
    }

    private func metadata(of tenant: String) -> TransportResponse {
        let base = "\(Self.origin)/\(tenant)"
        let issuer = tenant == Self.everybody ? "{tenantid}" : Self.identifier(of: tenant)
        return json([
            "issuer": .string("\(Self.origin)/\(issuer)/v2.0"),
            "authorization_endpoint": .string("\(base)/oauth2/v2.0/authorize"),
            "token_endpoint": .string("\(base)/oauth2/v2.0/token"),
            "jwks_uri": .string("\(base)/discovery/v2.0/keys"),
        ])
    }

    private var keys: TransportResponse {
        let key = ScriptedProvider.firstKey.publicKey.jsonRepresentation()
        return json(["keys": .array([key])])
    }

    /// The tenant that answers under a name; for everybody's name it is the person's own.
    private static func identifier(of tenant: String) -> String {
        switch tenant {
        case otherDomain: other
        case everybody: home
        default: tenant.lowercased()
        }
    }

    private func json(_ members: [String: JSONValue], status: HTTPResponse.Status = .ok) -> TransportResponse {
        .json(String(decoding: JSONValue.object(members).serialized(), as: UTF8.self), status: status)
    }
}

extension Result<AuthenticationResult, any Error> {
    /// The access token; nil for a failure.
    var token: String? { (try? get())?.accessToken.reveal() }
}
