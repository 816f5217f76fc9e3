// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import MSALAsyncHTTPClient
import MSALCore
import Metrics
import Tracing

// snippet.observability
/// The process's own systems come first; an application made afterwards tells them what it does.
func makeApplication(
    _ configuration: ApplicationConfiguration,
    metrics: any MetricsFactory,
    tracer: any Tracer
) throws -> ConfidentialClientApplication {
    LoggingSystem.bootstrap(StreamLogHandler.standardOutput)
    MetricsSystem.bootstrap(metrics)
    InstrumentationSystem.bootstrap(tracer)
    var logger = Logger(label: "tokens")
    logger.logLevel = .info
    return try ConfidentialClientApplication(
        configuration: configuration,
        transport: .asyncHTTPClient,
        logger: logger
    )
}
// snippet.end
