// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Mustache

/// Asks for the code that a device shows.
struct DeviceCodePage: Page {
    /// The window's title.
    let title = "Sign in to a device - emulator"
    /// What was typed.
    let code: String?
    /// What was wrong.
    let error: String?

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <h1 id="loginHeader">Enter code</h1>
        <p class="sub">Enter the code that your device or program shows.</p>
        <form method="post" action="/devicelogin" novalidate>
        {{#error}}<p class="error" id="codeError" role="alert">{{.}}</p>{{/error}}
        <label for="otc">Code</label>
        <input id="otc" class="code" name="otc" type="text" value="{{code}}" autocomplete="off" autocapitalize="characters" \
        spellcheck="false" autofocus{{#error}} aria-invalid="true" aria-describedby="codeError"{{/error}}>
        <div class="buttons">
        <button id="idSIButton9" class="primary" name="action" value="code">Next</button>
        </div>
        </form>
        </main>
        {{> foot}}
        """
    )
}

/// Asks a signed-in person whether the device may have it.
struct DeviceConfirmationPage: Page {
    /// The window's title.
    let title = "Confirm the sign-in - emulator"
    /// What names the question in the form.
    let token: String
    /// Who is signed in.
    let username: String
    /// The application on the device.
    let application: String

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <p class="identity" id="displayName">{{username}}</p>
        <h1 id="appConfirmTitle">Are you trying to sign in to {{application}}?</h1>
        <p class="sub">Go on only if you started this yourself, on a device of your own. Whoever sent you the code would be \
        signed in as you.</p>
        <form method="post" action="/devicelogin">
        <input type="hidden" name="ctx" value="{{token}}">
        <div class="buttons">
        <button id="idSIButton9" class="primary" name="action" value="approve">Continue</button>
        <button id="idBtn_Back" name="action" value="decline">Cancel</button>
        </div>
        </form>
        </main>
        {{> foot}}
        """
    )
}

/// Says how it ended.
struct DeviceDonePage: Page {
    /// The window's title.
    let title = "Sign in to a device - emulator"
    /// Whether the device is signed in.
    let isApproved: Bool
    /// The application on the device.
    let application: String

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        {{#isApproved}}<h1>You have signed in to {{application}}</h1>
        <p class="sub">Your device goes on by itself. You may close this window.</p>{{/isApproved}}
        {{^isApproved}}<h1>The sign-in was cancelled</h1>
        <p class="sub">Nobody was signed in to {{application}}. You may close this window.</p>{{/isApproved}}
        </main>
        {{> foot}}
        """
    )
}
