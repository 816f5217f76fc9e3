// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import ServiceLifecycle

/// Tells the person at the terminal where the emulator is and who can sign in.
struct Announcement: Service {
    /// The emulator.
    let emulator: Emulator

    /// Waits until it listens, prints, and stays until the end.
    func run() async throws {
        let addresses = try await emulator.waitUntilReady()
        print(Self.text(addresses, accounts: emulator.accounts))
        fflush(nil)
        try await gracefulShutdown()
    }

    /// What is printed.
    static func text(_ addresses: EmulatorAddresses, accounts: [EmulatorAccount]) -> String {
        var lines = ["Identity platform emulator", "  http      \(addresses.http)"]
        if let https = addresses.https { lines.append("  https     \(https)") }
        lines.append("  metadata  \(addresses.http)/common/v2.0/.well-known/openid-configuration")
        if let path = addresses.caCertificatePath {
            lines += [
                "  CA        \(path)", "",
                "For clients that insist on https:",
                "  export REQUESTS_CA_BUNDLE='\(path)'    # Python (requests, msal)",
                "  export SSL_CERT_FILE='\(path)'         # Go, Ruby, OpenSSL",
                "  export NODE_EXTRA_CA_CERTS='\(path)'   # Node.js",
            ]
        }
        lines += ["", "Accounts (name, password, role):"]
        lines += accounts.map { account in
            ([account.username, account.password] + (account.roles.isEmpty ? ["-"] : account.roles)).joined(
                separator: " "
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
