// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALJWT
import Testing

@Suite("Sealing")
struct SealerTests {
    let now = Date(timeIntervalSince1970: 1_788_256_800)
    let key = SealingKey.random()

    /// A sealed text of one minute.
    private func sealed(_ sealer: Sealer, _ value: String = "value") throws -> String {
        try sealer.seal(Array(value.utf8), purpose: "p", at: now, lifetime: .seconds(60))
    }

    @Test("What was sealed opens, with the time it was sealed, and never looks the same twice")
    func opens() throws {
        let sealer = Sealer(keys: KeyRing(key))
        let text = try sealed(sealer)
        let opened = try #require(sealer.open(text, purpose: "p", at: now.addingTimeInterval(59)))
        #expect(opened.value == Array("value".utf8))
        #expect(opened.issuedAt == now)
        #expect(try sealed(sealer) != text)
        #expect(text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isLetter || "0123456789-_".utf8.contains($0) })
    }

    @Test("It does not open for another purpose, after its time, or before it was made")
    func refuses() throws {
        let sealer = Sealer(keys: KeyRing(key))
        let text = try sealed(sealer)
        #expect(sealer.open(text, purpose: "q", at: now) == nil)
        #expect(sealer.open(text, purpose: "p", at: now.addingTimeInterval(60)) == nil)
        #expect(sealer.open(text, purpose: "p", at: now.addingTimeInterval(-61)) == nil)
        #expect(Sealer(keys: KeyRing(.random())).open(text, purpose: "p", at: now) == nil)
    }

    @Test("What JSON cannot say is not sealed")
    func refusesValuesThatAreNoJSON() {
        let error = #expect(throws: AuthenticationError.self) {
            try Sealer(keys: KeyRing(key)).seal(json: [Double.infinity], purpose: "p", at: now, lifetime: .seconds(60))
        }
        #expect(error?.kind == .refused)
        #expect(error?.code == .sealing)
        #expect(error?.message == "A value for \"p\" could not be sealed.")
        #expect(error?.underlying is EncodingError)
    }

    @Test("No altered byte opens, nor a cut or a foreign text")
    func refusesAlteredTexts() throws {
        let sealer = Sealer(keys: KeyRing(key))
        let bytes = try #require(Base64URL.decode(try sealed(sealer)))
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1
            #expect(sealer.open(Base64URL.encode(altered), purpose: "p", at: now) == nil)
            #expect(sealer.open(Base64URL.encode(bytes[..<index]), purpose: "p", at: now) == nil)
        }
        #expect(sealer.open("", purpose: "p", at: now) == nil)
        #expect(sealer.open("not base64!", purpose: "p", at: now) == nil)
    }

    @Test("After a rotation the old key still opens, and the new one seals")
    func rotates() throws {
        let new = SealingKey.random()
        let old = try sealed(Sealer(keys: KeyRing(key)))
        let rotated = Sealer(keys: KeyRing(new, opening: [key]))
        #expect(rotated.open(old, purpose: "p", at: now) != nil)
        #expect(Sealer(keys: KeyRing(new)).open(try sealed(rotated), purpose: "p", at: now) != nil)
        #expect(Sealer(keys: KeyRing(key)).open(try sealed(rotated), purpose: "p", at: now) == nil)
    }

    @Test("A key has 32 bytes, in either alphabet of base64, and never prints")
    func readsKeys() throws {
        let bytes = [UInt8](repeating: 0xFB, count: 32)
        let standard = Data(bytes).base64EncodedString()
        let one = try #require(SealingKey(base64: standard))
        let other = try #require(SealingKey(base64: Base64URL.encode(bytes)))
        let text = try sealed(Sealer(keys: KeyRing(one)))
        #expect(Sealer(keys: KeyRing(other)).open(text, purpose: "p", at: now) != nil)
        #expect(SealingKey(base64: Data(bytes.dropLast()).base64EncodedString()) == nil)
        #expect(SealingKey(base64: "äöü") == nil)
        #expect("\(one)" == "<redacted>")
        var dumped = ""
        dump(KeyRing(one), to: &dumped)
        #expect(!dumped.contains("SymmetricKey") && !dumped.contains(standard))
    }
}
