// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import MSALCore

/// `msal explain`: what an error of the platform means.
struct ExplainCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain an error of the Microsoft identity platform: its cause, its cure, and where to look.",
        discussion: """
            msal explain AADSTS50011
            msal explain 'AADSTS50011: The redirect URI … does not match'
            pbpaste | msal explain -

            \(Outcome.help) It ends with 1 if no number in the text is known.
            """
    )

    /// The words of the error.
    @Argument(
        help: ArgumentHelp("A number or a whole error text; - or none reads the standard input.", valueName: "text")
    )
    var words: [String] = []

    /// Whether to write JSON.
    @Flag(help: "Write JSON.")
    var json = false

    /// Explains each number.
    func run() async throws {
        try await refusing(json: json) {
            let text = words.isEmpty || words == ["-"] ? try Input.text(of: "-") : words.joined(separator: " ")
            let numbers = AADSTSExplanation.numbers(in: text)
            guard !numbers.isEmpty else {
                throw Refusal(message: "There is no error number in the text. They look like AADSTS50011.")
            }
            let rows = numbers.map { Row($0) }
            try Terminal.print(json ? Terminal.json(rows) : rows.map(\.text).joined(separator: "\n\n"))
            if rows.allSatisfy({ $0.cause == nil }) { throw ExitCode.failure }
        }
    }

    /// A number and what is known of it.
    private struct Row: Encodable {
        var code: String
        var cause, cure, setting: String?
        var page: String

        /// Looks a number up.
        init(_ number: Int) {
            let known = AADSTSExplanation(number: number)
            code = "AADSTS\(number)"
            cause = known?.cause
            cure = known?.cure
            setting = known?.setting
            page = "https://login.microsoftonline.com/error?code=\(number)"
        }

        /// The explanation for people.
        var text: String {
            let title = Terminal.styled(code, .strong)
            guard let cause, let cure, let setting else {
                return "\(title)\n  Not known here. Microsoft's own words: \(page)"
            }
            return """
                \(title)
                  Cause     \(cause)
                  Cure      \(cure)
                  Where     \(setting)
                """
        }
    }
}
