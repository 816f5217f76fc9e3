// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import MSALCore

/// What the exit codes of the tool mean.
enum Outcome {
    /// The provider could not be asked, or asks to wait: the same may work later.
    static let notNow = ExitCode(2)

    /// The command that runs, as it was typed.
    static var command: String {
        let words = CommandLine.arguments.dropFirst().prefix { !$0.hasPrefix("-") }
        return words.prefix(words.first == CacheCommand.configuration.commandName ? 2 : 1).joined(separator: " ")
    }

    /// The exit codes in words, for help texts.
    static let help = """
        Exit codes: 0 done; 1 refused, by the provider or because a sign-in is needed or something given cannot be used; \
        2 the provider cannot be reached or asks to wait; 64 wrong usage.
        """
}

/// Runs a command's work, and turns its errors into sentences; programs get them as JSON besides.
///
/// - Parameters:
///   - json: whether to write an error as JSON too.
///   - cure: what helps where a person must act.
///   - work: the work.
/// - Returns: what the work returns.
/// - Throws: `Refusal`, or the exit code where everything was said.
func refusing<Result>(
    json: Bool = false,
    cure: String = "Sign in with: msal login",
    _ work: () async throws -> Result
) async throws -> Result {
    do {
        return try await work()
    } catch let error as AuthenticationError {
        if json { try Terminal.print(Terminal.json(Fault(error))) }
        let text = Terminal.plain("\(error)") + advice(on: error, cure)
        guard error.kind == .transient || error.kind == .throttled else { throw Refusal(message: text) }
        notice("Error: \(text)")
        throw Outcome.notNow
    } catch let error as Refusal {
        if json { try Terminal.print(Terminal.json(Fault(error))) }
        throw error
    } catch let error as ValidationError {
        // The parser is done by now and would show the help of the whole tool.
        if json { try Terminal.print(Terminal.json(Fault(Refusal(message: error.message)))) }
        notice("Error: \(Terminal.plain(error.message))\nSee 'msal \(Outcome.command) --help' for what it takes.")
        throw ExitCode.validationFailure
    }
}

/// What a person may do about an error.
private func advice(on error: AuthenticationError, _ cure: String) -> String {
    var lines: [String] = []
    if error.kind == .interactionRequired { lines.append(cure) }
    if let number = error.aadstsCodes.first, AADSTSExplanation(number: number) != nil {
        lines.append("What that number means: msal explain AADSTS\(number)")
    }
    return lines.map { "\n" + $0 }.joined()
}

/// An error for programs.
private struct Fault: Encodable {
    /// What is told of it.
    struct Details: Encodable {
        var message: String
        var kind: String?
        var serverCode: String?
        var aadstsCodes: [Int]?
        var suberror: String?
        var claims: String?
        var correlationID: String?
        var retryAfterSeconds: Double?
    }

    /// The one member of the document.
    var error: Details

    /// What a provider or the library refused.
    init(_ error: AuthenticationError) {
        self.error = Details(
            message: error.message,
            kind: "\(error.kind)",
            serverCode: error.serverCode,
            aadstsCodes: error.aadstsCodes,
            suberror: error.suberror,
            claims: error.claims,
            correlationID: error.correlationID,
            retryAfterSeconds: error.retryAfter?.inSeconds
        )
    }

    /// What the tool refused.
    init(_ refusal: Refusal) {
        error = Details(message: refusal.message)
    }
}

/// Says something beside the output.
func notice(_ text: String) {
    // What shows that somebody waits stands in the same line.
    let start = Terminal.isTerminal(STDERR_FILENO) ? Terminal.clearLine : ""
    Terminal.write(start + text + "\n")
}

/// Shows on a terminal that something takes its time, and for how long.
func waiting<Result>(for what: String, _ work: () async throws -> Result) async throws -> Result {
    guard Terminal.isTerminal(STDERR_FILENO) else { return try await work() }
    let start = ContinuousClock.now
    let ticker = Task {
        while !Task.isCancelled {
            let seconds = start.duration(to: .now).components.seconds
            let text = "Waiting for \(what), \(seconds) s (Control-C gives up)"
            Terminal.write(Terminal.clearLine + text)
            try? await Task.sleep(for: .seconds(1))
        }
    }
    let result: Swift.Result<Result, any Error>
    do {
        result = .success(try await work())
    } catch {
        result = .failure(error)
    }
    ticker.cancel()
    await ticker.value
    Terminal.write(Terminal.clearLine)
    return try result.get()
}
