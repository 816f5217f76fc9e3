// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Why an ``Emulator`` cannot start.
public struct EmulatorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of trouble.
    @nonexhaustive
    public enum Code: Sendable, Hashable {
        /// Another program listens on the port.
        case portInUse
        /// The address cannot be listened on.
        case cannotListen
        /// The base URL is none.
        case invalidBaseURL
        /// The development CA cannot be made, read or written.
        case certificates
        /// It ended before it was ready.
        case stopped
    }

    /// The kind.
    public let code: Code
    /// A sentence on what happened and what helps.
    public let message: String

    /// The sentence.
    public var description: String { message }

    /// The base URL is more or less than scheme, host and port.
    static func baseURL(_ text: String) -> EmulatorError {
        EmulatorError(
            code: .invalidBaseURL,
            message: "The base URL \(text) must be a scheme, a host and perhaps a port, such as http://localhost:8400."
        )
    }

    /// A host that others could reach.
    static func notThisMachine(_ host: String) -> EmulatorError {
        EmulatorError(
            code: .cannotListen,
            message: "The emulator does not listen on \(host): all it guards is public. Use 127.0.0.1 or localhost."
        )
    }

    /// A taken port.
    static func portInUse(_ port: Int, option: String) -> EmulatorError {
        EmulatorError(
            code: .portInUse,
            message: "Port \(port) is in use by another program. Choose another one with \(option), or 0 for any."
        )
    }
}
