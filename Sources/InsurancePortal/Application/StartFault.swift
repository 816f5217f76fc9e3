// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import MSALCore
import MSALEmulator
import NIOCore

/// Why the portal does not start, in one sentence for the person at the terminal.
struct StartFault: Error {
    /// What happened and what helps.
    let message: String
    /// What the process ends with.
    let exitCode: Int32

    /// sysexits.h: something is wrong with the configuration.
    static let configuration: Int32 = 78

    /// A fault with its sentence.
    init(_ message: String, exitCode: Int32 = 1) {
        self.message = message
        self.exitCode = exitCode
    }

    /// What an error of the start means; nil for those that say nothing to the person at the terminal.
    init?(_ error: any Error, port: Int) {
        switch error {
        case let fault as StartFault:
            self = fault
        case let faults as ConfigurationFaults:
            self.init(faults.description, exitCode: Self.configuration)
        case let error as AuthenticationError:
            self.init(error.message, exitCode: error.kind == .misconfigured ? Self.configuration : 1)
        case let error as EmulatorError:
            self.init(error.message)
        case let error as IOError:
            self.init(error, port: port, option: "--port")
        default:
            return nil
        }
    }

    /// A port that cannot be listened on.
    init(_ error: IOError, port: Int, option: String) {
        switch error.errnoCode {
        case EADDRINUSE:
            self.init("Port \(port) is in use by another program. Choose another one with \(option), or 0 for any.")
        case EACCES:
            self.init("Port \(port) is not for ordinary users. Choose one from 1024 on with \(option).")
        default:
            self.init("Port \(port) cannot be listened on: \(error.description). Choose another one with \(option).")
        }
    }

    /// The database file that cannot be used.
    static func data(_ file: String, _ error: any Error) -> StartFault {
        let reason = (error as? DatabaseError)?.message ?? "\(error)"
        return StartFault("The data file \(file) cannot be used: \(reason). Name another one with --data.")
    }
}
