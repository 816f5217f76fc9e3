// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import MSALAsyncHTTPClient
import MSALCore
import MSALJWT

/// `msal decode`: what a token says.
struct DecodeCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Explain a token claim by claim, and check its signature if asked.",
        discussion: """
            msal token --scope api://claims/Claims.Read --show-token | tail -n 1 | msal decode -
            msal decode token.txt --verify --tenant contoso.com

            Without --verify nobody has checked who wrote the token. --verify asks the provider for its keys, and checks \
            signature, issuer and times; whom the token is for and what it allows is for its API to check. Tokens for \
            Microsoft Graph verify at Graph alone.

            \(Outcome.help) A token that --verify finds wrong or ended is refused.
            """
    )

    /// Where the token is.
    @Argument(
        help: ArgumentHelp("The file with the token; - or none reads the standard input.", valueName: "file"),
        completion: .file()
    )
    var file = "-"

    /// Whether to check the signature.
    @Flag(help: "Check signature, issuer and times with the provider's keys.")
    var verify = false

    /// Whether to write JSON.
    @Flag(help: "Write JSON.")
    var json = false

    /// Whose keys.
    @OptionGroup(title: "Provider") var provider: ProviderOptions

    /// Explains the token.
    func run() async throws {
        try await refusing(json: json) {
            // A token as an argument is in the shell's history, and readable for everybody on the machine.
            guard !file.hasPrefix("eyJ"), !file.lowercased().hasPrefix("bearer ") else {
                throw Refusal(
                    message:
                        "A token is a secret, and arguments are not: put it into a file, or give it on the standard "
                        + "input."
                )
            }
            let token = try Self.token(in: try Input.text(of: file))
            let claims = try Self.reading { () throws(JWTError) in try token.unverifiedClaims() }
            let check = verify ? try await check(token, claims) : nil
            let reading = TokenReading(header: token.header, claims: claims, check: check)
            try Terminal.print(json ? reading.json() : reading.text(now: Date()))
            if let check, !check.isGood { throw ExitCode.failure }
        }
    }

    /// The token in a text, which may be a whole `Authorization` field.
    private static func token(in text: String) throws -> UnverifiedJWT {
        var text = text
        for prefix in ["authorization:", "bearer "] where text.lowercased().hasPrefix(prefix) {
            text = text.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces)
        }
        guard !text.isEmpty else { throw Refusal(message: "There is no token: the text is empty.") }
        let token = text
        return try reading { () throws(JWTError) in try UnverifiedJWT(token) }
    }

    /// Turns an error about tokens into a sentence of the tool.
    private static func reading<Result>(_ work: () throws(JWTError) -> Result) throws -> Result {
        do throws(JWTError) {
            return try work()
        } catch {
            throw Refusal(
                message: "This cannot be read as a token: \(Terminal.plain(error.message)) Tokens of some APIs are for "
                    + "them alone to read."
            )
        }
    }

    /// Asks the provider about the token.
    private func check(_ token: UnverifiedJWT, _ claims: JWTClaims) async throws -> TokenReading.Check {
        guard let authority = try provider.namedAuthority() else {
            throw ValidationError(
                "--verify needs the provider: --authority, --tenant or --issuer, or AZURE_AD_AUTHORITY or "
                    + "AZURE_AD_TENANT_ID."
            )
        }
        let inspection = TokenInspection(authority: authority, transport: AsyncHTTPClientTransport())
        return TokenReading.Check(try await inspection.verdict(on: token), claims, now: Date())
    }
}
