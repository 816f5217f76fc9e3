// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Synchronization

/// Checks an assertion that an application signed with the key of its own certificate (RFC 7523 §3).
struct CertificateAssertionCheck: Sendable {
    /// What all endpoints share.
    let platform: Platform
    /// The application.
    let client: Application
    /// What the assertion may be for: the token endpoint that was called, or the issuer.
    let audiences: Set<String>

    /// Checks who signed, then for whom and when.
    func check(_ assertion: ClientAssertion) async throws(PlatformError) {
        try checkParties(assertion.claims)
        let certificate = try await signer(of: assertion)
        guard certificate.isSigner(of: assertion.token) else {
            throw .assertionKeyUnknown("The key was found, but did not sign the assertion.", certificate.sha1)
        }
        let now = platform.now()
        guard certificate.isValid(at: now) else { throw .certificateExpired }
        try checkAudience(assertion.claims)
        try assertion.checkTime(at: now)
        try checkFirstUse(assertion, now: now)
    }

    /// Issuer and subject are the client ID, both (RFC 7523 §3).
    private func checkParties(_ claims: JWTClaims) throws(PlatformError) {
        guard let issuer = claims.issuer, let subject = claims.subject, GUID(issuer) == GUID(subject) else {
            throw .assertionSubjectDiffers
        }
        guard GUID(issuer) == client.id else { throw .assertionOfOtherClient(issuer, client.id) }
    }

    /// The certificate that the header names: a registered one, or one of a trusted subject that came along.
    private func signer(of assertion: ClientAssertion) async throws(PlatformError) -> ClientCertificate {
        let chain = assertion.certificates
        let sha1 = assertion.sha1
        let sha256 = assertion.sha256
        func isNamed(_ certificate: ClientCertificate) -> Bool {
            guard sha1 != nil || sha256 != nil else { return certificate.sha256 == chain.first?.sha256 }
            return sha1 ?? certificate.sha1 == certificate.sha1 && sha256 ?? certificate.sha256 == certificate.sha256
        }
        if let registered = client.credentials.certificates.first(where: isNamed) { return registered }
        guard !client.credentials.trustedSubjects.isEmpty, let leaf = chain.first, isNamed(leaf) else {
            throw .assertionKeyUnknown("The key was not found.", sha1 ?? sha256 ?? chain.first?.sha1)
        }
        let now = platform.now()
        guard leaf.isValid(at: now) else { throw .certificateExpired }
        for subject in client.credentials.trustedSubjects {
            let others = chain.dropFirst().map(\.certificate)
            if await subject.covers(leaf.certificate, intermediates: others, at: now) { return leaf }
        }
        throw .certificateSubjectUnknown(TrustedSubject.names(of: leaf.certificate))
    }

    /// One audience, and the right one.
    private func checkAudience(_ claims: JWTClaims) throws(PlatformError) {
        guard claims.audience.count < 2 else { throw .assertionAudiences(claims.audience.count) }
        guard let audience = claims.audience.first, audiences.contains(audience) else {
            throw .assertionAudience(claims.audience.first ?? "")
        }
    }

    /// Refuses an assertion that was used before (RFC 7523 §3), in strict mode only: every MSAL uses one until it ends.
    private func checkFirstUse(_ assertion: ClientAssertion, now: Date) throws(PlatformError) {
        guard platform.configuration.isStrict else { return }
        guard let identifier = assertion.claims["jti"]?.stringValue, let end = assertion.moment("exp") else {
            throw .assertionRepeated("It has no jti.")
        }
        let isNew = platform.usedAssertions.withLock { used in
            used = used.filter { $0.value > now }
            return used.updateValue(end + ClientAssertion.clockSkew, forKey: "\(client.id) \(identifier)") == nil
        }
        guard isNew else { throw .assertionRepeated("Its jti was used before.") }
    }
}
