// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALTesting
import Testing

@testable import MSALCore

/// One row of a table of token requests: what is done, and what goes over the wire for it.
struct WireRow: Sendable, CustomTestStringConvertible {
    /// What is asked for.
    let flow: String
    /// The form without what every request of the client carries, as `name=value`; `*` for what is random.
    let form: [String]
    /// The routing hint.
    var anchor: String?
    /// What `x-client-current-telemetry` says between `4|` and `|`.
    let telemetry: String
    /// Whether the client proves itself.
    var isConfidential = true
    /// Where this differs from MSAL for Python, and why.
    var difference = ""
    /// Where the provider departs from the usual.
    var script: @Sendable (inout ScriptedProvider.Script) -> Void = { _ in }
    /// What leads to the request; the last one to the token endpoint counts.
    let run: @Sendable (ScriptedProvider) async throws -> Void

    var testDescription: String { flow }

    /// The whole form, sorted.
    var expected: [String] {
        let common = ["client_id=\(ScriptedProvider.clientID)", "client_info=1"]
        return (form + common + (isConfidential ? ["client_secret=s3cr:t with space"] : [])).sorted()
    }
}

/// The form of a request as a multiset: `name=value`, sorted, with `*` for what is random.
func wireForm(_ request: TransportRequest) throws -> [String] {
    try wirePairs(String(decoding: request.body, as: UTF8.self))
}

/// The query of a URL as a multiset, in the same way.
func wireQuery(_ url: String) throws -> [String] {
    try wirePairs(String(url.split(separator: "?", maxSplits: 1).last ?? ""))
}

private func wirePairs(_ text: String) throws -> [String] {
    let unreserved = try Regex("[A-Za-z0-9._~-]+")
    let random = ["code_verifier": 43...128, "code_challenge": 43...43, "state": 22...128, "nonce": 64...64]
    return try #require(FormEncoding.decode(text)).map { pair in
        guard let length = random[pair.name] else { return "\(pair.name)=\(pair.value)" }
        let isSound = pair.value.wholeMatch(of: unreserved) != nil && length.contains(pair.value.utf8.count)
        return isSound ? "\(pair.name)=*" : "\(pair.name)=\(pair.value)"
    }.sorted()
}

extension ScriptedProvider {
    /// The last request to the token endpoint.
    func lastTokenRequest() throws -> TransportRequest {
        try #require(transport.requests(to: path(.token)).last)
    }
}
