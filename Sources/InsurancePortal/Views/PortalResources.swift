// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files that come with the portal: templates and what browsers keep.
struct PortalResources: Sendable {
    /// The pages.
    let templates: PageTemplates
    /// The style sheet and the icon.
    let assets: Assets

    /// Reads all files.
    /// - Throws: When one is missing or cannot be used.
    init() throws {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Resources", isDirectory: true)
        templates = try PageTemplates(folder: folder.appendingPathComponent("templates", isDirectory: true))
        assets = try Assets(folder: folder.appendingPathComponent("assets", isDirectory: true))
    }
}
