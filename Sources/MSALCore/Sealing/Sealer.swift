// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALJWT

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Seals small values into text that only a holder of the key ring can read, and only for the purpose it was made for.
///
/// An envelope is `1 | key id (4) | nonce (12) | AES-256-GCM of (issued, expires, value) | tag (16)` in base64url. The
/// purpose, the version and the key id are authenticated with it, so a sealed value is good for nothing else.
public struct Sealer: Sendable {
    /// The keys.
    private let keys: KeyRing
    /// The first byte of every envelope.
    private static let version: UInt8 = 1
    /// The first byte of what is sealed without an end.
    private static let recordVersion: UInt8 = 2
    /// How far in the future an issue time may lie: clocks of two machines differ.
    private static let skew: TimeInterval = 60

    /// A sealer over a key ring.
    public init(keys: KeyRing) {
        self.keys = keys
    }

    /// What came out of an envelope.
    public struct Opened: Sendable {
        /// The sealed value.
        public let value: [UInt8]
        /// When it was sealed, to the millisecond.
        public let issuedAt: Date
    }

    /// Seals `value` for `purpose`, valid from `now` for `lifetime`.
    ///
    /// - Throws: ``AuthenticationError`` with the code `sealing` if the cryptography fails, which it does for no input.
    public func seal(
        _ value: [UInt8],
        purpose: String,
        at now: Date,
        lifetime: Duration
    ) throws(AuthenticationError) -> String {
        let key = keys.sealing
        let header = [Self.version] + key.id
        let expires = now.addingTimeInterval(lifetime.inSeconds)
        let plain = Self.encode(now) + Self.encode(expires) + value
        do {
            let box = try AES.GCM.seal(plain, using: key.key, authenticating: Self.context(header, purpose))
            return Base64URL.encode(header + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
        } catch {
            throw Self.failure(purpose, error)
        }
    }

    /// Opens an envelope made for `purpose`: nil for anything altered, foreign, expired or made for something else.
    public func open(_ text: some StringProtocol, purpose: String, at now: Date) -> Opened? {
        guard let bytes = Base64URL.decode(text), bytes.count >= 5 + 12 + 16 + 16, bytes[0] == Self.version else {
            return nil
        }
        let header = Array(bytes[0..<5])
        for key in keys.keys where key.id == Array(header[1...]) {
            guard
                let nonce = try? AES.GCM.Nonce(data: bytes[5..<17]),
                let box = try? AES.GCM.SealedBox(
                    nonce: nonce,
                    ciphertext: bytes[17..<(bytes.count - 16)],
                    tag: bytes[(bytes.count - 16)...]
                ),
                let plain = try? AES.GCM.open(box, using: key.key, authenticating: Self.context(header, purpose))
            else { continue }
            let content = Array(plain)
            let issuedAt = Self.decode(content[0..<8])
            let expiresAt = Self.decode(content[8..<16])
            guard now < expiresAt, issuedAt <= now.addingTimeInterval(Self.skew) else { return nil }
            return Opened(value: Array(content[16...]), issuedAt: issuedAt)
        }
        return nil
    }

    private static func failure(_ purpose: String, _ error: any Error) -> AuthenticationError {
        AuthenticationError(.refused, .sealing, "A value for \"\(purpose)\" could not be sealed.", underlying: error)
    }

    /// What is authenticated beside the sealed bytes.
    private static func context(_ header: [UInt8], _ purpose: String) -> [UInt8] {
        header + Array("swift-msal/\(purpose)".utf8)
    }

    /// Milliseconds since 1970 in eight bytes.
    private static func encode(_ date: Date) -> [UInt8] {
        let milliseconds = UInt64(max(0, (date.timeIntervalSince1970 * 1000).rounded()))
        return (0..<8).map { UInt8(truncatingIfNeeded: milliseconds >> (56 - 8 * $0)) }
    }

    /// A date from eight bytes of milliseconds.
    private static func decode(_ bytes: ArraySlice<UInt8>) -> Date {
        let milliseconds = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

extension Sealer {
    /// Seals bytes for `purpose`, without an end: what a store keeps lives as long as the store says.
    ///
    /// - Throws: ``AuthenticationError`` with the code `sealing` if the cryptography fails, which it does for no input.
    public func seal(_ value: [UInt8], purpose: String) throws(AuthenticationError) -> [UInt8] {
        let key = keys.sealing
        let header = [Self.recordVersion] + key.id
        do {
            let box = try AES.GCM.seal(value, using: key.key, authenticating: Self.context(header, purpose))
            return header + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw Self.failure(purpose, error)
        }
    }

    /// Opens bytes sealed for `purpose`: nil for anything altered, foreign or made for something else.
    public func open(_ sealed: [UInt8], purpose: String) -> [UInt8]? {
        guard sealed.count >= 5 + 12 + 16, sealed[0] == Self.recordVersion else { return nil }
        let header = Array(sealed[0..<5])
        for key in keys.keys where key.id == Array(header[1...]) {
            guard
                let nonce = try? AES.GCM.Nonce(data: sealed[5..<17]),
                let box = try? AES.GCM.SealedBox(
                    nonce: nonce,
                    ciphertext: sealed[17..<(sealed.count - 16)],
                    tag: sealed[(sealed.count - 16)...]
                ),
                let plain = try? AES.GCM.open(box, using: key.key, authenticating: Self.context(header, purpose))
            else { continue }
            return Array(plain)
        }
        return nil
    }

    /// Seals a value as JSON.
    ///
    /// - Throws: ``AuthenticationError`` with the code `sealing` if the value cannot be encoded.
    package func seal<Value: Encodable>(
        json value: Value,
        purpose: String,
        at now: Date,
        lifetime: Duration
    ) throws(AuthenticationError) -> String {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try seal(Array(encoder.encode(value)), purpose: purpose, at: now, lifetime: lifetime)
        } catch let error as AuthenticationError {
            throw error
        } catch {
            throw Self.failure(purpose, error)
        }
    }

    /// Opens a value sealed as JSON, with the time it was sealed.
    package func open<Value: Decodable>(
        _ type: Value.Type,
        from text: some StringProtocol,
        purpose: String,
        at now: Date
    ) -> (value: Value, issuedAt: Date)? {
        guard let opened = open(text, purpose: purpose, at: now) else { return nil }
        guard let value = try? JSONDecoder().decode(type, from: Data(opened.value)) else { return nil }
        return (value, opened.issuedAt)
    }
}
