// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The line below a table that is longer than a page.
struct Pager: Sendable, Equatable {
    /// `21 to 40 of 92`.
    let text: String
    /// The address of the page before.
    let previous: String?
    /// The address of the page after.
    let next: String?
    /// Whether there is more than one page.
    let isNeeded: Bool

    /// The line for a page, with addresses made by `address`.
    init(page: Int, size: Int, total: Int, address: (Int) -> String) {
        let first = (page - 1) * size + 1
        let last = min(page * size, total)
        text =
            first <= last
            ? "\(Money.grouped(first)) to \(Money.grouped(last)) of \(Money.grouped(total))" : "Nothing here"
        previous = page > 1 ? address(min(page - 1, max(1, (total + size - 1) / size))) : nil
        next = last < total && first <= last ? address(page + 1) : nil
        isNeeded = total > size || page > 1
    }
}
