// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import MSALHummingbird
import MSALWeb

extension Portal {
    /// The underwriter's figures.
    func addInsightPages(to router: Router<PortalContext>) {
        router.get("/insights", require: .role(.underwriter)) { request, context in
            let asked = Int(query(of: request)["months"]) ?? 12
            let months = InsightsView.stretches.contains(asked) ? asked : 12
            let insights = try await data.insights(months: months, today: today)
            return page(.insights, title: "Insights", InsightsView(insights, months: months), for: request, context)
        }
    }
}
