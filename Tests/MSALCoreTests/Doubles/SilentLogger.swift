// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging

extension Logger {
    /// A logger that nobody reads.
    static let silent = Logger(label: "silent", factory: { _ in SwiftLogNoOpLogHandler() })
}
