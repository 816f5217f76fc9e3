// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore

/// What a command reads from files, from the environment and from the standard input.
enum Input {
    /// The longest text that is read.
    private static let maximumLength = 1_048_576

    /// A variable of the environment; nil if it is not set or empty.
    static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The text of a file, or of the standard input for -, without space around it.
    static func text(of path: String) throws -> String {
        let data: Data?
        if path == "-" {
            if isatty(STDIN_FILENO) == 1 { notice("Type or paste the text, then Control-D.") }
            data = try standardInput(upTo: maximumLength + 1)
        } else {
            data =
                FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: maximumLength + 1) }
                ?? (FileManager.default.isReadableFile(atPath: path) ? Data() : nil)
        }
        guard let data else { throw Refusal(message: "The file \(Terminal.plain(path)) cannot be read.") }
        guard data.count <= maximumLength else {
            throw Refusal(message: "There is more than a megabyte in \(path == "-" ? "the standard input" : path).")
        }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What stands on the standard input, up to a number of bytes.
    static func standardInput(upTo count: Int = .max) throws -> Data {
        do {
            return try FileHandle.standardInput.read(upToCount: count) ?? Data()
        } catch {
            throw Refusal(message: "The standard input cannot be read.")
        }
    }

    /// A secret from a file, or from the standard input for -.
    static func secret(inFile path: String) throws -> Secret {
        let text = try text(of: path)
        guard !text.isEmpty else {
            throw Refusal(message: "There is no secret in \(path == "-" ? "the standard input" : path).")
        }
        return Secret(text)
    }

    /// A secret from the environment.
    static func secret(inVariable name: String) throws -> Secret {
        guard let value = variable(name) else {
            throw Refusal(message: "The environment variable \(Terminal.plain(name)) is not set.")
        }
        return Secret(value)
    }
}
