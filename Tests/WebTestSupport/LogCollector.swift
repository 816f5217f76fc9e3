// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

package import Logging
import Synchronization

/// Keeps all log lines, of every level, with their metadata.
package final class LogCollector: Sendable {
    private let lines = Mutex<[String]>([])

    /// Makes an empty one.
    package init() {}

    /// All lines.
    package var text: String { lines.withLock { $0.joined(separator: "\n") } }

    /// A logger that writes here.
    package var logger: Logger {
        Logger(label: "test") { _ in Handler(collector: self) }
    }

    /// Writes lines into a collector.
    private struct Handler: LogHandler {
        let collector: LogCollector
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            let fields = all.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            collector.lines.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
        }
    }
}
