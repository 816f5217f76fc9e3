// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The public first page.
struct HomeView: Sendable {
    /// Something that can be insured.
    struct Offer: Sendable {
        /// Its name.
        let title: String
        /// Its name in style sheets.
        let slug: String
        /// More about it.
        let text: String
        /// The lines of its drawing, on a field of 48 by 48.
        let drawing: String
    }

    /// What can be insured.
    let products = Product.allCases.map { product in
        Offer(title: product.title, slug: product.rawValue, text: product.pitch, drawing: product.drawing)
    }
}

extension Product {
    /// A sentence for people who do not have it yet.
    fileprivate var pitch: String {
        switch self {
        case .motor: "Cars and vans, with a courtesy car while yours is mended."
        case .home: "Walls, roof and everything in between, at its price as new."
        case .travel: "A year of journeys, doctors and lost suitcases included."
        case .boat: "From the dinghy to the cruiser, ashore and afloat. Our oldest line."
        case .business: "Shops, workshops, studios: premises, stock and liability in one."
        case .pet: "Vet bills up to the limit you choose, for dogs and cats."
        }
    }

    /// A drawing in one path of lines.
    fileprivate var drawing: String {
        switch self {
        case .motor:
            "M6 32v-7l5-2 5-9h15l7 9 5 2v7h-5M16 32h16M11 23h27M24 14v9M12 32a4 4 0 1 0 8 0 4 4 0 1 0-8 0M29 32a4 4 0 1 0 8 0 4 4 0 1 0-8 0"
        case .home: "M6 24 24 8l18 16M11 20v20h26V20M20 40V28h8v12M32 11v6"
        case .travel: "M10 16h28v24H10zM18 16v-6h12v6M18 16v24M30 16v24M14 40v3M34 40v3"
        case .boat: "M24 5v27M24 8l14 20H24M20 12 9 28h11M6 33h36l-6 8H13z"
        case .business:
            "M8 21v20h32V21M6 12h36l2 7a5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0zM14 41V28h9v13M28 28h7v7h-7z"
        case .pet:
            "M16 32c0-5 4-9 8-9s8 4 8 9-4 6-8 6-8-1-8-6M7 22c0-3 2-5 4-5s4 3 4 6-2 4-4 4-4-2-4-5M33 23c0-3 2-6 4-6s4 2 4 5-2 5-4 5-4-1-4-4M16 13c0-3 1-5 3-5s4 3 4 6-1 5-3 5-4-3-4-6M25 14c0-3 2-6 4-6s3 2 3 5-2 6-4 6-3-2-3-5"
        }
    }
}
