// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Tells whether a page of ours sent a request that wants a change.
struct CrossSiteCheck: Sendable {
    /// What the browser says about where a request comes from.
    enum Verdict: Sendable, Hashable {
        /// From a page of ours, or typed by the person.
        case ownPage
        /// From another site.
        case otherSite
        /// The browser does not say: the token has to.
        case unknown
    }

    /// The origin of our pages.
    let origin: String

    /// Reads `Sec-Fetch-Site`, and `Origin` where a browser does not send it.
    ///
    /// "Origin: null" says nothing: pages with a `no-referrer` policy send it, and so do sandboxed frames of strangers.
    func verdict(_ fields: HTTPFields) -> Verdict {
        let sites = fields[values: .secFetchSite]
        if let site = sites.first {
            return sites.count == 1 && ["same-origin", "none"].contains(site.lowercased()) ? .ownPage : .otherSite
        }
        let origins = fields[values: .origin]
        guard let sent = origins.first, sent.lowercased() != "null" else { return .unknown }
        return origins.count == 1 && sent.lowercased() == origin ? .ownPage : .otherSite
    }
}
