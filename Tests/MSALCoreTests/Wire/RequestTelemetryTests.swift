// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT
import Testing

@testable import MSALCore

@Suite struct RequestTelemetryTests {
    private let correlationID = "3f0a1c52-7d64-4b8e-9a10-2c5e7f901b3d"

    private func api(_ member: JSONValue?) throws -> RequestTelemetry.API {
        try #require(member?.integerValue.flatMap { RequestTelemetry.API(rawValue: Int($0)) })
    }

    @Test func theFieldsAreThoseOfTheVectors() throws {
        let cases = try VectorFile("telemetry").cases
        #expect(cases.count == 5)
        for vector in cases {
            let telemetry = RequestTelemetry()
            for event in vector["after"]?.arrayValue ?? [] {
                if event["hit"] != nil {
                    telemetry.noteHit(telemetry)
                } else if event["success"] != nil {
                    // A request that succeeds has told what there was to tell.
                    _ = telemetry.last
                    telemetry.noteSuccess()
                } else {
                    let failure = try #require(event["failure"])
                    telemetry.noteFailure(
                        try api(failure["api"]),
                        correlationID: failure["correlation"]?.stringValue ?? "",
                        error: failure["error"]?.stringValue ?? ""
                    )
                }
            }
            #expect(telemetry.last == vector["last"]?.stringValue, "\(vector)")
            guard let next = vector["next"] else { continue }
            let reason = next["reason"]?.integerValue.flatMap { RequestTelemetry.Reason(rawValue: Int($0)) }
            let fields = telemetry.fields(try api(next["api"]), try #require(reason))
            #expect(fields[.currentTelemetry] == vector["current"]?.stringValue)
            #expect(fields[.lastTelemetry] == vector["last"]?.stringValue)
        }
    }

    @Test func sixUsualFailuresAreKeptAndNoMore() {
        let telemetry = RequestTelemetry()
        for _ in 0..<20 {
            telemetry.noteFailure(.client, correlationID: correlationID, error: "invalid_grant")
        }
        #expect(telemetry.last.split(separator: "invalid_grant", omittingEmptySubsequences: false).count == 7)
        #expect(telemetry.last.utf8.count < 400)
    }

    @Test(arguments: ["a,b|c", "a\r\nx: y", "ä", String(repeating: "x", count: 10_000), ""])
    func whatAProviderCallsItsErrorBreaksNeitherFieldNorSchema(_ error: String) {
        let telemetry = RequestTelemetry()
        telemetry.noteFailure(.silent, correlationID: correlationID, error: error)
        #expect(telemetry.last.utf8.count < 400)
        #expect(telemetry.last.filter { $0 == "|" }.count == 4)
        #expect(telemetry.last.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(telemetry.last.filter { $0 == "," }.count == 1)
    }

    @Test func whatComesWhileARequestIsUnderWayIsToldWithTheNext() {
        let telemetry = RequestTelemetry()
        telemetry.noteHit(telemetry)
        #expect(telemetry.fields(.client, .noAccessToken)[.lastTelemetry] == "4|1|||")
        telemetry.noteHit(telemetry)
        telemetry.noteHit(telemetry)
        telemetry.noteSuccess()
        #expect(telemetry.last == "4|2|||")
    }

    @Test func manyAtOnceLoseNothing() async {
        let telemetry = RequestTelemetry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    for _ in 0..<100 { telemetry.noteHit(telemetry) }
                    telemetry.noteFailure(.client, correlationID: "c", error: "e")
                }
            }
        }
        #expect(telemetry.last.hasPrefix("4|6400|730,c,"))
        telemetry.noteSuccess()
        #expect(telemetry.last == "4|0|||")
    }

    @Test func theLibraryAndTheApplicationAreNamed() {
        let fields = ClientFields(applicationName: "portal", applicationVersion: "2.1").fields
        #expect(fields[.clientSKU] == "MSAL.Swift")
        #expect(fields[.clientVersion] == ClientFields.version)
        #expect(["linux", "darwin"].contains(fields[.clientOS]))
        #expect(["x64", "arm64"].contains(fields[.clientCPU]))
        #expect(fields[.libraryCapability] == "retry-after, h429")
        #expect(fields[.applicationName] == "portal" && fields[.applicationVersion] == "2.1")
    }

    @Test(arguments: ["", "a\r\nInjected: yes", "Pörtal", String(repeating: "x", count: 257)])
    func aNameThatMayNotStandInAFieldIsLeftOut(_ name: String) {
        #expect(ClientFields(applicationName: name).fields[.applicationName] == nil)
        #expect(AnchorMailbox.userName(name + "\n").fields.isEmpty)
    }

    @Test func theRoutingHintIsThatOfTheVectors() throws {
        let cases = try VectorFile("small").json["clientInfo"]?.arrayValue ?? []
        #expect(!cases.isEmpty)
        for vector in cases {
            let hint = try #require(AnchorMailbox(homeAccountID: vector["homeAccountID"]?.stringValue ?? ""))
            #expect(hint.value == vector["anchorMailbox"]?.stringValue)
            #expect(hint.fields[.anchorMailbox] == vector["anchorMailbox"]?.stringValue)
        }
    }

    @Test(
        arguments: [
            ("uid.utid", "Oid:uid@utid"), ("uid-b2c_1_a.b.utid", "Oid:uid-b2c_1_a.b@utid"), ("subject", nil),
            (".utid", nil),
            ("uid.", nil), ("", nil),
        ] as [(String, String?)]
    )
    func aHomeAccountBecomesAHint(_ homeAccountID: String, _ expected: String?) {
        #expect(AnchorMailbox(homeAccountID: homeAccountID)?.value == expected)
    }

    @Test func aUserNameBecomesAHint() {
        #expect(AnchorMailbox.userName("ada@contoso.example").value == "UPN:ada@contoso.example")
        #expect(AnchorMailbox.userName("ada@contoso.example").fields[.anchorMailbox] == "UPN:ada@contoso.example")
    }
}
