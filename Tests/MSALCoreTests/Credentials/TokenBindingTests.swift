// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Tokens that are bound to a key or to a certificate, from the request to the cache.
@Suite struct TokenBindingTests {
    private let scope = "https://graph.microsoft.com/.default"

    /// A provider whose answer is of the type that was asked for, and that numbers its tokens.
    private func provider(answering type: String? = nil) -> ScriptedProvider {
        let count = Counter()
        let provider = ScriptedProvider()
        provider.change { script in
            script.token = { [unowned provider] members in
                members["access_token"] = .string("token-\(count.next())")
                members["token_type"] = .string(type ?? provider.lastForm["token_type"] ?? "Bearer")
            }
        }
        return provider
    }

    private func options(_ binding: TokenBinding) -> RequestOptions {
        var options = RequestOptions()
        options.binding = binding
        return options
    }

    @Test func aTokenForSignedRequestsNamesItsKeyAndIsKeptApart() async throws {
        let provider = provider()
        let application = try provider.makeApplication()
        let proof = try ProofOfPossession(algorithm: .es256)
        let bound = options(.signedRequests(proof))
        let first = try await application.acquireTokenForClient(scopes: [scope], options: bound)
        #expect(first.tokenType == "pop")
        #expect(provider.lastForm["token_type"] == "pop")
        #expect(provider.lastForm["req_cnf"] == proof.requestConfirmation)
        #expect(provider.lastForm["client_secret"] != nil)

        let bearer = try await application.acquireTokenForClient(scopes: [scope])
        #expect(bearer.tokenType == "Bearer")
        #expect(provider.lastForm["token_type"] == nil && provider.lastForm["req_cnf"] == nil)
        let other = options(.signedRequests(try ProofOfPossession(algorithm: .es256)))
        let third = try await application.acquireTokenForClient(scopes: [scope], options: other)
        #expect(Set([first, bearer, third].map { $0.accessToken.reveal() }).count == 3)

        let again = try await application.acquireTokenForClient(scopes: [scope], options: bound)
        #expect(again.source == .cache)
        #expect(again.tokenType == "pop")
        #expect(again.accessToken == first.accessToken)
        #expect(provider.count(.token) == 3)
    }

    @Test func aPersonsTokenCanBeBoundWithTheirRefreshToken() async throws {
        let provider = provider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        let bound = options(.signedRequests(try ProofOfPossession(algorithm: .es256)))
        for source in [AuthenticationResult.Source.identityProvider, .cache] {
            let result = try await application.acquireTokenSilently(
                scopes: ["User.Read"],
                account: account,
                options: bound
            )
            #expect(result.source == source)
            #expect(result.tokenType == "pop")
        }
        let bearer = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(bearer.source == .cache)
        #expect(bearer.tokenType == "Bearer")
    }

    @Test(arguments: [("Bearer", true), ("mtls_pop", true), ("POP", false), ("bearer", true)])
    func aTokenOfAnotherTypeIsRefused(type: String, isRefused: Bool) async throws {
        let provider = provider(answering: type)
        let application = try provider.makeApplication()
        let bound = options(.signedRequests(try ProofOfPossession(algorithm: .es256)))
        let error = await authenticationError {
            try await application.acquireTokenForClient(scopes: [scope], options: bound)
        }
        #expect(error?.code == (isRefused ? .tokenType : nil))
        #expect(error?.kind == (isRefused ? .rejectedResponse : nil))
    }

    @Test func aBoundTokenIsNoAnswerToWhoAskedForABearerToken() async throws {
        let provider = provider(answering: "pop")
        let error = await authenticationError {
            try await provider.makeApplication().acquireTokenForClient(scopes: [scope])
        }
        #expect(error?.code == .tokenType)
    }

    @Test func aCertificateOfTheConnectionBindsWithoutAnyAssertion() async throws {
        let provider = provider()
        let certificate = try CertificateFixtures().leaf()
        let application = try provider.makeApplication { $0.credential = .tlsClientCertificate }
        let bound = options(.tlsClientCertificate(certificate))
        let result = try await application.acquireTokenForClient(scopes: [scope], options: bound)
        #expect(result.authorizationHeader == "mtls_pop token-1")
        let form = provider.lastForm
        #expect(
            form.keys.sorted() == ["client_id", "client_info", "grant_type", "scope", "token_type"]
        )
        #expect(form["token_type"] == "mtls_pop")
        let again = try await application.acquireTokenForClient(scopes: [scope], options: bound)
        #expect(again.source == .cache)
        #expect(try await application.acquireTokenForClient(scopes: [scope]).source == .identityProvider)
    }

    @Test func aBoundTokenOutlivesTheProcessAsOne() async throws {
        let provider = provider()
        let store = MemoryTokenStore()
        let keys = KeyRing(.random())
        let bound = options(.signedRequests(try ProofOfPossession(pem: Secret(try CertificateFixtures().key("leaf")))))
        var sources: [AuthenticationResult.Source] = []
        for _ in 1...2 {
            let application = try ConfidentialClientApplication(
                configuration: ApplicationConfiguration(
                    clientID: ScriptedProvider.clientID,
                    authority: try provider.authority,
                    credential: .secret(Secret("s"))
                ),
                transport: provider.transport,
                tokens: TokenPersistence(store: store, keys: keys),
                time: provider.time
            )
            let result = try await application.acquireTokenForClient(scopes: [scope], options: bound)
            #expect(result.tokenType == "pop")
            sources.append(result.source)
        }
        #expect(sources == [.identityProvider, .cache])
    }

    @Test func aBoundTokenIsNotExported() async throws {
        let provider = provider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        let bound = options(.signedRequests(try ProofOfPossession(algorithm: .es256)))
        let token = try await application.acquireTokenSilently(
            scopes: ["User.Read"],
            account: account,
            options: bound
        )
        let exported = String(decoding: try await application.exportCache(), as: UTF8.self)
        #expect(exported.contains("\"token-1\""))
        #expect(!exported.contains("\"\(token.accessToken.reveal())\""))
    }

    // MARK: Where it goes

    @Test(
        arguments: [
            ("login.microsoftonline.com", nil, "mtlsauth.microsoft.com"),
            ("login.microsoftonline.com", "westus2", "westus2.mtlsauth.microsoft.com"),
            ("login.microsoftonline.us", nil, "mtlsauth.microsoftonline.us"),
            ("login.microsoftonline.us", "usgovvirginia", "usgovvirginia.mtlsauth.microsoftonline.us"),
            ("login-us.microsoftonline.com", nil, nil),
        ] as [(String, String?, String?)]
    )
    func aCertificateIsShownWhereTheCloudTakesIt(host: String, region: String?, expected: String?) async throws {
        let origin = "https://\(host)"
        let provider = ScriptedProvider { script in
            script.metadata = { members in
                for (name, value) in members {
                    let text = value.stringValue?.replacing(ScriptedProvider.origin, with: origin)
                    members[name] = text.map { .string($0) } ?? value
                }
            }
        }
        let authority = try Authority.entra(tenant: ScriptedProvider.tenant, instance: origin)
        let application = try provider.makeApplication {
            $0.authority = authority
            $0.credential = .tlsClientCertificate
            $0.region = region.map { .named($0) } ?? .off
        }
        let error = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        let asked = provider.transport.requests(to: provider.path(.token)).map { $0.head.authority }
        guard let expected else {
            #expect(error?.code == .endpointMissing)
            #expect(asked.isEmpty)
            return
        }
        #expect(error == nil)
        #expect(asked == [expected])
    }

    @Test(arguments: [
        ("https://mtls.idp.example/token", "mtls.idp.example"),
        ("http://mtls.idp.example/token", "login.microsoftonline.com"),
    ]) func anotherProviderNamesItsOwnPlace(alias: String, host: String) async throws {
        let provider = ScriptedProvider(.openIDConnect) { script in
            script.metadata = { $0["mtls_endpoint_aliases"] = ["token_endpoint": .string(alias)] }
            script.answers["/token"] = {
                .json(#"{"token_type":"Bearer","access_token":"t","expires_in":60}"#)
            }
        }
        let application = try provider.makeApplication { $0.credential = .tlsClientCertificate }
        _ = try await application.acquireTokenForClient(scopes: ["api"])
        #expect(provider.transport.requests.last?.head.authority == host)
    }

    @Test func aPlaceThatIsNotThePlatformsIsPassedOver() async throws {
        let provider = ScriptedProvider { script in
            script.metadata = { $0["mtls_endpoint_aliases"] = ["token_endpoint": "https://evil.example/token"] }
        }
        let application = try provider.makeApplication { $0.credential = .tlsClientCertificate }
        _ = try await application.acquireTokenForClient(scopes: [scope])
        #expect(provider.transport.requests.last?.head.authority == "mtlsauth.microsoft.com")
    }

    // MARK: Wrong use

    @Test func whatCannotBeKeptIsRefusedBeforeAnythingIsSent() async throws {
        let provider = provider()
        let certificate = options(.tlsClientCertificate(try CertificateFixtures().leaf()))
        let secret = try provider.makeApplication()
        let noCertificate = await authenticationError {
            try await secret.acquireTokenForClient(scopes: [scope], options: certificate)
        }
        #expect(noCertificate?.kind == .misconfigured)
        #expect(noCertificate?.code == .configurationInvalid)
        #expect(noCertificate?.message.contains("ClientCredential.tlsClientCertificate") == true)

        let key = options(.signedRequests(try ProofOfPossession(algorithm: .es256)))
        let foreign = try provider.makeApplication {
            $0.tokenProvider = { _ in ProvidedToken(accessToken: Secret("t"), lifetime: .seconds(60)) }
        }
        let ofProvider = await authenticationError {
            try await foreign.acquireTokenForClient(scopes: [scope], options: key)
        }
        #expect(ofProvider?.kind == .invalidCall)
        #expect(ofProvider?.code == .configurationInvalid)

        let another = ScriptedProvider(.openIDConnect)
        let elsewhere = await authenticationError {
            try await another.makeApplication().acquireTokenForClient(scopes: ["api"], options: key)
        }
        #expect(elsewhere?.kind == .invalidCall)
        #expect(elsewhere?.message.contains("the platform's own words") == true)
        #expect(another.transport.requests.isEmpty)

        let person = try provider.makePublicApplication()
        let ofDevice = await authenticationError {
            try await person.startDeviceCodeFlow(scopes: ["User.Read"], options: key)
        }
        #expect(ofDevice?.kind == .invalidCall)
        #expect(ofDevice?.message.contains("silently") == true)
        #expect(provider.transport.requests.isEmpty)
    }
}
