// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

/// One case of Wycheproof's JWS or JWK tests, with the key set of its group.
private struct WycheproofCase {
    /// The case's number.
    let number: Int
    /// The message.
    let jws: String
    /// Whether it is to be accepted.
    let isValid: Bool
    /// The keys: a set, or one key.
    let keys: JSONValue

    /// All cases of a file, in order.
    static func all(in file: String) throws -> [WycheproofCase] {
        let groups = try #require(try PeerData.json(file)["testGroups"]?.arrayValue)
        return try groups.flatMap { group in
            let keys = try #require(group["public"] ?? group["private"])
            return try #require(group["tests"]?.arrayValue).map { test in
                WycheproofCase(
                    number: Int(try #require(test["tcId"]?.integerValue)),
                    jws: try #require(test["jws"]?.stringValue),
                    isValid: test["result"] == "valid",
                    keys: keys["keys"] == nil ? ["keys": [keys]] : keys
                )
            }
        }
    }

    /// The refusal of the bare signature check with every algorithm on; `nil` where it is accepted.
    func signatureRefusal() throws -> JWTError.Code? {
        let keys = try JSONWebKeySet(parsing: keys.serialized())
        do {
            let message = try CompactJWS(jws, maximumLength: 16_384)
            _ = try keys.verifySignature(of: message, allowing: JWSAlgorithm.supported)
            return nil
        } catch {
            return error.code
        }
    }

    /// The refusal by the policy for ID tokens; `nil` where the token is accepted.
    func policyRefusal() throws -> JWTError.Code? {
        let keys = try JSONWebKeySet(parsing: keys.serialized())
        do throws(JWTError) {
            _ = try keys.verify(UnverifiedJWT(jws))
            return nil
        } catch {
            return error.code
        }
    }
}

/// Runs of case numbers by outcome, to compare with what was written down.
private func summary(of outcomes: [(number: Int, code: JWTError.Code?)]) -> String {
    var runs: [(first: Int, last: Int, text: String)] = []
    for (number, code) in outcomes {
        let text = code.map { "\($0)" } ?? "accepted"
        if let run = runs.last, run.text == text, run.last == number - 1 {
            runs[runs.count - 1].last = number
        } else {
            runs.append((number, number, text))
        }
    }
    let lines = Dictionary(grouping: runs, by: \.text).map { text, runs in
        text + ": " + runs.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: " ")
    }
    return lines.sorted().joined(separator: "\n")
}

private let jws = "wycheproof/json_web_signature_test.json"
private let jwk = "wycheproof/json_web_key_test.json"

@Suite("Wycheproof")
struct WycheproofTests {
    /// Cases of the JWS file that are marked valid and refused here, each with its reason.
    private static let refusedSignatures: [ClosedRange<Int>: JWTError.Code] = [
        // HMAC is not offered: a key set is public.
        1...1: .algorithmNotAllowed, 348...348: .algorithmNotAllowed, 352...352: .algorithmNotAllowed,
        357...359: .algorithmNotAllowed, 376...377: .algorithmNotAllowed,
        // HMAC too, and with characters in them that are not base64url and that some readers pass over.
        372...373: .malformed,
        // The key says PS256, the message PS384: the key's algorithm counts.
        346...346: .algorithmNotAllowed, 350...350: .algorithmNotAllowed,
        // The key says ES521, which is no algorithm, so it is skipped.
        347...347: .keyNotFound, 351...351: .keyNotFound,
    ]

    @Test(
        "Signatures are judged as they should be, with every algorithm on",
        .enabled(if: PeerData.has(jws), PeerData.notice)
    )
    func judgesSignatures() throws {
        let cases = try WycheproofCase.all(in: jws)
        #expect(cases.count == 401)
        var valid = 0
        for test in cases {
            let refusal = try test.signatureRefusal()
            let exception = Self.refusedSignatures.first { $0.key.contains(test.number) }
            if let exception {
                #expect(test.isValid && refusal == exception.value, "case \(test.number)")
            } else {
                #expect(
                    (refusal == nil) == test.isValid,
                    "case \(test.number): \(refusal.map { "\($0)" } ?? "accepted")"
                )
            }
            valid += refusal == nil ? 1 : 0
        }
        #expect(valid == 32)
    }

    @Test(
        "The policy for ID tokens refuses everything but RS256, each time for the same reason",
        .enabled(if: PeerData.has(jws), PeerData.notice)
    )
    func judgesByPolicy() throws {
        let outcomes = try WycheproofCase.all(in: jws).map { ($0.number, try $0.policyRefusal()) }
        let expected = """
            algorithmNotAllowed: 1-2 5 8 16 18-19 22 25 31-32 265-267 269-271 273-319 321-324 326-344 346-348 350-352 \
            354 356-359 367 370 376-401
            json: 33 260-263 345 349
            keyNotFound: 40 353 355
            malformed: 3-4 6-7 9-15 17 20-21 23-24 26-30 35-36 38-39 41-45 259 264 268 272 320 325 360-366 368-369 \
            371-375
            signatureInvalid: 34 37 46-258
            """
        #expect(summary(of: outcomes) == expected)
    }

    @Test("Keys are judged as they should be", .enabled(if: PeerData.has(jwk), PeerData.notice))
    func judgesKeys() throws {
        let cases = try WycheproofCase.all(in: jwk)
        #expect(cases.count == 26)
        // Valid with HMAC keys, which are not offered.
        let refused: Set = [2, 13, 14, 15]
        for test in cases {
            let refusal = try test.signatureRefusal()
            #expect((refusal == nil) == (test.isValid && !refused.contains(test.number)), "case \(test.number)")
        }
        let outcomes = try cases.map { ($0.number, try $0.signatureRefusal()) }
        let expected = """
            accepted: 5
            algorithmNotAllowed: 1-4 10-18 25-26
            keyNotFound: 6-9 19-24
            """
        #expect(summary(of: outcomes) == expected)
    }

    @Test("Keys are skipped for the fault they were made with", .enabled(if: PeerData.has(jwk), PeerData.notice))
    func namesFaults() throws {
        let faults = try WycheproofCase.all(in: jwk).compactMap { test -> String? in
            let skipped = try JSONWebKeySet(parsing: test.keys.serialized()).skipped
            return skipped.isEmpty
                ? nil : "\(test.number) " + skipped.map { $0.reason.name ?? "" }.joined(separator: " ")
        }
        #expect(
            faults == [
                "1 k", "2 k k", "3 k k", "4 k k", "6 use", "7 n", "8 n", "9 e", "10 k", "11 k", "12 k", "13 k", "14 k",
                "15 k", "16 k", "17 k", "18 k", "19 alg", "20 alg", "21 use", "22 x", "23 x", "24 alg", "25 k", "26 k",
            ]
        )
    }
}
