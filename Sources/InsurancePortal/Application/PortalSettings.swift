// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Foundation
package import MSALEmulator

/// Where the portal's settings come from.
package enum PortalSettings {
    /// The file that is read when no other is named.
    static let standardFile = "portal.json"

    /// What the bundled emulator knows about the portal.
    package static let seed = EmulatorSeed.insurance

    /// The settings for signing in at the bundled emulator.
    ///
    /// Nothing of the environment counts here.
    ///
    /// - Parameters:
    ///   - emulator: its address, such as `http://localhost:8400`.
    ///   - publicBaseURL: the portal's address.
    /// - Returns: where they are looked up.
    package static func bundled(emulator: String, publicBaseURL: String) -> ConfigReader {
        let application = seed.applications.first { application in
            application.appRoles.contains { $0.value == PortalRole.customer.rawValue }
        }
        let values: [AbsoluteConfigKey: String] = [
            "azureAd.instance": emulator,
            "azureAd.tenantId": application?.homeTenant ?? "",
            "azureAd.clientId": application?.clientID ?? "",
            "azureAd.clientSecret": application?.secrets.first?.value ?? "",
            "web.publicBaseURL": publicBaseURL,
            "web.keys": newKey(),
            "graph.baseURL": emulator,
        ]
        return ConfigReader(
            provider: InMemoryProvider(
                name: "bundled emulator",
                values: values.mapValues { ConfigValue(.string($0), isSecret: false) }
            )
        )
    }

    /// A sealing key for this process: what it seals ends with it.
    private static func newKey() -> String {
        var random = SystemRandomNumberGenerator()
        return Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }).base64EncodedString()
    }

    /// The settings for any other provider: the environment first, then a JSON file.
    ///
    /// - Parameters:
    ///   - file: the file, which has to exist; nil for `portal.json` if there is one.
    ///   - environment: the environment; the process's own unless told otherwise.
    /// - Returns: where they are looked up.
    /// - Throws: when the file cannot be read.
    static func outside(
        file: String?,
        environment: EnvironmentVariablesProvider = EnvironmentVariablesProvider()
    ) async throws -> ConfigReader {
        let place = ConfigReader(
            provider: InMemoryProvider(values: [
                "filePath": ConfigValue(.string(file ?? standardFile), isSecret: false),
                "allowMissing": ConfigValue(.bool(file == nil), isSecret: false),
            ])
        )
        return try await ConfigReader(providers: [
            environment,
            FileProvider<JSONSnapshot>(config: place),
        ])
    }

    /// The stable key of the bundled emulator's customer account, known before anybody signs in.
    package static var demoCustomerKey: String? {
        seed.users.first { $0.userPrincipalName.hasPrefix("customer@") }.map { user in
            "\(user.tenant)/\(user.id)"
        }
    }
}
