// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Logging
public import MSALCore
public import MSALEmulator

/// An emulator without a socket, with a time that a test moves.
public struct EmulatedPlatform: Sendable {
    /// The emulator.
    public let emulator: Emulator
    /// Its time; give it to the application under test, too.
    public let time: ManualTime
    /// What carries an application's requests to the emulator.
    public let transport: EmulatorTransport

    /// Where the emulator is, as far as anybody in the process can tell.
    public static let origin = "http://localhost:8400"

    /// The settings of an application of the seed.
    ///
    /// - Parameters:
    ///   - clientID: the application; the portal of the built-in seed unless told otherwise.
    ///   - secret: its secret.
    ///   - tenant: its tenant.
    /// - Returns: the settings.
    /// - Throws: `AuthenticationError` for a tenant that cannot stand in a URL.
    public func configuration(
        clientID: String = "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6",
        secret: String = "portal-development-secret",
        tenant: String = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
    ) throws -> ApplicationConfiguration {
        ApplicationConfiguration(
            clientID: clientID,
            authority: try Authority.entra(tenant: tenant, instance: Self.origin),
            credential: .secret(Secret(secret))
        )
    }
}

/// Runs an emulator in this process for as long as a closure takes; its access tokens live an hour.
///
/// - Parameters:
///   - seed: what its directory holds; an insurance company unless told otherwise.
///   - logger: where it logs; nowhere unless told otherwise.
///   - body: the test.
/// - Returns: what the test returns.
/// - Throws: what the test throws, or what is wrong with the seed.
public func withEmulator<Result>(
    _ seed: EmulatorSeed = .insurance,
    logger: Logger = Logger(label: "msal.emulator", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: (EmulatedPlatform) async throws -> Result
) async throws -> Result {
    let time = ManualTime()
    // The platform draws the life of its tokens; a test wants to know it.
    let configuration = EmulatorConfiguration(tokenLifetime: { 3_600 })
    let emulator = try Emulator(seed: seed, configuration: configuration, now: { time.now }, logger: logger)
    return try await body(
        EmulatedPlatform(emulator: emulator, time: time, transport: EmulatorTransport(emulator: emulator))
    )
}

/// A transport that hands requests to an emulator in the same process.
public struct EmulatorTransport: HTTPTransport {
    private let emulator: Emulator

    /// Creates a transport.
    public init(emulator: Emulator) {
        self.emulator = emulator
    }

    /// Hands a request over.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        guard request.head.authority == "localhost:8400" else {
            throw TransportError.unreachable(request.head.authority ?? "")
        }
        let (head, body) = try await emulator.respond(to: request.head, body: request.body)
        guard body.count <= request.maximumResponseBytes else { throw TransportError.responseTooLarge }
        return TransportResponse(head: head, body: body)
    }
}
