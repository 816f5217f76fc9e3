// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension ClientApplication {
    /// Has memory keep its place for a person until it is released, whoever else needs room; called in the person's turn.
    ///
    /// What a store holds of somebody is loaded into a place that is held already: else it could be given up again before
    /// it was looked at.
    func hold(_ homeAccountID: String) {
        cache.change(homeAccountID, at: time.now, making: vault != nil) { $0.refreshCount += 1 }
    }

    /// Ends a hold, and gives up a place into which nothing came.
    func release(_ homeAccountID: String) {
        let isVacant = cache.change(homeAccountID, at: time.now) { user in
            user.refreshCount = max(0, user.refreshCount - 1)
            return user.isEmpty && !user.isHeld
        }
        // Without a store nobody takes turns when tokens come, and no place is made for the hold.
        if vault != nil, isVacant == true { cache.remove(homeAccountID: homeAccountID) }
    }
}
