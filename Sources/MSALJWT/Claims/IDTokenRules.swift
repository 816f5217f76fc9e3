// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What an ID token has to say to be accepted (OpenID Connect Core §3.1.3.7, and the platform's rules on tenants).
///
/// A value without a clock: the time is given with each check.
public struct IDTokenRules: Sendable, Hashable {
    /// The issuer.
    public var issuer: IssuerRule
    /// This client, for which the token has to be.
    public var clientID: String
    /// The nonce of the sign-in request.
    ///
    /// `nil` only where none was sent, as in a refresh.
    public var nonce: String?
    /// The only tenant to accept.
    ///
    /// `nil` accepts every tenant the issuer allows.
    public var tenantID: String?
    /// How long ago the person may have signed in.
    ///
    /// Asks for `auth_time`.
    public var maximumAge: Duration?
    /// How far the clocks here and there may differ.
    public var clockSkew: Duration
    /// Claims that have to be there besides `iss`, `sub`, `aud`, `exp` and `iat`.
    public var requiredClaims: [String]

    /// Makes rules.
    public init(
        issuer: IssuerRule,
        clientID: String,
        nonce: String?,
        tenantID: String? = nil,
        maximumAge: Duration? = nil,
        clockSkew: Duration = .seconds(300),
        requiredClaims: [String] = []
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.nonce = nonce
        self.tenantID = tenantID
        self.maximumAge = maximumAge
        self.clockSkew = clockSkew
        self.requiredClaims = requiredClaims
    }

    /// Checks a token.
    ///
    /// - Parameters:
    ///   - token: the token, its signature verified.
    ///   - now: the time of the check.
    /// - Throws: ``JWTError/Code/missingClaim`` or ``JWTError/Code/malformedClaim`` with the claim's name, or the code of
    ///   the rule that does not hold: ``JWTError/Code/issuer``, ``JWTError/Code/keyIssuer``, ``JWTError/Code/tenant``,
    ///   ``JWTError/Code/audience``, ``JWTError/Code/authorizedParty``, ``JWTError/Code/expired``,
    ///   ``JWTError/Code/notYetValid``, ``JWTError/Code/issuedInTheFuture``, ``JWTError/Code/nonce``,
    ///   ``JWTError/Code/authenticationTooOld``.
    public func check(_ token: VerifiedJWT, at now: Date) throws(JWTError) {
        let claims = token.claims
        for name in requiredClaims where (claims[name] ?? .null) == .null {
            throw .missingClaim(name)
        }
        try claims.requireText("sub")
        try checkIssuer(of: claims, keyIssuer: token.keyIssuer)
        try checkAudience(of: claims)
        try checkTimes(of: claims, at: now)
        try checkNonce(of: claims)
    }

    /// The token answers the sign-in request that was made.
    private func checkNonce(of claims: JWTClaims) throws(JWTError) {
        guard let nonce else { return }
        guard !nonce.isEmpty, isEqualInConstantTime(try claims.requiredText("nonce"), nonce) else {
            throw JWTError(.nonce, "The token answers another sign-in request.", name: "nonce")
        }
    }

    /// The token is for this client, and was issued to it.
    private func checkAudience(of claims: JWTClaims) throws(JWTError) {
        let audience = try claims.requiredTexts("aud")
        guard audience.contains(where: { $0.isSameBytes(as: clientID) }) else {
            throw JWTError(.audience, "The token is for another audience.", name: "aud")
        }
        if let party = try claims.optionalText("azp") {
            guard party.isSameBytes(as: clientID) else {
                throw JWTError(.authorizedParty, "The token was issued to another client.", name: "azp")
            }
        } else if !audience.allSatisfy({ $0.isSameBytes(as: clientID) }) {
            throw JWTError(.authorizedParty, "The token is for several parties and does not say for whom.", name: "azp")
        }
    }
}
