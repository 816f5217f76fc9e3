// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALWeb

/// The pages of sign-in, sign-out and errors in the portal's own layout.
struct PortalPages: PageRenderer {
    /// Templates and style sheet.
    let resources: PortalResources

    /// The whole document of a page.
    func html(for page: WebPage) throws -> String {
        var frame = PageFrame(
            title: page.title,
            path: "",
            viewer: page.user.map(Viewer.init),
            formToken: nil,
            assets: resources.assets
        )
        frame.refresh = page.refresh
        return resources.templates.render(.message, frame: frame, content: MessageView(page))
    }
}

extension MessageView {
    /// What a page of the library says.
    init(_ page: WebPage) {
        headline = page.title
        label = page.status.code >= 400 ? "Error \(page.status.code)" : nil
        paragraphs = page.paragraphs
        steps = page.actions.map { action in
            Step(
                address: action.target,
                title: action.label,
                fields: action.form.map { form in
                    form.sorted { $0.key < $1.key }.map { ProfileView.Fact(name: $0.key, value: $0.value) }
                }
            )
        }
        facts = page.details.map { ProfileView.Fact(name: $0.label, value: $0.text) }
        reference = page.correlationID
    }
}
