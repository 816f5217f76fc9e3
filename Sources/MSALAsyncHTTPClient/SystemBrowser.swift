// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
public import MSALCore

/// The browser that the person at this machine uses: `open` on macOS, `xdg-open` or `wslview` on Linux.
public struct SystemBrowser: Sendable {
    /// How long a program that opens a browser is watched: one that still runs then is the browser itself.
    private static let patience = Duration.seconds(3)

    /// The programs to try, in order.
    private let programs: [String]
    /// Where programs are looked for.
    private let folders: [Substring]

    /// Creates the browser of this system.
    public init() {
        #if os(macOS)
            self.init(programs: ["open"], searchPath: "/usr/bin")
        #else
            let variables = ProcessInfo.processInfo.environment
            let isWindowsBelow = variables["WSL_DISTRO_NAME"] != nil
            self.init(
                programs: isWindowsBelow ? ["wslview", "xdg-open"] : ["xdg-open"],
                searchPath: variables["PATH"] ?? "/usr/bin:/bin"
            )
        #endif
    }

    /// Creates a browser that is opened by one of some programs.
    init(programs: [String], searchPath: String) {
        self.programs = programs
        folders = searchPath.split(separator: ":")
    }

    /// Opens an address.
    ///
    /// - Parameter url: an http or https address; it is given to a program as it is, without a shell.
    /// - Returns: whether a browser seems to have opened.
    public func open(_ url: String) async -> Bool {
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else { return false }
        for program in programs {
            if let path = path(of: program), await Self.run(path, url) { return true }
        }
        return false
    }

    /// Where a program is; nil if it is nowhere.
    private func path(of program: String) -> String? {
        folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program silently; whether it ended well or goes on.
    private static func run(_ path: String, _ url: String) async -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = [url]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        process.terminationHandler = { process in
            end.yield(process.terminationStatus == 0)
            end.finish()
        }
        do { try process.run() } catch { return false }
        return await withTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask { await ends.first { _ in true } ?? false }
            group.addTask {
                try? await Task.sleep(for: patience)
                return true
            }
            return await group.next() ?? false
        }
    }
}

extension InteractiveSignIn {
    /// A sign-in with the system's browser and a listener on loopback.
    ///
    /// - Parameter notice: shows the person what to do, such as by writing it to the terminal.
    /// - Returns: what an interactive sign-in needs.
    public static func systemBrowser(
        notice: @escaping @Sendable (InteractiveNotice) -> Void
    ) -> InteractiveSignIn {
        InteractiveSignIn(
            listener: LoopbackServer(),
            openBrowser: { await SystemBrowser().open($0) },
            notice: notice
        )
    }
}

extension ClientApplication where Kind == PublicClient {
    /// Acquires a token by having the person sign in with the system's browser, and writes what to do to the standard error.
    ///
    /// - Parameters:
    ///   - scopes: what to ask for besides the ID token and a refresh token, for one API.
    ///   - options: what else to ask for.
    /// - Returns: the access token, the account and the ID token.
    /// - Throws: `AuthenticationError` and `CancellationError`, as with a listener and a browser of one's own.
    public func acquireTokenInteractively(
        scopes: [String],
        options: AuthorizationOptions = AuthorizationOptions()
    ) async throws -> AuthenticationResult {
        let signIn = InteractiveSignIn.systemBrowser { notice in
            // What the provider chose of it must not be obeyed by the terminal.
            let plain = notice.description.unicodeScalars.filter { scalar in
                scalar == "\n" || ![.control, .format].contains(scalar.properties.generalCategory)
            }
            // Nobody reads a notice that cannot be written; the sign-in goes on in the browser.
            try? FileHandle.standardError.write(contentsOf: Data((String(String.UnicodeScalarView(plain)) + "\n").utf8))
        }
        return try await acquireTokenInteractively(scopes: scopes, options: options, with: signIn)
    }
}
