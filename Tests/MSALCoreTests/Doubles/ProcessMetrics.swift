// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import MetricsTestKit

/// One metrics system for all tests of the process: it can be set up once, before what a test counts with is made.
let processMetrics: TestMetrics = {
    let metrics = TestMetrics()
    MetricsSystem.bootstrap(metrics)
    return metrics
}()
