// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import Foundation
import MSALJWT
import MSALTesting
import Synchronization
import Testing

@testable import MSALCore

/// How an application may come by a certificate.
enum CredentialShape: CaseIterable, Sendable {
    case plainPEM, encryptedPEM, derWithChain, callback, signedElsewhere

    /// The credential, with the chain sent along where the shape says so.
    func credential(_ fixtures: CertificateFixtures) throws -> ClientCredential {
        switch self {
        case .plainPEM: return .certificate(try ClientCertificate(pem: fixtures.pem("leaf")))
        case .encryptedPEM:
            let pem = try fixtures.certificate("leaf") + fixtures.key("aes256-sha512", "encrypted")
            return .certificate(
                try ClientCertificate(pem: Secret(pem), passphrase: CertificateFixtures.passphrase, sendsX5C: true)
            )
        case .derWithChain:
            let leaf = try fixtures.leaf()
            let key = try #require(leaf.privateKeyDER)
            let chain = Array(leaf.chain.reversed())
            return .certificate(try ClientCertificate(certificates: chain, privateKey: key, sendsX5C: true))
        case .callback:
            let leaf = try fixtures.leaf()
            return .certificate { leaf }
        case .signedElsewhere:
            let chain = try fixtures.certificate("issuing") + fixtures.certificate("leaf")
            let vault = try fixtures.vault()
            return .signing(try ClientCertificate(certificatePEM: chain, sendsX5C: true)) { try vault.sign($0, $1) }
        }
    }

    /// How many certificates are sent along; nil for none.
    var sentCertificates: Int? {
        switch self {
        case .plainPEM, .callback: nil
        case .encryptedPEM: 1
        case .derWithChain: 3
        case .signedElsewhere: 2
        }
    }
}

/// A key that signs somewhere else.
final class Vault: Sendable {
    private let key: _RSA.Signing.PrivateKey
    private let state = Mutex(0)

    init(pem: String) throws {
        key = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
    }

    /// How often it has signed.
    var count: Int { state.withLock { $0 } }

    func sign(_ bytes: [UInt8], _ algorithm: JWSAlgorithm) throws -> [UInt8] {
        state.withLock { $0 += 1 }
        let padding: _RSA.Signing.Padding = algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5
        return [UInt8](try key.signature(for: SHA256.hash(data: bytes), padding: padding).rawRepresentation)
    }
}

extension CertificateFixtures {
    func vault(_ key: String = "leaf") throws -> Vault {
        try Vault(pem: self.key(key))
    }
}

@Suite struct ClientAssertionTests {
    private static let endpoint = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
    private let fixtures: CertificateFixtures
    private let time = ManualTime()

    init() throws {
        fixtures = try CertificateFixtures()
    }

    private func request(
        _ authority: String = "https://login.microsoftonline.com/contoso.com",
        endpoint: String = ClientAssertionTests.endpoint,
        claims: [String: JSONValue] = [:],
        fmiPath: String? = nil
    ) throws -> ClientAuthenticationRequest {
        ClientAuthenticationRequest(
            assertion: AssertionRequest(
                clientID: "client-1",
                tokenEndpoint: endpoint,
                authority: try Authority(authority),
                fmiPath: fmiPath,
                claims: "{}",
                correlationID: "correlation-1"
            ),
            claims: claims,
            now: time.now,
            randomness: .system
        )
    }

    /// What an authentication sends, verified with the certificate's public key.
    private func read(_ answer: ClientAuthentication) throws -> (header: JSONValue, claims: JSONValue, text: String) {
        let sent = Dictionary(uniqueKeysWithValues: answer.parameters)
        #expect(sent["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        #expect(sent.count == 2)
        #expect(answer.authorization == nil)
        let text = try #require(sent["client_assertion"])
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        let header = try JSONValue(parsing: try #require(Base64URL.decode(parts[0])))
        let key = try fixtures.leaf().publicKey
        let isValid = key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: try #require(Base64URL.decode(parts[2]))),
            for: SHA256.hash(data: Array("\(parts[0]).\(parts[1])".utf8)),
            padding: header["alg"]?.stringValue == "PS256" ? .PSS : .insecurePKCS1v1_5
        )
        #expect(isValid)
        return (header, try JSONValue(parsing: try #require(Base64URL.decode(parts[1]))), text)
    }

    @Test(arguments: CredentialShape.allCases, [false, true])
    func headerAndClaimsAreWhatTheAuthorityWants(_ shape: CredentialShape, _ isADFS: Bool) async throws {
        let endpoint = isADFS ? "https://fs.contoso.com/adfs/oauth2/token" : Self.endpoint
        let authority = isADFS ? "https://fs.contoso.com/adfs" : "https://login.microsoftonline.com/contoso.com"
        let credential = try shape.credential(fixtures)
        let answer = try await credential.authenticate(try request(authority, endpoint: endpoint))
        let (header, claims, _) = try read(answer)
        let leaf = try fixtures.leaf()
        var expected: [String: JSONValue] = ["typ": "JWT"]
        if isADFS {
            expected["alg"] = "RS256"
            expected["x5t"] = .string(Base64URL.encode(Array(Insecure.SHA1.hash(data: leaf.chain[0]))))
        } else {
            expected["alg"] = "PS256"
            expected["x5t#S256"] = .string(Base64URL.encode(Array(SHA256.hash(data: leaf.chain[0]))))
        }
        expected["x5c"] = shape.sentCertificates.map { count in
            .array(leaf.chain.prefix(count).map { .string(Data($0).base64EncodedString()) })
        }
        #expect(header == .object(expected))
        let second = Int64(time.now.timeIntervalSince1970)
        let identifier = try #require(claims["jti"]?.stringValue)
        #expect(UUID(uuidString: identifier) != nil)
        #expect(
            claims
                == .object([
                    "aud": .string(endpoint), "iss": "client-1", "sub": "client-1", "jti": .string(identifier),
                    "iat": .integer(second), "nbf": .integer(second), "exp": .integer(second + 600),
                ])
        )
    }

    @Test func algorithmAudienceAndFurtherClaimsCanBeAskedFor() async throws {
        let options = ClientAssertionOptions(
            algorithm: .rs256,
            audience: "https://issuer.example",
            claims: ["client_ip": "192.0.2.1", "both": 1]
        )
        let credential = ClientCredential.certificate(try fixtures.leaf(), options: options)
        let (header, claims, _) = try read(
            try await credential.authenticate(try request(claims: ["both": 2, "more": true]))
        )
        #expect(header["alg"] == "RS256")
        #expect(header["x5t"] != nil)
        #expect(claims["aud"] == "https://issuer.example")
        #expect(claims["client_ip"] == "192.0.2.1")
        #expect(claims["both"] == 2)
        #expect(claims["more"] == true)
    }

    @Test(arguments: ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"])
    func aClaimOfTheProtocolIsNotReplaced(_ name: String) async throws {
        let leaf = try fixtures.leaf()
        let options = ClientAssertionOptions(claims: [name: "mine"])
        let atStart = certificateFault {
            try ClientCredential.certificate(leaf, options: options).validate(at: time.now)
        }
        #expect(atStart?.kind == .misconfigured)
        #expect(atStart?.code == .configurationInvalid)
        #expect(atStart?.message.contains("'\(name)'") == true)
        let asked = try request(claims: [name: "mine"])
        let atCall = await authenticationError { try await ClientCredential.certificate(leaf).authenticate(asked) }
        #expect(atCall?.kind == .invalidCall)
        #expect(atCall?.code == .configurationInvalid)
        #expect(atCall?.message.contains("'\(name)'") == true)
    }

    @Test func anAssertionIsSignedOnceAndUsedUntilShortlyBeforeItsEnd() async throws {
        let vault = try fixtures.vault()
        let credential = ClientCredential.signing(try fixtures.leaf()) { try vault.sign($0, $1) }
        let first = try read(try await credential.authenticate(try request())).text
        time.advance(by: .seconds(539))
        #expect(try read(try await credential.authenticate(try request())).text == first)
        #expect(vault.count == 1)
        time.advance(by: .seconds(1))
        #expect(try read(try await credential.authenticate(try request())).text != first)
        #expect(vault.count == 2)
    }

    @Test func eachEndpointAndEachSetOfClaimsHasAnAssertionOfItsOwn() async throws {
        let vault = try fixtures.vault()
        let credential = ClientCredential.signing(try fixtures.leaf()) { try vault.sign($0, $1) }
        for _ in 0..<2 {
            _ = try await credential.authenticate(try request())
            _ = try await credential.authenticate(try request(endpoint: Self.endpoint + "2"))
            _ = try await credential.authenticate(try request(claims: ["more": 1]))
            _ = try await credential.authenticate(try request(claims: ["more": 2]))
        }
        #expect(vault.count == 4)
    }

    @Test func anotherProviderGetsANewAssertionEachTime() async throws {
        let vault = try fixtures.vault()
        let credential = ClientCredential.signing(try fixtures.leaf()) { try vault.sign($0, $1) }
        var asked = try request()
        asked.assertion.authority = try .openIDConnect(issuer: "https://issuer.example")
        let first = try read(try await credential.authenticate(asked)).text
        #expect(try read(try await credential.authenticate(asked)).text != first)
        #expect(vault.count == 2)
    }

    @Test func manyWhoAskAtOnceShareOneSigning() async throws {
        let vault = try fixtures.vault()
        let gate = Gate()
        let credential = ClientCredential.signing(try fixtures.leaf()) { bytes, algorithm in
            await gate.wait()
            return try vault.sign(bytes, algorithm)
        }
        let asked = try request()
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask { try await credential.authenticate(asked).parameters.last?.1 ?? "" }
            }
            await gate.open()
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
        #expect(vault.count == 1)
    }

    @Test func aSignatureByAnotherKeyIsFoundBeforeItIsSent() async throws {
        let vault = try fixtures.vault("other")
        let credential = ClientCredential.signing(try fixtures.leaf()) { try vault.sign($0, $1) }
        let error = await authenticationError { try await credential.authenticate(try request()) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .certificateInvalid)
        #expect(error?.message.contains("not a signature by the key") == true)
    }

    @Test func aFailedSigningIsNotRemembered() async throws {
        let vault = try fixtures.vault()
        let failures = Mutex(1)
        let credential = ClientCredential.signing(try fixtures.leaf()) { bytes, algorithm in
            guard
                failures.withLock({ left in
                    left -= 1; return left < 0
                })
            else { throw VaultError.sealed }
            return try vault.sign(bytes, algorithm)
        }
        let error = await authenticationError { try await credential.authenticate(try request()) }
        #expect(error?.kind == .transient)
        #expect(error?.code == .credentialUnavailable)
        #expect(error?.underlying is VaultError)
        _ = try read(try await credential.authenticate(try request()))
    }

    @Test(arguments: [
        ("expired", "expired at 2021-01-01T00:00:00Z"), ("early", "not valid before 2100-01-01T00:00:00Z"),
    ])
    func aCertificateOutsideItsTimeIsRefused(_ name: String, _ words: String) async throws {
        let pem = try fixtures.certificate(name) + fixtures.key("leaf")
        let credential = ClientCredential.certificate(try ClientCertificate(pem: Secret(pem)))
        let atStart = certificateFault { try credential.validate(at: time.now) }
        #expect(atStart?.code == .certificateInvalid)
        #expect(atStart?.message.contains(words) == true)
        #expect(atStart?.message.contains("it is 2026-09-01T10:00:00Z") == true)
        let atUse = await authenticationError { try await credential.authenticate(try request()) }
        #expect(atUse?.message == atStart?.message)
    }

    @Test func aCertificateWithoutItsKeyIsRefusedAtStart() throws {
        let certificate = try ClientCertificate(certificatePEM: fixtures.certificate("leaf"))
        let fault = certificateFault { try ClientCredential.certificate(certificate).validate(at: time.now) }
        #expect(fault?.message.contains("without its private key") == true)
        try ClientCredential.signing(certificate) { _, _ in [] }.validate(at: time.now)
    }
}

/// What goes wrong in a vault.
enum VaultError: Error {
    case sealed
}
