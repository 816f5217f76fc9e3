// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line of the portal.
@main
struct InsurancePortalCommand: AsyncParsableCommand {
    /// Runs the portal.
    func run() async throws {}
}
