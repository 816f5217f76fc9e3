// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// User names and passwords of people whose domain is federated.
@Suite struct FederatedPasswordTests {
    private static let name = "a+d&a@contoso.example"
    private static let password = "pa<s>s \"word\" & 'more'"
    private static let realmPath = "/common/userrealm/a%2Bd%26a%40contoso.example"
    private static let metadataPath = "/adfs/services/trust/mex"
    private static let old = FederationFixture.Port(
        name: "Old",
        version: .february2005,
        address: "https://sts.contoso.example/adfs/services/trust/2005/usernamemixed"
    )
    private static let new = FederationFixture.Port(
        name: "New",
        version: .oneDotThree,
        address: "https://sts.contoso.example/adfs/services/trust/13/usernamemixed"
    )

    private static func realm(_ change: (inout [String: JSONValue]) -> Void = { _ in }) -> TransportResponse {
        var members: [String: JSONValue] = [
            "ver": "1.0", "account_type": "Federated", "domain_name": "contoso.example",
            "federation_protocol": "WSTrust", "cloud_audience_urn": "urn:federation:Somewhere",
            "federation_metadata_url": "https://sts.contoso.example/adfs/services/trust/mex",
        ]
        change(&members)
        return .json(String(decoding: JSONValue.object(members).serialized(), as: UTF8.self))
    }

    private static func xml(_ text: String, status: HTTPResponse.Status = .ok) -> TransportResponse {
        TransportResponse(
            head: HTTPResponse(status: status, headerFields: [.contentType: "application/soap+xml"]),
            body: Array(text.utf8)
        )
    }

    private static func assertion(_ namespace: String) -> String {
        "<saml:Assertion xmlns:saml=\"\(namespace)\"  ID = '_1'><saml:Issuer>urn:é</saml:Issuer></saml:Assertion>"
    }

    /// A provider whose domain is federated, with one port.
    private func provider(
        _ port: FederationFixture.Port = Self.new,
        realm: TransportResponse = Self.realm(),
        metadata: TransportResponse? = nil,
        answer: @autoclosure @escaping @Sendable () -> TransportResponse
    ) -> ScriptedProvider {
        let metadata = metadata ?? Self.xml(FederationFixture(ports: [port]).document)
        return ScriptedProvider { script in
            script.answers[Self.realmPath] = { realm }
            script.answers[Self.metadataPath] = { metadata }
            script.answers[Endpoint(port.address)?.path ?? ""] = answer
        }
    }

    private func signIn(_ provider: ScriptedProvider) async throws -> AuthenticationResult {
        try await provider.makePublicApplication().acquireToken(
            byPassword: Secret(Self.password),
            of: Self.name,
            ["User.Read"],
            nil,
            RequestOptions()
        )
    }

    @Test(arguments: [
        (Self.new, SAMLAssertion.Version.two, "urn:ietf:params:oauth:grant-type:saml2-bearer"),
        (Self.new, .oneDotOne, "urn:ietf:params:oauth:grant-type:saml1_1-bearer"),
        (Self.old, .oneDotOne, "urn:ietf:params:oauth:grant-type:saml1_1-bearer"),
    ]) func anAssertionOfTheFederationServerIsExchangedAsItStands(
        port: FederationFixture.Port,
        version: SAMLAssertion.Version,
        grant: String
    ) async throws {
        let assertion = Self.assertion(version.rawValue)
        let provider = provider(port, answer: Self.xml(FederationFixture.answer(assertion, port.version)))
        let result = try await signIn(provider)
        #expect(result.account?.username == "ada@contoso.example")
        let form = provider.lastForm
        #expect(form["grant_type"] == grant)
        #expect(Base64URL.decode(form["assertion"] ?? "").map { String(decoding: $0, as: UTF8.self) } == assertion)
        #expect(form["password"] == nil && form["username"] == nil)

        let path = try #require(Endpoint(port.address)).path
        let sent = try #require(provider.transport.requests(to: path).last)
        #expect(sent.head.authority == "sts.contoso.example")
        #expect(sent.head.headerFields[.contentType] == "application/soap+xml; charset=utf-8")
        #expect(sent.head.headerFields[.soapAction] == port.version.issueAction)
        let envelope = try XMLDocument(sent.body).root
        let security = { (name: String) in XMLNode.Name(TrustNamespace.securityExtensions, name) }
        #expect(envelope.all(security("Username")).map(\.text) == [Self.name])
        #expect(envelope.all(security("Password")).map(\.text) == [Self.password])
        let addressing = { (name: String) in XMLNode.Name(TrustNamespace.addressing, name) }
        #expect(envelope.all(addressing("To")).map(\.text) == [port.address])
        #expect(envelope.all(addressing("Address")).map(\.text).contains("urn:federation:Somewhere"))
        #expect(
            envelope.all(XMLNode.Name(port.version.namespace, "KeyType")).map(\.text) == [port.version.bearerKeyType]
        )
        // The password went nowhere else.
        let others = provider.transport.requests.filter { $0.head.path != sent.head.path }
        #expect(others.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains("password") })
    }

    @Test func thePlatformTakesThePasswordOfADomainThatItManages() async throws {
        let provider = provider(
            realm: Self.realm { $0["account_type"] = "Managed" },
            answer: Self.xml("<never/>")
        )
        _ = try await signIn(provider)
        #expect(provider.lastForm["grant_type"] == "password")
        #expect(provider.lastForm["password"] == Self.password)
    }

    @Test(arguments: ["application/json", "text/html"])
    func aHostWithoutUserRealmsTakesThePasswordItself(type: String) async throws {
        let provider = provider(
            realm: TransportResponse(
                head: HTTPResponse(status: .notFound, headerFields: [.contentType: type]),
                body: Array("<html>".utf8)
            ),
            answer: Self.xml("<never/>")
        )
        _ = try await signIn(provider)
        #expect(provider.lastForm["grant_type"] == "password")
    }

    @Test func claimsThatCannotBeSentKeepThePasswordHere() async throws {
        let provider = provider(answer: Self.xml("<never/>"))
        let error = await authenticationError {
            try await provider.makePublicApplication().acquireToken(
                byPassword: Secret(Self.password),
                of: Self.name,
                ["User.Read"],
                "7",
                RequestOptions()
            )
        }
        #expect(error?.code == .claimsInvalid)
        #expect(provider.transport.requests.isEmpty)
    }

    @Test func aNameWithoutADomainAsksForNoRealm() async throws {
        let provider = ScriptedProvider()
        _ = try await provider.makePublicApplication().acquireToken(
            byPassword: Secret("p"),
            of: "ada",
            ["User.Read"],
            nil,
            RequestOptions()
        )
        #expect(provider.lastForm["grant_type"] == "password")
        #expect(!provider.transport.requests.contains { $0.head.path?.hasPrefix("/common/userrealm") == true })
    }

    @Test func aWrongPasswordIsThePersonsToMend() async throws {
        let fault = FederationFixture.fault("FailedAuthentication")
        let provider = provider(answer: Self.xml(fault, status: .internalServerError))
        let error = await authenticationError { try await signIn(provider) }
        #expect(error?.kind == .interactionRequired)
        #expect(error?.code == .federation)
        #expect(error?.serverDescription == "MSIS3127: no.")
        #expect(error?.message.contains("sts.contoso.example") == true)
        #expect(error?.correlationID != nil)
        #expect(provider.count(.token) == 0)
    }

    @Test func aRefusedPasswordIsNotSentTwice() async throws {
        let fault = FederationFixture.fault("FailedAuthentication")
        let provider = provider(answer: Self.xml(fault, status: .internalServerError))
        let application = try provider.makePublicApplication { $0.retry = .once }
        let error = await authenticationError {
            try await application.acquireToken(
                byPassword: Secret(Self.password),
                of: Self.name,
                ["User.Read"],
                nil,
                RequestOptions()
            )
        }
        #expect(error?.code == .federation)
        #expect(provider.transport.requests(to: Endpoint(Self.new.address)?.path ?? "").count == 1)
    }

    @Test func otherFaultsAreRefusals() async throws {
        let fault = FederationFixture.fault("InvalidScope")
        let provider = provider(answer: Self.xml(fault, status: .internalServerError))
        let error = await authenticationError { try await signIn(provider) }
        #expect(error?.kind == .refused)
        #expect(error?.code == .federation)
    }

    @Test(arguments: [
        (HTTPResponse.Status.badGateway, "<html/>", AuthenticationError.Kind.transient),
        (.serviceUnavailable, FederationFixture.fault("ServerBusy"), .transient),
        (.tooManyRequests, FederationFixture.fault("ServerBusy"), .throttled),
        (.notFound, "<!DOCTYPE html><p>", .rejectedResponse),
    ]) func aStatusSaysWhatToDo(
        status: HTTPResponse.Status,
        body: String,
        kind: AuthenticationError.Kind
    ) async throws {
        let provider = provider(answer: Self.xml(body, status: status))
        let error = await authenticationError { try await signIn(provider) }
        #expect(error?.kind == kind)
        #expect(error?.httpStatus == status.code)
        #expect(provider.count(.token) == 0)
    }

    /// What a federation server, or the platform speaking of one, does wrong.
    static let faults: [(name: String, realm: TransportResponse, metadata: TransportResponse?, answer: String)] = [
        ("no metadata", realm(), xml("<a/>"), ""),
        ("metadata that are no XML", realm(), xml("{}"), ""),
        ("a metadata address without TLS", realm { $0["federation_metadata_url"] = "http://sts.example/mex" }, nil, ""),
        (
            "a metadata address of this machine", realm { $0["federation_metadata_url"] = "http://localhost/mex" }, nil,
            ""
        ),
        ("no metadata address", realm { $0["federation_metadata_url"] = nil }, nil, ""),
        ("another protocol", realm { $0["federation_protocol"] = "SAML20" }, nil, ""),
        ("an answer that is no XML", realm(), nil, "no"),
        ("an answer without an assertion", realm(), nil, FederationFixture.answer("", .oneDotThree)),
        ("an assertion of another kind", realm(), nil, FederationFixture.answer("<b/>", .oneDotThree)),
        (
            "an answer of another version", realm(), nil,
            FederationFixture.answer(assertion("urn:oasis:names:tc:SAML:2.0:assertion"), .february2005)
        ),
    ]

    @Test(arguments: Self.faults.indices) func nothingIsExchangedAfter(fault: Int) async throws {
        let (_, realm, metadata, answer) = Self.faults[fault]
        let provider = provider(realm: realm, metadata: metadata, answer: Self.xml(answer))
        let error = await authenticationError { try await signIn(provider) }
        #expect([.federation, .malformedDocument].contains(error?.code))
        #expect([.misconfigured, .refused, .rejectedResponse].contains(error?.kind))
        #expect(provider.count(.token) == 0)
        #expect(!"\(String(describing: error))".contains(Self.password))
    }
}
