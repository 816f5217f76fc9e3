// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// How an application makes sure that a host it does not know is the platform's, and learns that host's other names.
///
/// It concerns Entra authorities alone. Hosts of the built-in table, and this very machine, need no asking.
@nonexhaustive
public enum InstanceDiscovery: Sendable, Hashable {
    /// The platform is asked about hosts that the built-in table does not hold.
    case enabled
    /// Nobody is asked, and every host is trusted: for clouds without a way to the public one.
    case disabled
    /// Nobody is asked, and this is what counts beside the built-in table: an answer of instance discovery as JSON.
    case metadata(String)
    /// This URL is asked in place of the platform's, about hosts of the built-in table too.
    ///
    /// While it cannot be asked, the built-in table serves.
    case at(String)

    /// Checks what can be checked without asking anybody.
    ///
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    func validate() throws(AuthenticationError) {
        switch self {
        case .enabled, .disabled: break
        case .metadata(let text): _ = try Self.clouds(text)
        case .at(let url): _ = try Self.endpoint(url)
        }
    }

    /// The clouds of metadata that the caller gave.
    static func clouds(_ text: String) throws(AuthenticationError) -> [Cloud] {
        guard let json = try? JSONValue(parsing: Array(text.utf8)), let entries = Cloud.read(json) else {
            throw invalid("is not a JSON object with the list 'metadata'")
        }
        let clouds = entries.compactMap { $0 }
        guard clouds.count == entries.count else {
            throw invalid(
                "holds an entry without 'preferred_network', 'preferred_cache' and 'aliases', or one that is not a host"
            )
        }
        return clouds
    }

    /// The endpoint that the caller wants asked.
    static func endpoint(_ url: String) throws(AuthenticationError) -> Endpoint {
        guard let endpoint = Endpoint(url) else {
            throw AuthenticationError(
                .misconfigured,
                .configurationInvalid,
                "The instance discovery URL '\(url)' is not an absolute https URL (http for localhost only)."
            )
        }
        return endpoint
    }

    /// The refusal of metadata.
    private static func invalid(_ reason: String) -> AuthenticationError {
        AuthenticationError(
            .misconfigured,
            .configurationInvalid,
            "The instance metadata cannot be used: it \(reason)."
        )
    }
}
