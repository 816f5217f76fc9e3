// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a confidential client proves itself with.
@nonexhaustive
public enum ClientCredential: Sendable {
    /// A secret shared with the provider.
    case secret(Secret)
}

extension ClientCredential {
    /// The form parameters or the `Authorization` field that carry the credential (RFC 6749 §2.3.1).
    func authenticate(
        _ clientID: String,
        usingBasic: Bool
    ) -> (parameters: [(String, String)], authorization: String?) {
        switch self {
        case .secret(let secret):
            guard usingBasic else { return ([("client_secret", secret.reveal())], nil) }
            let pair = FormEncoding.encode(clientID) + ":" + FormEncoding.encode(secret.reveal())
            return ([], "Basic " + Base64.encode(Array(pair.utf8)))
        }
    }
}
