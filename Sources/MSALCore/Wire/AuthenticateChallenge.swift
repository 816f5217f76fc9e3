// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// One challenge of a `WWW-Authenticate` field (RFC 9110 §11.6.1): what a server asks for before it serves a request.
///
/// Reading never fails. What servers send is often not what the grammar says, so everything that can be understood is, and
/// the rest is passed over. All of it is text from outside.
public struct AuthenticateChallenge: Sendable, Hashable {
    /// The scheme as it was sent, such as `Bearer`; compare it with ``isScheme(_:)``.
    public let scheme: String

    /// The single value that some schemes have in place of parameters, such as `Negotiate`.
    public let token68: String?

    /// The parameters by name in lower case; of those with the same name, the first counts.
    public let parameters: [String: String]

    /// Creates a challenge.
    ///
    /// - Parameters:
    ///   - scheme: the scheme.
    ///   - token68: the single value, where there is one.
    ///   - parameters: the parameters; names count without regard to case.
    public init(scheme: String, token68: String? = nil, parameters: [String: String] = [:]) {
        self.scheme = scheme
        self.token68 = token68
        self.parameters = Dictionary(parameters.map { ($0.key.asciiLowercased, $0.value) }) { first, _ in first }
    }

    /// Reads all challenges of a response, in their order.
    ///
    /// - Parameter fields: the fields of the response; it may have several of the name.
    /// - Returns: the challenges; none where there is nothing to be understood.
    public static func read(_ fields: HTTPFields) -> [AuthenticateChallenge] {
        read(fields[values: .wwwAuthenticate])
    }

    /// Reads all challenges of some field values, in their order.
    ///
    /// - Parameter values: one text a field; of each no more than 64 KiB are read.
    /// - Returns: the challenges; none where there is nothing to be understood.
    public static func read(_ values: [String]) -> [AuthenticateChallenge] {
        values.flatMap { value in
            var scanner = ChallengeScanner(value)
            return scanner.challenges()
        }
    }

    /// Whether the challenge is of a scheme; case does not matter (RFC 9110 §11.1).
    public func isScheme(_ name: String) -> Bool {
        scheme.asciiLowercased == name.asciiLowercased
    }

    /// A parameter's value; nil where there is none or it is empty.
    public subscript(name: String) -> String? {
        parameters[name.asciiLowercased].flatMap { $0.isEmpty ? nil : $0 }
    }
}
