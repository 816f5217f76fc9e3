// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
public import ServiceLifecycle

extension ClientApplication: Service {
    /// Keeps the cache in order until the task is cancelled or the service group shuts down.
    ///
    /// Once a minute it takes out what has ended and gives the store what it did not take before; once an hour it takes
    /// ended entries out of the store. At the end it waits for renewals in the background that are under way. An
    /// application that is not run works all the same: what has ended goes when its place is needed, and what a store did
    /// not take waits for the person's next call.
    public func run() async throws {
        try await cancelWhenGracefulShutdown { [self] in
            var minutes = 0
            while !Task.isCancelled {
                do {
                    try await time.sleep(for: .seconds(60))
                    minutes += 1
                    try await keepInOrder(includingStore: minutes % 60 == 0)
                } catch is CancellationError {
                    break
                }
            }
        }
        await finishBackgroundWork()
    }

    /// Takes out what has ended, and gives the store what it did not take before.
    func keepInOrder(includingStore: Bool) async throws {
        let now = time.now
        cache.sweep(at: now)
        instruments.meters?.tellHits()
        guard let vault else { return }
        for homeAccountID in cache.unsavedUsers() {
            let isSaved = try await turnstile.inTurn(homeAccountID) { try await vault.load(homeAccountID, at: now) }
            // A store that does not answer now does not for the next person either.
            guard isSaved else { return }
        }
        if includingStore { try await vault.removeEnded(at: now) }
    }

    /// Waits for renewals that are under way.
    private func finishBackgroundWork() async {
        reloads.cancelAll()
        await reloads.drain()
        await clientGrants.drain()
        await refreshes.drain()
        // Not in this task, which may be cancelled: the store is offered once more what it did not take.
        _ = try? await Task { [self] in try await keepInOrder(includingStore: false) }.value
    }

    /// Tells whoever wants to know how a renewal in the background went.
    func report(_ refresh: BackgroundRefresh) {
        let outcome = refresh.error == nil ? "success" : "failure"
        instruments.meters?.count(MSALMetrics.backgroundRefreshes, [outcome])
        if let error = refresh.error {
            logger.info(
                "A token could not be renewed ahead of its end; the one in the cache stays in use",
                metadata: [
                    "msal.error": "\((error as? AuthenticationError)?.message ?? "\(type(of: error))")",
                    "msal.correlation_id": "\((error as? AuthenticationError)?.correlationID ?? "none")",
                ]
            )
        }
        configuration.onBackgroundRefresh?(refresh)
    }
}
