// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Finds out whether a port is free.
enum PortCheck {
    /// Listens for a moment.
    ///
    /// - Throws: ``StartFault`` with a sentence that names the option to choose another port with.
    static func listen(host: String, port: Int, option: String) async throws {
        guard port != 0 else { return }
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
            try await channel.close()
        } catch let error as IOError {
            throw StartFault(error, port: port, option: option)
        } catch {
            throw StartFault("The address \(host) cannot be listened on: \(error). Choose another one with --host.")
        }
    }
}
