// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Where the federation server is that the emulator plays, and what the standards call things there.
enum FederationServer {
    /// The path of its metadata.
    static let metadataPath = "/adfs/services/trust/mex"
    /// The path that takes a name and a password (WS-Trust 1.3).
    static let trustPath = "/adfs/services/trust/13/usernamemixed"

    /// The address of its metadata.
    static func metadataURL(_ base: BaseURL) -> String { "\(base)\(metadataPath)" }
    /// The address that takes a name and a password.
    static func trustURL(_ base: BaseURL) -> String { "\(base)\(trustPath)" }

    /// SOAP 1.2.
    static let soap = "http://www.w3.org/2003/05/soap-envelope"
    /// WS-Addressing 1.0.
    static let addressing = "http://www.w3.org/2005/08/addressing"
    /// WS-Security 1.0.
    static let security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    /// Its times and identifiers.
    static let utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
    /// WS-Trust 1.3.
    static let trust = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
    /// WS-Policy 1.2.
    static let policy = "http://schemas.xmlsoap.org/ws/2004/09/policy"
    /// The action that asks for a token.
    static let issueAction = trust + "/RST/Issue"
}
