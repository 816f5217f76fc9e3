// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
import Synchronization

/// The Microsoft identity platform, emulated: a directory, sign-in pages, tokens and a small Graph.
///
/// It answers in two ways: ``respond(to:body:)`` needs no socket, and ``run()`` listens on this machine by http and https.
/// It is for development and tests. Everything in it is public, so never let it guard anything real.
public final class Emulator: Sendable {
    /// What the endpoints share.
    let platform: Platform
    /// The routes.
    let routes: RouterResponder<EmulatorRequestContext>
    /// Where the listeners are.
    let readiness = Readiness()

    /// Makes an emulator with its own new signing key.
    ///
    /// - Parameters:
    ///   - seed: what the directory holds.
    ///   - configuration: how it listens and behaves.
    ///   - now: the clock.
    ///   - logger: where notes go; they hold no secrets and no names of people.
    /// - Throws: ``EmulatorSeedFaults`` with everything wrong in the seed, or ``EmulatorError``.
    public init(
        seed: EmulatorSeed = .insurance,
        configuration: EmulatorConfiguration = EmulatorConfiguration(),
        now: @escaping @Sendable () -> Date = { Date() },
        logger: Logger = Logger(label: "msal.emulator")
    ) throws {
        platform = try Platform(seed: seed, configuration: configuration, now: now, logger: logger)
        routes = EmulatorRoutes(platform: platform).responder()
    }

    /// The enabled accounts, for those who print or use them.
    public var accounts: [EmulatorAccount] { platform.seed.accounts }

    /// Answers a request without a socket.
    ///
    /// Scheme and authority of the request are what the addresses in the answer start with, as long as the authority is a
    /// name of this machine.
    ///
    /// - Parameters:
    ///   - request: the head; its path carries the query.
    ///   - body: the body.
    /// - Returns: the head and the body of the answer. Redirects are not followed.
    /// - Throws: nothing that a request could cause; faults are answers.
    public func respond(to request: HTTPRequest, body: [UInt8] = []) async throws -> (HTTPResponse, [UInt8]) {
        let response = try await routes.respond(
            to: Request(head: request, body: RequestBody(buffer: ByteBuffer(bytes: body))),
            context: EmulatorRequestContext(logger: platform.logger)
        )
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return (response.head, writer.bytes)
    }

    /// Signs with a new key from now on.
    ///
    /// - Parameter keepingOldKeys: whether the older keys stay published; false is what an emergency looks like.
    /// - Throws: when no key can be made.
    public func rotateSigningKey(keepingOldKeys: Bool = true) throws {
        try platform.rotateSigningKey(keepingOldKeys: keepingOldKeys)
    }
}

/// Collects a body.
private final class CollectingWriter: ResponseBodyWriter, Sendable {
    /// What was written.
    private let collected = Mutex<[UInt8]>([])

    /// What was written.
    var bytes: [UInt8] { collected.withLock { $0 } }

    /// Takes a part.
    func write(_ buffer: ByteBuffer) async throws {
        collected.withLock { $0 += Array(buffer: buffer) }
    }

    /// Takes the end.
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
