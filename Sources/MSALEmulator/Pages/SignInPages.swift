// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Mustache

/// The pages of one pending sign-in.
struct SignInPages: Sendable {
    /// The sign-in.
    let flow: SignInFlow
    /// What names it in the forms.
    let token: String
    /// What addresses start with.
    let base: BaseURL

    /// The page that a step shows.
    func page(for step: SignInStep) -> Answer {
        switch step {
        case .askUsername(let suggestion): username(suggestion, error: nil)
        case .askPassword(let user): password(user, error: nil)
        case .askSecondFactor(let user, let policies): secondFactor(user, policies)
        case .chooseAccount(let candidates): accounts(candidates.map(\.user))
        case .done, .fail: username(nil, error: nil)
        }
    }

    /// Asks for the user name.
    func username(_ name: String?, error: String?) -> Answer {
        answer(UsernamePage(frame: frame, username: name, error: error))
    }

    /// Asks for the password.
    func password(_ user: User, error: String?) -> Answer {
        answer(PasswordPage(frame: frame, username: user.userPrincipalName, error: error))
    }

    /// Asks for the second factor.
    func secondFactor(_ user: User, _ policies: [ConditionalAccessPolicy]) -> Answer {
        answer(
            SecondFactorPage(
                frame: frame,
                username: user.userPrincipalName,
                policies: policies.map(\.displayName)
            )
        )
    }

    /// Asks which account.
    private func accounts(_ users: [User]) -> Answer {
        answer(
            AccountsPage(
                frame: frame,
                accounts: users.map {
                    .init(id: $0.id.text, name: $0.profile.displayName, username: $0.userPrincipalName)
                }
            )
        )
    }

    /// What all three share.
    private var frame: SignInFrame {
        SignInFrame(
            action: "/\(flow.request.segment.path)/login",
            token: token,
            application: flow.request.application.displayName,
            cancelLabel: flow.request.reply.device == nil
                ? "Cancel and return to \(flow.request.application.displayName)" : "Cancel this sign-in"
        )
    }

    /// The page, whose form may lead on to the application.
    private func answer(_ page: some Page) -> Answer {
        page.answer(postingTo: flow.request.reply.origin)
    }
}

/// What the sign-in pages share.
struct SignInFrame {
    /// Where forms go.
    let action: String
    /// What names the pending sign-in.
    let token: String
    /// The application that asks.
    let application: String
    /// What the button says that ends it all.
    let cancelLabel: String
}

/// Asks for the user name.
struct UsernamePage: Page {
    /// The window's title.
    let title = "Sign in - emulator"
    /// What all three share.
    let frame: SignInFrame
    /// What stands in the box.
    let username: String?
    /// What was wrong.
    let error: String?

    /// The page, its main button first, since the enter key presses the first one.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <h1 id="loginHeader">Sign in</h1>
        <p class="sub">to continue to <strong>{{frame.application}}</strong></p>
        <form method="post" action="{{frame.action}}" novalidate>
        <input type="hidden" name="ctx" value="{{frame.token}}">
        {{#error}}<p class="error" id="usernameError" role="alert">{{.}}</p>{{/error}}
        <label for="i0116">User name</label>
        <input id="i0116" name="loginfmt" type="email" inputmode="email" value="{{username}}" autocomplete="username" \
        autocapitalize="off" spellcheck="false" placeholder="name@domain" autofocus\
        {{#error}} aria-invalid="true" aria-describedby="usernameError"{{/error}}>
        <p class="hint">The accounts are listed on the <a href="/">emulator's start page</a>.</p>
        <div class="buttons">
        <button id="idSIButton9" class="primary" name="action" value="username">Next</button>
        <button id="idBtn_Back" name="action" value="cancel">Cancel</button>
        </div>
        </form>
        </main>
        {{> foot}}
        """
    )
}

/// Asks for the password.
struct PasswordPage: Page {
    /// The window's title.
    let title = "Enter password - emulator"
    /// What all three share.
    let frame: SignInFrame
    /// Who signs in.
    let username: String
    /// What was wrong.
    let error: String?

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <p class="identity" id="displayName">{{username}}</p>
        <h1 id="loginHeader">Enter password</h1>
        <p class="sub">to continue to <strong>{{frame.application}}</strong></p>
        <form method="post" action="{{frame.action}}" novalidate>
        <input type="hidden" name="ctx" value="{{frame.token}}">
        <input type="hidden" name="loginfmt" value="{{username}}" autocomplete="username">
        {{#error}}<p class="error" id="passwordError" role="alert">{{.}}</p>{{/error}}
        <label for="i0118">Password</label>
        <input id="i0118" name="passwd" type="password" autocomplete="current-password" autofocus\
        {{#error}} aria-invalid="true" aria-describedby="passwordError"{{/error}}>
        <div class="buttons">
        <button id="idSIButton9" class="primary" name="action" value="password">Sign in</button>
        <button id="idBtn_Back" name="action" value="back">Back</button>
        </div>
        <button class="link" id="cancelSignIn" name="action" value="cancel">{{frame.cancelLabel}}</button>
        </form>
        </main>
        {{> foot}}
        """
    )
}

/// Asks which account.
struct AccountsPage: Page {
    /// One account.
    struct Account {
        /// The object ID.
        let id: String
        /// The person's name.
        let name: String
        /// The sign-in name.
        let username: String
    }

    /// The window's title.
    let title = "Pick an account - emulator"
    /// What all three share.
    let frame: SignInFrame
    /// The accounts signed in with this browser.
    let accounts: [Account]

    /// The page: one form for each account, so that it works without script.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="card">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <h1 id="loginHeader">Pick an account</h1>
        <p class="sub">to continue to <strong>{{frame.application}}</strong></p>
        <ul class="tiles">
        {{#accounts}}
        <li><form method="post" action="{{frame.action}}">
        <input type="hidden" name="ctx" value="{{frame.token}}">
        <input type="hidden" name="account" value="{{id}}">
        <button class="tile" name="action" value="account" data-test-id="{{username}}">\
        <span class="name">{{name}}</span><span class="upn">{{username}}</span></button>
        </form></li>
        {{/accounts}}
        <li><form method="post" action="{{frame.action}}">
        <input type="hidden" name="ctx" value="{{frame.token}}">
        <button class="tile" id="otherTile" name="action" value="other">Use another account</button>
        </form></li>
        </ul>
        <form method="post" action="{{frame.action}}">
        <input type="hidden" name="ctx" value="{{frame.token}}">
        <div class="buttons"><button id="idBtn_Back" name="action" value="cancel">Cancel</button></div>
        </form>
        </main>
        {{> foot}}
        """
    )
}
