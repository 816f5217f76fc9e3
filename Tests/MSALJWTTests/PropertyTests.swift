// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

/// A small generator with a fixed start (SplitMix64), so that every run sees the same inputs.
private struct Seeded: RandomNumberGenerator {
    /// The state.
    var state: UInt64

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// The bytes with one to four small changes: replaced, removed, inserted, doubled or cut.
private func mutated(_ original: [UInt8], with random: inout Seeded) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let interesting = Array("{}[]\",:\\.=0-9eE+uDaA_ \n".utf8)
        let byte =
            Bool.random(using: &random)
            ? interesting.randomElement(using: &random) : UInt8.random(in: 0...255, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = byte ?? 0
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(byte ?? 0, at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<min(place + 12, bytes.count)], at: place)
        default: bytes.removeSubrange(place..<min(place + Int.random(in: 1...20, using: &random), bytes.count))
        }
    }
    return bytes
}

/// A random value of bounded depth.
private func randomJSON(depth: Int, with random: inout Seeded) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
    case 3:
        let number = Double(bitPattern: random.next())
        return .number(number.isFinite ? number : 0.5)
    case 4, 5: return .string(randomText(with: &random))
    case 6:
        return .array(
            (0..<Int.random(in: 0..<4, using: &random)).map { _ in randomJSON(depth: depth - 1, with: &random) }
        )
    default:
        let members = (0..<Int.random(in: 0..<5, using: &random)).map { _ in
            (randomText(with: &random), randomJSON(depth: depth - 1, with: &random))
        }
        return .object(Dictionary(members) { _, last in last })
    }
}

/// A random text with characters of every UTF-8 length, controls and escapes.
private func randomText(with random: inout Seeded) -> String {
    let pieces = ["a", "\"", "\\", "/", "\n", "\u{0}", "\u{1f}", "\u{7f}", "é", "e\u{301}", "\u{ffff}", "😀", "0", " "]
    return (0..<Int.random(in: 0..<6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
}

@Suite("Whatever comes in")
struct PropertyTests {
    @Test("Bytes survive base64url, and every accepted text is the canonical one")
    func base64RoundTrip() {
        var random = Seeded(state: 1)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let text = Base64URL.encode(bytes)
            #expect(Base64URL.decode(text) == bytes)
            let other = String(decoding: mutated(Array(text.utf8), with: &random), as: UTF8.self)
            if let decoded = Base64URL.decode(other) {
                #expect(Base64URL.encode(decoded) == other)
            }
        }
    }

    @Test("Values survive being written and read, and equal ones hash alike")
    func jsonRoundTrip() throws {
        var random = Seeded(state: 2)
        for _ in 0..<2000 {
            let value = randomJSON(depth: 4, with: &random)
            let text = value.serialized()
            let read = try JSONValue(parsing: text)
            #expect(read == value && read.hashValue == value.hashValue && read.serialized() == text)
            if case .object(let members) = value {
                #expect(try JWTClaims(parsing: text).all == members)
            }
        }
    }

    @Test("Changed JSON never traps, and both readers give the same verdict each time")
    func jsonMutations() {
        var random = Seeded(state: 3)
        var accepted = 0
        for _ in 0..<10_000 {
            var original: JSONValue = .object(["a": randomJSON(depth: 3, with: &random)])
            if case .object(var members) = original {
                members[randomText(with: &random)] = 1
                original = .object(members)
            }
            let text = mutated(original.serialized(), with: &random)
            let tree = Result { () throws(JWTError) in try JSONValue(parsing: text) }
            let members = Result { () throws(JWTError) in try JSONMembers(parsing: text) }
            let treeIsObject = (try? tree.get())?.objectValue != nil
            let membersAreObject = (try? members.get()) != nil
            #expect(treeIsObject == membersAreObject, "\(String(decoding: text, as: UTF8.self))")
            if membersAreObject {
                #expect((try? JWTClaims(parsing: text))?.all == (try? tree.get())?.objectValue)
                accepted += 1
            }
            #expect(Result { () throws(JWTError) in try JSONValue(parsing: text) } == tree)
        }
        // Neither all nor none: the mutations find both sides.
        #expect((500...9500).contains(accepted))
    }

    @Test("A changed token never traps, is never accepted, and is refused for the same reason twice")
    func tokenMutations() throws {
        let signer = try Keys.one.get()
        let keys = try keySet(jwk(signer))
        let original = Array(try signer.sign(.object(Given.claims)).utf8)
        let verdict = { (text: String) -> JWTError? in
            do throws(JWTError) {
                _ = try keys.verify(UnverifiedJWT(text))
                return nil
            } catch {
                return error
            }
        }
        #expect(verdict(String(decoding: original, as: UTF8.self)) == nil)
        var random = Seeded(state: 4)
        var reasons: Set<JWTError.Code> = []
        for _ in 0..<5000 {
            let bytes = mutated(original, with: &random)
            let text = String(decoding: bytes, as: UTF8.self)
            guard bytes != original else { continue }
            let error = verdict(text)
            #expect(error != nil, "\(text)")
            #expect(verdict(text) == error)
            if let error { reasons.insert(error.code) }
        }
        #expect(reasons.isSuperset(of: [.malformed, .signatureInvalid]))
        #expect(verdict(String(decoding: original, as: UTF8.self)) == nil)
    }

    @Test("A signed token with changed claims is checked without a trap")
    func claimMutations() throws {
        let signer = try Keys.one.get()
        let keys = try keySet(jwk(signer, ["issuer": .string(Given.template)]))
        let rules = IDTokenRules(
            issuer: .template(Given.template),
            clientID: Given.client,
            nonce: Given.nonce,
            tenantID: Given.tenant,
            maximumAge: .seconds(60)
        )
        let header = JSONValue.object(["alg": "RS256", "kid": "one"]).serialized()
        let claims = JSONValue.object(Given.claims.changed(by: ["auth_time": .integer(Given.seconds)])).serialized()
        var random = Seeded(state: 5)
        for _ in 0..<300 {
            let text = mutated(claims, with: &random)
            guard !text.isEmpty else { continue }
            let token = try UnverifiedJWT(signer.sign(header: header, payload: text))
            guard let verified = try? keys.verify(token) else { continue }
            let first = Result { () throws(JWTError) in try rules.check(verified, at: Given.now) }
            let second = Result { () throws(JWTError) in try rules.check(verified, at: Given.now) }
            #expect("\(first)" == "\(second)")
        }
    }

    @Test("A changed key set is read or refused without a trap, twice the same")
    func keySetMutations() throws {
        let original = JSONWebKeySet(keys: try Keys.all.get().map(\.publicKey)).jsonRepresentation().serialized()
        var random = Seeded(state: 6)
        for _ in 0..<1000 {
            let text = mutated(original, with: &random)
            let first = Result { () throws(JWTError) in try JSONWebKeySet(parsing: text) }
            #expect(Result { () throws(JWTError) in try JSONWebKeySet(parsing: text) } == first)
        }
    }
}
