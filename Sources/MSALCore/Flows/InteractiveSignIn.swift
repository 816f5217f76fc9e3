// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What an interactive sign-in needs of the machine it runs on.
public struct InteractiveSignIn: Sendable {
    /// What takes the browser's answer.
    public var listener: any LoopbackListener

    /// Opens an address in the person's browser; false if that cannot be done.
    public var openBrowser: @Sendable (String) async -> Bool

    /// Shows the person what to do; called on no particular thread, and not to be kept waiting.
    public var notice: @Sendable (InteractiveNotice) -> Void

    /// How long the person may take in the browser: five minutes unless told otherwise, a quarter of an hour at most.
    public var timeLimit: Duration = .seconds(300)

    /// Creates the needs.
    ///
    /// - Parameters:
    ///   - listener: what takes the browser's answer.
    ///   - openBrowser: opens an address in the person's browser; false if that cannot be done.
    ///   - notice: shows the person what to do.
    public init(
        listener: any LoopbackListener,
        openBrowser: @escaping @Sendable (String) async -> Bool,
        notice: @escaping @Sendable (InteractiveNotice) -> Void
    ) {
        self.listener = listener
        self.openBrowser = openBrowser
        self.notice = notice
    }
}

/// What a person must know while a sign-in waits for them.
@nonexhaustive
public enum InteractiveNotice: Sendable {
    /// A browser was opened at this address.
    case browser(url: String)
    /// No browser can be used here, so the person enters a code on any device; this came in place of the browser.
    case deviceCode(DeviceCodeFlow, instead: BrowserObstacle)
}

extension InteractiveNotice: CustomStringConvertible {
    /// The notice in sentences.
    ///
    /// Where to enter the code and the code itself are text from outside.
    public var description: String {
        switch self {
        case .browser(let url):
            "Sign in with the browser that has opened. If none has, open this address on this machine:\n\(url)"
        case .deviceCode(let flow, let obstacle):
            "\(obstacle). \(flow.instruction)"
        }
    }
}

extension DeviceCodeFlow {
    /// What the person must do, in a sentence; where to enter the code and the code itself are text from outside.
    public var instruction: String {
        "Open \(verificationURI) on any device and enter the code \(userCode) to sign in."
    }
}

/// Why no browser of this machine can be used.
@nonexhaustive
public enum BrowserObstacle: Error, Sendable, Hashable {
    /// The program runs in a session from another machine (ssh).
    case remoteSession
    /// The machine has no display.
    case noDisplay
    /// No browser could be opened.
    case noBrowser
    /// There is no free port on loopback.
    case noListener

    /// What is in the way, as far as the environment tells; nil when a browser may be tried.
    ///
    /// - Parameters:
    ///   - environment: reads a variable of the process.
    ///   - needsDisplay: whether browsers need a display server that the environment names, as they do on Linux.
    init?(environment: (String) -> String?, needsDisplay: Bool) {
        func isSet(_ name: String) -> Bool { environment(name).map { !$0.isEmpty } ?? false }
        if isSet("SSH_CONNECTION") || isSet("SSH_TTY") {
            self = .remoteSession
        } else if needsDisplay, !isSet("DISPLAY"), !isSet("WAYLAND_DISPLAY"), !isSet("WSL_DISTRO_NAME") {
            // The Windows Subsystem for Linux opens browsers of Windows.
            self = .noDisplay
        } else {
            return nil
        }
    }
}

extension BrowserObstacle: CustomStringConvertible {
    /// What is in the way, without a full stop.
    public var description: String {
        switch self {
        case .remoteSession: "This session comes from another machine, whose browser cannot be opened from here"
        case .noDisplay: "This machine has no display for a browser"
        case .noBrowser: "No browser could be opened"
        case .noListener: "There is no free port on this machine that a browser could answer to"
        }
    }
}
