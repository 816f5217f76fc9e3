// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization

/// The file that keeps signing keys and refresh tokens for the next start.
///
/// The first line holds the keys, each further one a refresh token: a new token is one line more, so that it is there
/// before the client has it, however many there are. A line that cannot be read costs its own token and nothing else.
/// One process at a time uses a file.
final class StateFile: Sendable {
    /// How long a file has become.
    enum Length: Sendable {
        /// Nothing need be done.
        case isFine
        /// It holds so many lines that it should be written anew.
        case isLong
    }

    /// What a file held.
    struct Content: Sendable {
        /// The signing keys, newest first.
        var keys: [SigningKey] = []
        /// The refresh tokens that are still good, by the hash of their text.
        var refreshTokens: [[UInt8]: RefreshToken] = [:]
    }

    /// Its path.
    private let path: String
    /// Where notes go.
    private let logger: Logger
    /// How many lines were added since it was written anew; held while the file is changed.
    private let added = Mutex(0)

    /// A file that need not be there.
    init(path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// What it holds, as far as it can be used with a directory; nothing if it is missing or damaged.
    func load(directory: Directory, now: Date) -> Content {
        guard let data = FileManager.default.contents(atPath: path) else { return Content() }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        let decoder = JSONDecoder()
        guard let first = lines.first, let header = try? decoder.decode(KeptKeys.self, from: Data(first)),
            let keys = try? header.signingKeys()
        else {
            logger.warning(
                "The emulator's state file is damaged: it starts with new keys, and everybody signs in again",
                metadata: ["msal.emulator.state": "\(path)"]
            )
            return Content()
        }
        var content = Content(keys: keys)
        for line in lines.dropFirst() {
            guard let kept = try? decoder.decode(KeptRefreshToken.self, from: Data(line)),
                let token = kept.refreshToken(in: directory), token.expires > now
            else { continue }
            content.refreshTokens[Array(kept.hash)] = token
        }
        return content
    }

    /// Writes it anew, beside its place and then moved there, so that nobody ever reads half of it.
    func replace(keys: KeyRing, refreshTokens: [[UInt8]: RefreshToken]) {
        added.withLock { added in
            do {
                let encoder = JSONEncoder()
                var data = try encoder.encode(KeptKeys(keys)) + Self.newline
                for (hash, token) in refreshTokens {
                    data += try encoder.encode(KeptRefreshToken(token, hash: hash)) + Self.newline
                }
                try move(data)
                added = 0
            } catch {
                complain(error)
            }
        }
    }

    /// Adds a refresh token.
    func append(_ token: RefreshToken, hash: [UInt8]) -> Length {
        added.withLock { added in
            do {
                let line = try JSONEncoder().encode(KeptRefreshToken(token, hash: hash)) + Self.newline
                let file = try FileHandle(forWritingTo: URL(filePath: path))
                try file.seekToEnd()
                try file.write(contentsOf: line)
                try file.close()
                added += 1
            } catch {
                complain(error)
            }
            return added > GrantStore.limit ? .isLong : .isFine
        }
    }

    /// The end of a line.
    private static let newline = Data([UInt8(ascii: "\n")])

    /// Puts bytes in its place.
    private func move(_ data: Data) throws {
        let temporary = "\(path).\(Token.make())"
        let isWritten = FileManager.default.createFile(
            atPath: temporary,
            contents: data,
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten, rename(temporary, path) == 0 else {
            try? FileManager.default.removeItem(atPath: temporary)
            throw CocoaError(.fileWriteUnknown)
        }
    }

    /// Says that it could not be written; the emulator goes on without.
    private func complain(_ error: any Error) {
        logger.warning(
            "The emulator's state file cannot be written: after the next start everybody signs in again",
            metadata: ["msal.emulator.state": "\(path)", "error.type": "\(type(of: error))"]
        )
    }
}
