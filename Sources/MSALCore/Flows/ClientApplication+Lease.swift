// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ClientApplication {
    /// Takes the lease on a person's tokens, or waits for what its holder brings.
    ///
    /// - Returns: what the holder brought; nil once the lease is taken.
    /// - Throws: ``AuthenticationError`` when others had it for longer than one whole lease.
    func waitForLease(
        _ vault: TokenVault,
        _ request: SilentRequest,
        _ watch: Stopwatch
    ) async throws -> AuthenticationResult? {
        let homeAccountID = request.account.partition
        let deadline = time.now.adding(leaseDuration * 2)
        while !(try await vault.takeLease(on: homeAccountID, as: leaseHolder, for: leaseDuration)) {
            guard time.now < deadline else { throw Self.leaseNotHad }
            try await time.sleep(for: .milliseconds(.random(in: 50...150)))
            if let result = try await atHand(request, watch) { return result }
        }
        return nil
    }

    /// The store that an account's tokens are kept in; nil for memory alone.
    func vault(of account: Account) -> TokenVault? {
        OnBehalf.isKept(account.partition) ? vault : nil
    }

    /// How long a lease lasts: never shorter than one exchange with the provider may.
    private var leaseDuration: Duration {
        max(vault?.settings.leaseDuration ?? .zero, configuration.timeout + .seconds(5))
    }

    /// Holds the lease for as long again.
    func extendLease(on account: Account) async throws {
        _ = try await vault(of: account)?.takeLease(on: account.partition, as: leaseHolder, for: leaseDuration)
    }

    private static var leaseNotHad: AuthenticationError {
        AuthenticationError(
            .transient,
            .storeUnavailable,
            "Other processes have been renewing the person's tokens for too long. Try again later."
        )
    }
}
