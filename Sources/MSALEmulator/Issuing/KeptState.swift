// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// The first line of a ``StateFile``: the signing keys, newest first.
struct KeptKeys: Codable, Sendable {
    /// A key with its certificate.
    struct Key: Codable, Sendable {
        /// The private key in PEM.
        let key: String
        /// The certificate in DER.
        let certificate: Data
    }

    /// What a line of another version is not read as.
    private static let currentVersion = 1

    /// The version of the file.
    let version: Int
    /// The keys.
    let keys: [Key]

    /// The keys of an emulator.
    init(_ ring: KeyRing) {
        version = Self.currentVersion
        keys = ring.keys.map { Key(key: $0.signer.pemRepresentation, certificate: Data($0.certificate)) }
    }

    /// The keys, ready for use.
    ///
    /// - Throws: when they are damaged, or none, or of another version.
    func signingKeys() throws -> [SigningKey] {
        guard version == Self.currentVersion, !keys.isEmpty else { throw CocoaError(.coderInvalidValue) }
        return try keys.map { try SigningKey(pem: $0.key, certificate: Array($0.certificate)) }
    }
}

/// A further line of a ``StateFile``: a refresh token.
struct KeptRefreshToken: Codable, Sendable {
    /// The hash of its text.
    let hash: Data
    /// The person.
    let user: String
    /// The person's tenant.
    let tenant: String
    /// The application.
    let client: String
    /// The scopes asked.
    let scope: String
    /// When the person showed the password.
    let authenticatedAt: Date
    /// Whether the ID token must say so.
    let tellsAuthenticationTime: Bool
    /// The browser session.
    let session: String
    /// How the person proved it; a password where nothing is said.
    let methods: [String]?
    /// When it was issued.
    let issued: Date
    /// When it stops working.
    let expires: Date

    /// A token to keep.
    init(_ token: RefreshToken, hash: [UInt8]) {
        self.hash = Data(hash)
        user = token.grant.userID.text
        tenant = token.grant.tenantID.text
        client = token.grant.clientID.text
        scope = token.grant.scope.text
        authenticatedAt = token.grant.authenticatedAt
        tellsAuthenticationTime = token.grant.tellsAuthenticationTime
        session = token.grant.sessionID.text
        methods = token.grant.methods
        issued = token.issued
        expires = token.expires
    }

    /// The token; nil if it is about somebody or something that the directory does not know any more.
    func refreshToken(in directory: Directory) -> RefreshToken? {
        guard let user = GUID(user), directory.user(user) != nil,
            let client = GUID(client), directory.application(client) != nil,
            let tenant = GUID(tenant), let session = GUID(session),
            let scope = try? ScopeRequest(scope, in: directory)
        else { return nil }
        return RefreshToken(
            grant: UserGrant(
                userID: user,
                tenantID: tenant,
                clientID: client,
                scope: scope,
                authenticatedAt: authenticatedAt,
                tellsAuthenticationTime: tellsAuthenticationTime,
                sessionID: session,
                methods: methods ?? [AuthenticationMethod.password]
            ),
            issued: issued,
            expires: expires
        )
    }
}
