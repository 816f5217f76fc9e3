// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The federation server that the emulator plays, and what its assertions are worth.
@Suite struct FederationTests {
    @Test func theMetadataNameTheBindingForPasswords() async throws {
        let page = try await TestBrowser.open().get(Broker.metadata)
        #expect(page.status == 200)
        #expect(page.head.headerFields[.contentType]?.hasPrefix("text/xml") == true)
        for text in [
            "<wsa10:Address>\(Broker.address)</wsa10:Address>", "WssUsernameToken10",
            #"soapAction="http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue""#,
        ] {
            #expect(page.text.contains(text))
        }
    }

    @Test(arguments: ["1.1", "2.0"])
    func anAssertionIsWorthTokens(_ version: String) async throws {
        let browser = try TestBrowser.open(seed: Broker.seed(version))
        let answer = try await browser.trust()
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.head.headerFields[.contentType] == "application/soap+xml; charset=utf-8")
        #expect(answer.text.contains("<a:RelatesTo>urn:uuid:1</a:RelatesTo>"))
        #expect(answer.text.contains("<trust:TokenType>\(Broker.namespace(version))</trust:TokenType>"))
        let assertion = try Broker.assertion(answer)
        let page = try await browser.post(Harbour.token, Broker.form(assertion, version))
        #expect(page.status == 200, "\(page.text)")
        let claims = try await browser.claims(page.json["id_token"])
        #expect(claims["preferred_username"] == .string(Broker.name))
        #expect(page.json["refresh_token"]?.stringValue != nil)
        let padded = Data(assertion.utf8).base64EncodedString()
        let standard = try await browser.post(Harbour.token, Broker.form(assertion, version, ["assertion": padded]))
        #expect(standard.status == 200, "clients use both alphabets: \(standard.text)")
        let other = version == "1.1" ? "2.0" : "1.1"
        let wrong = try await browser.post(Harbour.token, Broker.form(assertion, other))
        #expect(wrong.json["error_codes"] == [50013])
    }

    @Test(arguments: [
        "urn:oasis:names:tc:SAML:2.0:assertion",
        "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0",
    ])
    func aRequestMayNameTheVersion(_ type: String) async throws {
        let browser = try TestBrowser.open()
        let answer = try await browser.trust { request in
            request.replacing("<t:KeyType>", with: "<t:TokenType>\(type)</t:TokenType><t:KeyType>")
        }
        let page = try await browser.post(Harbour.token, Broker.form(try Broker.assertion(answer), "2.0"))
        #expect(page.status == 200, "\(page.text)")
    }

    @Test(arguments: [
        ("Broker-Pass-1", "Broker-Pass-2"), (Broker.name, "nobody@brokers.harbourmutual.example"),
        // The password of a managed person is not this server's.
        (Broker.name, "adjuster@harbourmutual.example"), ("Broker-Pass-1", ""),
    ])
    func aWrongNameOrPasswordIsAFault(_ old: String, _ new: String) async throws {
        let page = try await TestBrowser.open().trust { $0.replacing(old, with: new) }
        #expect(page.status == 500)
        #expect(page.text.contains("<s:Value>s:Sender</s:Value>"))
        #expect(page.text.contains("f:FailedAuthentication</s:Value>"))
        #expect(page.text.contains("<a:RelatesTo>urn:uuid:1</a:RelatesTo>"))
        #expect(!page.text.contains("Pass-"))
    }

    @Test(arguments: [
        ("RST/Issue</a:Action>", "RST/Renew</a:Action>"), ("13/usernamemixed</a:To>", "2005/usernamemixed</a:To>"),
        ("urn:federation:MicrosoftOnline", "urn:federation:Nobody"), ("200512/Bearer", "200512/SymmetricKey"),
        ("200512/Issue</t:RequestType>", "200512/Validate</t:RequestType>"), ("<w:Username>", "<w:Nickname>"),
        ("2026-09-21T14:", "2026-09-21T13:"), ("w:Password", "w:Passwort"), ("s:Envelope", "s:Letter"),
        ("2003/05/soap-envelope", "2003/05/soap-letter"), ("<s:Body>", "<s:Body/><s:Body>"),
        ("<s:Envelope", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><s:Envelope"),
        ("<u:Timestamp u:Id=\"_0\">", "<u:Timestamp u:Id=\"_0\" u:Id=\"_0\">"),
        ("<u:Timestamp u:Id=\"_0\">", "<u:Timestamp u:Id=\"_0\"a=\"b\">"),
        ("<u:Timestamp u:Id=\"_0\">", "<u:Timestamp u:Id=_0>"),
        ("<u:Timestamp u:Id=\"_0\">", "<u:Timestamp u:Id=\"<\">"), ("<s:Body>", "<s:Body><x:y/>"),
        ("<s:Body>", "<s:Body><?php 1?>"), ("<s:Body>", "<s:Body><![CDATA["), ("<s:Body>", "<s:Body>&#+38;"),
        ("<s:Body>", "<s:Body>" + String(repeating: "<x>", count: 50) + String(repeating: "</x>", count: 50)),
        ("<s:Body>", "<s:Body " + (0..<100).map { "a\($0)=''" }.joined(separator: " ") + ">"),
        (Broker.name, "&e;"), ("</s:Envelope>", ""), ("<w:Password>", "<w:Password>&#0;"),
    ])
    func aBadRequestIsAFault(_ old: String, _ new: String) async throws {
        let page = try await TestBrowser.open().trust { request in
            #expect(request.contains(old))
            return request.replacing(old, with: new)
        }
        #expect(page.status == 500)
        #expect(page.text.contains("<s:Fault>"))
        #expect(!page.text.contains("Assertion"))
    }

    @Test func onlySOAPIsRead() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.send(
            .post,
            Broker.path,
            body: Broker.request,
            headers: [.contentType: "text/xml; charset=utf-8"]
        )
        #expect(page.text.contains("f:InvalidRequest</s:Value>"))
    }

    /// What somebody does to an assertion on its way, and the number of the error.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let code: Int
        var testDescription: String { "\(old) > \(new)" }
    }

    @Test(arguments: [
        Tampering(old: Broker.name, new: "adjuster@harbourmutual.example", code: 50013),
        Tampering(old: "2026-09-21T14:", new: "2027-09-21T14:", code: 50013),
        Tampering(old: "<ds:SignatureValue>", new: "<ds:SignatureValue>A", code: 50013),
        Tampering(old: "<ds:SignatureValue>", new: "<ds:Nothing/><ds:SignatureValue>", code: 50013),
        Tampering(old: "</saml:Assertion>", new: "</saml:Assertion> ", code: 50013),
        Tampering(old: "</saml:Assertion>", new: "</saml:Assertion><x/>", code: 50013),
        Tampering(old: "<saml:Assertion", new: "<saml:Claim", code: 50013),
        Tampering(old: "ds:SignatureValue", new: "ds:Value", code: 50013),
    ])
    func aChangedAssertionIsWorthNothing(_ tampering: Tampering) async throws {
        let browser = try TestBrowser.open()
        let assertion = try Broker.assertion(try await browser.trust())
        #expect(assertion.contains(tampering.old))
        let changed = assertion.replacing(tampering.old, with: tampering.new)
        let page = try await browser.post(Harbour.token, Broker.form(changed, "1.1"))
        #expect(page.status == 400)
        #expect(page.json["error"] == "invalid_grant")
        #expect(page.json["error_codes"] == [.integer(Int64(tampering.code))])
    }

    @Test func anAssertionOfAnotherServerIsWorthNothing() async throws {
        let assertion = try Broker.assertion(try await TestBrowser.open().trust())
        let page = try await TestBrowser.open().post(Harbour.token, Broker.form(assertion, "1.1"))
        #expect(page.json["error_codes"] == [50013])
    }

    @Test func anAssertionLivesAnHour() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let assertion = try Broker.assertion(try await browser.trust())
        clock.advance(by: 3599)
        #expect(try await browser.post(Harbour.token, Broker.form(assertion, "1.1")).status == 200)
        clock.advance(by: 1)
        let page = try await browser.post(Harbour.token, Broker.form(assertion, "1.1"))
        #expect(page.json["error_codes"] == [500_133])
    }

    @Test(
        arguments: [
            (["assertion": nil], "invalid_request", 900144), (["assertion": "%%%"], "invalid_grant", 50013),
            (["assertion": "bm8geG1s"], "invalid_grant", 50013), (["scope": nil], "invalid_request", 900144),
            (["client_id": Harbour.portal], "invalid_client", 7_000_218),
        ] as [([String: String?], String, Int)]
    )
    func theRequestMustBeWhole(_ changes: [String: String?], _ error: String, _ code: Int) async throws {
        let browser = try TestBrowser.open()
        let assertion = try Broker.assertion(try await browser.trust())
        let page = try await browser.post(Harbour.token, Broker.form(assertion, "1.1", changes))
        #expect(page.json["error"] == .string(error))
        #expect(page.json["error_codes"] == [.integer(Int64(code))])
    }

    @Test func namesAndPasswordsMayHoldAnything() async throws {
        var seed = EmulatorSeed.insurance
        let index = try #require(seed.users.firstIndex { $0.userPrincipalName == Broker.name })
        seed.users[index].password = "<&>\"' ]]> ü\u{1F511}"
        seed.users[index].userPrincipalName = "o'b&r<o>k\"er@brokers.harbourmutual.example"
        let browser = try TestBrowser.open(seed: seed)
        let answer = try await browser.trust { request in
            request.replacing("Broker-Pass-1", with: "&lt;&#38;<![CDATA[>\"' ]]>]]&gt; &#xfc;&#x1f511;")
                .replacing(Broker.name, with: "o&apos;b&amp;r&lt;o&gt;k&quot;er@brokers.harbourmutual.example")
        }
        #expect(answer.status == 200, "\(answer.text)")
        let page = try await browser.post(Harbour.token, Broker.form(try Broker.assertion(answer), "1.1"))
        let claims = try await browser.claims(page.json["id_token"])
        #expect(claims["preferred_username"]?.stringValue == seed.users[index].userPrincipalName)
    }

    @Test func aFederatedDomainIsCheckedInTheSeed() throws {
        var seed = EmulatorSeed.insurance
        seed.tenants[0].federatedDomains += [
            EmulatorSeed.FederatedDomain("harbourmutual.example"),
            EmulatorSeed.FederatedDomain("a.example", samlVersion: "3"),
        ]
        let faults = try #require(throws: EmulatorSeedFaults.self) { try Emulator(seed: seed) }
        #expect(
            faults.faults.map(\.path) == [
                "tenants[0].federatedDomains[2].samlVersion", "tenants[0].federatedDomains[1].name",
            ]
        )
    }

    @Test func aSeedFileNamesFederatedDomainsAndPublicClients() async throws {
        let json = """
            {"tenants": [{"id": "\(Harbour.tenant)", "displayName": "T", "domains": ["t.example"],
                          "federatedDomains": [{"name": "F.example", "samlVersion": "2.0"}, {"name": "g.example"}]}],
             "users": [{"id": "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d401", "tenant": "t.example", "displayName": "U",
                        "userPrincipalName": "u@f.example", "password": "p", "passwordExpired": true}],
             "applications": [{"clientID": "\(Device.client)", "displayName": "P", "homeTenant": "t.example",
                               "secrets": [{"value": "s"}], "allowPublicClient": true}]}
            """
        let seed = try EmulatorSeed(json: Array(json.utf8))
        #expect(seed.tenants[0].federatedDomains.map(\.samlVersion) == ["2.0", "1.1"])
        #expect(seed.users[0].hasExpiredPassword)
        #expect(seed.applications[0].allowsPublicClientFlows == true)
        let realm = try await TestBrowser.open(seed: seed).get("/common/userrealm/u@F.EXAMPLE?api-version=1.0")
        #expect(realm.json["account_type"] == "Federated")
        let wrong = json.replacing("\"allowPublicClient\": true", with: "\"allowPublicClient\": 1")
        #expect(throws: EmulatorSeedFaults.self) { try EmulatorSeed(json: Array(wrong.utf8)) }
    }
}
