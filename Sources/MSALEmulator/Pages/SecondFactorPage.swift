// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Mustache

/// Asks for the second factor: a button stands for the telephone, so that whoever is at the browser can go on.
struct SecondFactorPage: Page {
    /// The window's title.
    let title = "Approve sign-in - emulator"
    /// What the sign-in pages share.
    let frame: SignInFrame
    /// Who signs in.
    let username: String
    /// The policies that ask for it.
    let policies: [String]

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <p class="identity" id="displayName">{{username}}</p>
        <h1 id="idDiv_SAOTCAS_Title">Approve sign-in request</h1>
        <p class="sub">to continue to <strong>{{frame.application}}</strong></p>
        <p id="idDiv_SAOTCAS_Description">More than a password is needed here. On the platform your telephone would ask you \
        now; in this emulator the button stands for it.</p>
        {{#policies}}<p class="hint">Asked for by the policy <strong>{{.}}</strong>.</p>{{/policies}}
        <form method="post" action="{{frame.action}}">
        <input type="hidden" name="ctx" value="{{frame.token}}">
        <div class="buttons">
        <button id="idSIButton9" class="primary" name="action" value="approve">Approve</button>
        <button id="idBtn_Back" name="action" value="deny">Deny</button>
        </div>
        </form>
        </main>
        {{> foot}}
        """
    )
}
