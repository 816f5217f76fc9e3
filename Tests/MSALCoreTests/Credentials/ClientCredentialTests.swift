// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Synchronization
import Testing

@testable import MSALCore

@Suite struct ClientCredentialTests {
    private let scope = "https://graph.microsoft.com/.default"
    private let fixtures: CertificateFixtures

    init() throws {
        fixtures = try CertificateFixtures()
    }

    /// An application with a credential, and the forms of its token requests.
    private func acquire(_ credential: ClientCredential, from provider: ScriptedProvider) async throws {
        let application = try provider.makeApplication { $0.credential = credential }
        _ = try await application.acquireTokenForClient(scopes: [scope])
    }

    private func forms(_ provider: ScriptedProvider) -> [[String: String]] {
        provider.transport.requests(to: provider.path(.token)).map { form($0) }
    }

    /// Has the provider refuse the client so many times.
    private func refuse(_ times: Int, _ provider: ScriptedProvider) {
        let counter = Counter()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                counter.next() > times
                    ? .json(#"{"token_type":"Bearer","expires_in":3599,"access_token":"access-1"}"#)
                    : .json(
                        #"{"error":"invalid_client","error_description":"AADSTS700027: no"}"#,
                        status: .unauthorized
                    )
            }
        }
    }

    @Test func aSecretByCallbackIsAskedForWithEachTokenRequest() async throws {
        let provider = ScriptedProvider()
        let counter = Counter()
        let credential = ClientCredential.secret { Secret("secret-\(counter.next())") }
        let application = try provider.makeApplication { $0.credential = credential }
        for _ in 0..<2 {
            _ = try await application.acquireTokenForClient(scopes: [scope])
            _ = try await application.acquireTokenForClient(scopes: [scope])
            provider.time.advance(by: .seconds(3_600))
        }
        #expect(forms(provider).map { $0["client_secret"] } == ["secret-1", "secret-2"])
        #expect(forms(provider).allSatisfy { $0["client_id"] == ScriptedProvider.clientID })
    }

    @Test func aSecretThatWasReplacedMeanwhileIsTriedOnce() async throws {
        let provider = ScriptedProvider()
        let counter = Counter()
        refuse(1, provider)
        try await acquire(.secret { Secret("secret-\(counter.next())") }, from: provider)
        #expect(forms(provider).map { $0["client_secret"] } == ["secret-1", "secret-2"])
    }

    @Test func aSecondRefusalIsFinal() async throws {
        let provider = ScriptedProvider()
        let counter = Counter()
        refuse(2, provider)
        let error = await authenticationError {
            try await acquire(.secret { Secret("secret-\(counter.next())") }, from: provider)
        }
        #expect(error?.serverCode == "invalid_client")
        #expect(forms(provider).count == 2)
    }

    @Test func theSameSecretIsNotSentTwice() async throws {
        let provider = ScriptedProvider()
        refuse(1, provider)
        let error = await authenticationError { try await acquire(.secret { Secret("same") }, from: provider) }
        #expect(error?.serverCode == "invalid_client")
        #expect(forms(provider).count == 1)
    }

    @Test func aCertificateThatTheProviderDoesNotKnowIsReplacedOnce() async throws {
        let provider = ScriptedProvider()
        let old = try ClientCertificate(pem: fixtures.pem("other"))
        let new = try fixtures.leaf()
        let counter = Counter()
        refuse(1, provider)
        try await acquire(.certificate { counter.next() == 1 ? old : new }, from: provider)
        let thumbprints = try forms(provider).map { form in
            let header = try #require(form["client_assertion"]?.split(separator: ".").first)
            return try JSONValue(parsing: try #require(Base64URL.decode(header)))["x5t#S256"]?.stringValue
        }
        #expect(thumbprints == [old.sha256Thumbprint.base64URL, new.sha256Thumbprint.base64URL])
    }

    @Test func aFixedCertificateIsNotTriedAgain() async throws {
        let provider = ScriptedProvider()
        refuse(1, provider)
        let error = await authenticationError {
            try await acquire(.certificate(try fixtures.leaf()), from: provider)
        }
        #expect(error?.serverCode == "invalid_client")
        #expect(forms(provider).count == 1)
    }

    @Test func aRefusedAssertionIsNotUsedAgain() async throws {
        let provider = ScriptedProvider()
        let vault = try fixtures.vault()
        let credential = ClientCredential.signing(try fixtures.leaf()) { try vault.sign($0, $1) }
        refuse(1, provider)
        _ = await authenticationError { try await acquire(credential, from: provider) }
        #expect(vault.count == 1)
        try await acquire(credential, from: provider)
        try await acquire(credential, from: provider)
        #expect(vault.count == 2)
    }

    @Test func anAssertionByCallbackIsToldWhatItIsFor() async throws {
        let provider = ScriptedProvider()
        let asked = Mutex<[AssertionRequest]>([])
        try await acquire(
            .assertion { request in
                asked.withLock { $0.append(request) }
                return Secret("assertion-1")
            },
            from: provider
        )
        let request = try #require(asked.withLock { $0.first })
        #expect(request.clientID == ScriptedProvider.clientID)
        #expect(request.tokenEndpoint == ScriptedProvider.origin + provider.path(.token))
        #expect(request.tenant == ScriptedProvider.tenant)
        #expect(request.fmiPath == nil)
        let sent = try #require(provider.transport.requests(to: provider.path(.token)).first)
        #expect(sent.head.headerFields[.clientRequestID] == request.correlationID)
        #expect(form(sent)["client_assertion"] == "assertion-1")
        #expect(form(sent)["client_secret"] == nil)
    }

    @Test func aWorkloadsTokenIsReadAnewForEachRequest() async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: url) }
        let provider = ScriptedProvider()
        let credential = try ClientCredential.workloadIdentity(
            environment: ["AZURE_FEDERATED_TOKEN_FILE": url.path]
        )
        let application = try provider.makeApplication { $0.credential = credential }
        let missing = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        #expect(missing?.code == .credentialUnavailable)
        #expect(missing?.message.contains("'\(url.path)' is not there") == true)
        for token in ["token-1\n", "token-2"] {
            try Data(token.utf8).write(to: url)
            _ = try await application.acquireTokenForClient(scopes: [scope])
            provider.time.advance(by: .seconds(3_600))
        }
        #expect(forms(provider).map { $0["client_assertion"] } == ["token-1", "token-2"])
        try Data().write(to: url)
        let empty = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        #expect(empty?.message.contains("is empty") == true)
    }

    @Test func aCertificateOfTheTransportNeedsNoOtherProof() async throws {
        let provider = ScriptedProvider()
        try await acquire(.tlsClientCertificate, from: provider)
        let sent = try #require(forms(provider).first)
        #expect(sent["client_id"] == ScriptedProvider.clientID)
        #expect(sent.keys.allSatisfy { !$0.contains("assertion") && $0 != "client_secret" })
    }

    @Test(arguments: [[:], ["AZURE_FEDERATED_TOKEN_FILE": ""]])
    func aWorkloadWithoutAFileIsRefused(_ environment: [String: String]) {
        let fault = certificateFault { try ClientCredential.workloadIdentity(environment: environment) }
        #expect(fault?.kind == .misconfigured)
        #expect(fault?.code == .configurationInvalid)
        #expect(fault?.message.contains("AZURE_FEDERATED_TOKEN_FILE") == true)
    }

    @Test func anEmptyAnswerOfACallbackIsNotSent() async throws {
        for credential in [ClientCredential.secret { Secret("") }, .assertion { _ in Secret("") }] {
            let provider = ScriptedProvider()
            let error = await authenticationError { try await acquire(credential, from: provider) }
            #expect(error?.kind == .misconfigured)
            #expect(error?.code == .credentialUnavailable)
            #expect(provider.count(.token) == 0)
        }
    }

    @Test func anErrorOfACallbackLiesUnderOneThatSaysWhichCallback() async throws {
        let callbacks: [(ClientCredential, String)] = [
            (.secret { throw VaultError.sealed }, "provides the client secret"),
            (.certificate { throw VaultError.sealed }, "provides the client certificate"),
            (.assertion { _ in throw VaultError.sealed }, "provides the client assertion"),
        ]
        for (credential, words) in callbacks {
            let error = await authenticationError { try await acquire(credential, from: ScriptedProvider()) }
            #expect(error?.kind == .transient)
            #expect(error?.code == .credentialUnavailable)
            #expect(error?.message.contains(words) == true)
            #expect(error?.underlying is VaultError)
        }
        await #expect(throws: CancellationError.self) {
            try await acquire(.secret { throw CancellationError() }, from: ScriptedProvider())
        }
    }

    @Test func whatCannotWorkIsRefusedBeforeAnyRequest() throws {
        let provider = ScriptedProvider()
        let expired = try ClientCertificate(
            pem: Secret(try fixtures.certificate("expired") + fixtures.key("leaf"))
        )
        let empty = certificateFault { try provider.makeApplication { $0.credential = .secret(Secret("")) } }
        #expect(empty?.code == .configurationInvalid)
        let old = certificateFault { try provider.makeApplication { $0.credential = .certificate(expired) } }
        #expect(old?.code == .certificateInvalid)
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func nothingSecretIsPrinted() throws {
        let leaf = try fixtures.leaf()
        let credentials: [ClientCredential] = [
            .secret(Secret("very-secret")), .secret { Secret("very-secret") }, .certificate(leaf),
            .certificate { leaf },
            .signing(leaf) { _, _ in [] }, .assertion { _ in Secret("very-secret") },
            try .workloadIdentity(tokenFile: "/run/token"),
        ]
        for credential in credentials {
            var dumped = ""
            dump(credential, to: &dumped)
            let printed = "\(credential) \(String(reflecting: credential)) \(dumped)"
            #expect(!printed.contains("very-secret"))
            #expect(!printed.contains("PrivateKey"))
            #expect(Mirror(reflecting: credential).children.isEmpty)
        }
        let texts = credentials.map(\.description)
        #expect(texts[0] == "client secret")
        #expect(texts[2] == "\(leaf)")
        #expect(texts[6] == "federated token in '/run/token'")
    }
}
