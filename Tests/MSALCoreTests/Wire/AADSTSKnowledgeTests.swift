// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALCore

@Suite struct AADSTSKnowledgeTests {
    /// The numbers that a program is likely to meet.
    static let wanted = [
        16000, 16002, 160021, 28002, 28003, 50001, 500011, 500021, 500022, 50005, 50011, 50012, 50013, 500133, 50014,
        50020,
        50027, 50034, 50048, 50049, 50050, 50053, 50055, 50144, 50056, 50057, 50058, 50059, 50072, 50079, 50074, 50076,
        50078,
        50089, 50097, 50155, 50105, 50125, 50126, 50131, 50132, 50133, 50140, 50199, 50146, 501461, 50147, 501491,
        501481,
        50158, 50173, 50194, 50196, 53000, 53001, 53002, 53003, 530032, 530034, 530035, 53004, 53010, 53011, 54005,
        65001,
        65002, 65004, 65005, 650052, 650054, 650056, 650057, 70000, 70001, 700011, 700016, 700038, 70002, 700005,
        700020,
        700021, 700022, 700023, 700024, 700025, 700027, 70003, 700030, 70004, 900971, 70005, 700054, 70007, 70008,
        700082,
        700084, 70011, 7000112, 7000114, 7000215, 7000222, 7000218, 700211, 700212, 700213, 700229, 70016, 70018, 70019,
        70020, 70043, 90002, 90005, 90008, 90009, 90014, 900144, 90015, 90019, 90023, 9002313, 90100, 9001023, 90124,
        90130,
        9002332, 9002326, 9002327, 90027, 90038, 900382, 900432, 900439, 90055, 900561, 90094, 90095, 90099, 901002,
        90119,
        90120, 90121, 100007, 1002012, 1000502, 1003037, 240002,
    ]

    @Test func everyNumberIsExplainedOnce() {
        #expect(Set(Self.wanted).count == Self.wanted.count)
        #expect(AADSTSExplanation.knownNumbers == Self.wanted.sorted())
        #expect(AADSTSKnowledge.all.count == Self.wanted.count)
    }

    @Test(arguments: AADSTSKnowledge.all)
    func everyTextIsASentence(_ explanation: AADSTSExplanation) {
        for text in [explanation.cause, explanation.cure, explanation.setting] {
            #expect(text.hasSuffix(".") && !text.hasSuffix(".."), "\(text)")
            #expect(text.count > 10 && text.first?.isLowercase == false, "\(text)")
            #expect(!text.contains("  ") && !text.contains("AADSTS"), "\(text)")
        }
    }

    @Test func noTextRepeatsAnotherByAccident() {
        let causes = AADSTSKnowledge.all.map(\.cause)
        #expect(Set(causes).count == causes.count)
        #expect(Set(causes).isDisjoint(with: AADSTSKnowledge.all.map(\.cure)))
        // What is the same for several is meant to be.
        let shared: Set<String> = [
            "Sign in again.", "Sign in again and complete it.", "Sign in again and follow the steps on the page.",
            "Start the device code flow anew.",
        ]
        let own = AADSTSKnowledge.all.map(\.cure).filter { !shared.contains($0) }
        #expect(Set(own).count == own.count)
    }

    @Test(
        arguments: [
            (
                "AADSTS50011: The redirect URI 'https://a.example/12345' is not registered. Timestamp: 2026-09-01 10:00:00Z",
                [50011]
            ),
            ("50011", [50011]), ("50011: The redirect URI", [50011]), ("See 50011.", [50011]),
            (" aadsts700016 ", [700016]), ("AADSTS 65001", [65001]),
            ("50011, 65001 7000215", [50011, 65001, 7000215]),
            ("AADSTS50076 and then AADSTS65001, and AADSTS50076 again", [50076, 65001]),
            (
                #"{"error":"invalid_grant","error_codes":[50173,70043],"correlation_id":"12345678-1234-1234-1234-123456789012"}"#,
                [50173, 70043]
            ),
            ("Trace ID: 12345678-9012-3456-7890-123456789012", []), ("AADSTS", []), ("", []), ("no number", []),
            ("AADSTS99999999999999999999", []), ("port 443, localhost:50011", []),
            ("https://login.example/error?code=50011", [50011]),
            ("٥٠٠١١", []), ("AADSTS4242", [4242]), ("x50011", []), ("50011x", []), ("ä50011", []),
        ] as [(String, [Int])]
    )
    func numbersAreFoundInWhatSomebodyPasted(_ text: String, _ numbers: [Int]) {
        #expect(AADSTSExplanation.numbers(in: text) == numbers)
    }

    @Test func anyTextCanBePasted() {
        var seed = Seed(7)
        for _ in 0..<2_000 {
            let text = (0..<seed.next(12)).map { _ in
                seed.pick(["AADSTS", "aad", "1", "50011", " ", "-", "ä", "\u{0}"])
            }.joined()
            #expect(AADSTSExplanation.numbers(in: text).allSatisfy { $0 >= 0 && $0 < 1_000_000_000 })
        }
        #expect(AADSTSExplanation.numbers(in: String(repeating: "9", count: 200_000)).isEmpty)
    }

    @Test func aNumberIsLookedUp() throws {
        let explanation = try #require(AADSTSExplanation(number: 7_000_222))
        #expect(explanation.number == 7_000_222)
        #expect(explanation.setting.contains("AZURE_AD_CLIENT_SECRET"))
        #expect(AADSTSExplanation(number: 1) == nil)
    }
}
