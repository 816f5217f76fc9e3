// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Which open claims an adjuster looks at, as the page's address says it.
struct QueueFilter: Sendable, Equatable {
    /// In which order.
    enum Order: String, CaseIterable, Sendable {
        case oldest, newest, largest

        /// The name that people see.
        var title: String {
            switch self {
            case .oldest: "Oldest first"
            case .newest: "Newest first"
            case .largest: "Largest first"
            }
        }
    }

    /// One product, or all.
    var product: Product?
    /// One region, or all.
    var region: Region?
    /// One open state, or all of them.
    var state: ClaimState?
    /// In which order.
    var order = Order.oldest
    /// The page, from 1.
    var page = 1

    /// All open claims.
    init() {}

    /// Reads the query; whatever means nothing is left out.
    init(_ fields: FormFields) {
        product = Product(rawValue: fields["product"])
        region = Region(rawValue: fields["region"])
        state = ClaimState.open.first { $0.slug == fields["state"] }
        order = Order(rawValue: fields["order"]) ?? .oldest
        page = Self.page(fields["page"])
    }

    /// A page number from an address: a number from 1 to 99,999, or 1.
    static func page(_ text: String) -> Int {
        guard let number = Int(text), (1...99_999).contains(number) else { return 1 }
        return number
    }

    /// The address of another page of the same claims.
    func address(page: Int) -> String {
        var parts: [String] = []
        if let product { parts.append("product=\(product.rawValue)") }
        if let region { parts.append("region=\(region.rawValue)") }
        if let state { parts.append("state=\(state.slug)") }
        if order != .oldest { parts.append("order=\(order.rawValue)") }
        if page > 1 { parts.append("page=\(page)") }
        return parts.isEmpty ? "/queue" : "/queue?\(parts.joined(separator: "&"))"
    }
}
