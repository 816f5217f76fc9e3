// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mustache

/// The portal's pages, read once at start.
struct PageTemplates: Sendable {
    /// A page that can be rendered, named as its file.
    enum Page: String, CaseIterable, Sendable {
        case home, dashboard, profile, policies, policy, claim, report, queue, decision, insights, admin, message
    }

    /// What a template sees: what is around a page, and the page's own content.
    private struct Model<Content> {
        /// What is around.
        let frame: PageFrame
        /// What is inside.
        let content: Content
    }

    /// Why templates could not be loaded.
    struct Unusable: Error, CustomStringConvertible {
        /// The file or folder at fault.
        let file: String
        /// What is wrong with it.
        let problem: String
        /// One sentence for the person who starts the portal.
        var description: String { "The page template \(file) cannot be used: \(problem)." }
    }

    /// The templates by name.
    private let library: MustacheLibrary

    /// Reads every `.mustache` file of a folder.
    /// - Throws: ``Unusable`` when a page is missing or a file does not parse.
    init(folder: URL) throws {
        MustacheContentTypes.register(PageText(), named: PageText.name)
        var library = MustacheLibrary()
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        for file in files where file.pathExtension == "mustache" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let name = file.deletingPathExtension().lastPathComponent
            do {
                // Each file by itself asks for the safe escaping: included ones do not inherit it.
                try library.register("{{% CONTENT_TYPE:\(PageText.name)}}\(text)", named: name)
            } catch {
                throw Unusable(file: file.lastPathComponent, problem: "\(error)")
            }
        }
        for page in Page.allCases where library.getTemplate(named: page.rawValue) == nil {
            throw Unusable(file: "\(page.rawValue).mustache", problem: "it is missing")
        }
        self.library = library
    }

    /// The HTML of a page.
    func render(_ page: Page, frame: PageFrame, content: some Sendable) -> String {
        library.render(Model(frame: frame, content: content), withTemplate: page.rawValue) ?? ""
    }
}
