// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Mustache

/// Says what this is, and lists the accounts, applications and endpoints.
struct StartPage: Page {
    /// An account.
    struct Account {
        /// What people call it.
        let name: String
        /// The sign-in name.
        let username: String
        /// The password, when it may be shown.
        let password: String?
        /// The roles, with commas between.
        let roles: String
        /// Whether it cannot sign in.
        let isDisabled: Bool
        /// Whether its password is shown to a federation server.
        let isFederated: Bool
    }

    /// An application.
    struct Client {
        /// What people call it.
        let name: String
        /// The client ID.
        let clientID: String
        /// What it is, in a few words.
        let kind: String
        /// Where codes go.
        let redirectURIs: [String]
        /// What names it as a resource.
        let identifierURIs: [String]
    }

    /// A tenant and what is in it.
    struct Tenant {
        /// What people call it.
        let name: String
        /// The GUID.
        let id: String
        /// The domains, with commas between.
        let domains: String
        /// Where its OpenID metadata is.
        let metadata: String
        /// The people.
        let accounts: [Account]
        /// The applications.
        let clients: [Client]
    }

    /// The window's title.
    let title = "Identity platform emulator"
    /// The tenants.
    let tenants: [Tenant]
    /// The addresses, with the first tenant's ID in them.
    let endpoints: [ErrorPage.Detail]
    /// Whether passwords are shown.
    let showsPasswords: Bool

    /// Gathers what the page shows.
    init(_ seed: EmulatorSeed, directory: Directory, base: BaseURL) {
        showsPasswords = seed.showsPasswords
        let summaries = seed.accounts
        tenants = directory.tenants.map { tenant in
            Tenant(
                name: tenant.displayName,
                id: tenant.id.text,
                domains: tenant.domains.joined(separator: ", "),
                metadata: "\(base)/\(tenant.id)/v2.0/.well-known/openid-configuration",
                accounts: directory.users.filter { $0.tenantID == tenant.id }.map { user in
                    let summary = summaries.first { $0.username == user.userPrincipalName }
                    return Account(
                        name: user.profile.displayName,
                        username: user.userPrincipalName,
                        password: seed.showsPasswords ? summary?.password : nil,
                        roles: summary?.roles.joined(separator: ", ") ?? "",
                        isDisabled: !user.isEnabled,
                        isFederated: directory.federatedDomain(of: user) != nil
                    )
                },
                clients: directory.applications
                    .filter { !TokenExchange.isResource($0.id) }
                    .filter { directory.servicePrincipal($0.id, in: tenant.id) != nil }
                    .map { application in
                        Client(
                            name: application.displayName,
                            clientID: application.id.text,
                            kind: Self.kind(application),
                            redirectURIs: application.redirectURIs.map(\.text),
                            identifierURIs: application.identifierURIs
                        )
                    }
            )
        }
        let root = "\(base)/\(directory.tenants.first?.id.text ?? "common")"
        endpoints = [
            .init(name: "Authority", value: root),
            .init(name: "OpenID metadata", value: "\(root)/v2.0/.well-known/openid-configuration"),
            .init(name: "Signing keys", value: "\(root)/discovery/v2.0/keys"),
            .init(name: "Authorization", value: "\(root)/oauth2/v2.0/authorize"),
            .init(name: "Token", value: "\(root)/oauth2/v2.0/token"),
            .init(name: "Device code", value: "\(root)/oauth2/v2.0/devicecode"),
            .init(name: "Code of a device", value: "\(base)/devicelogin"),
            .init(name: "Sign-out", value: "\(root)/oauth2/v2.0/logout"),
            .init(name: "User realm", value: "\(base)/common/userrealm/name@domain?api-version=1.0"),
            .init(name: "Token of a cluster's workload", value: "\(base)/workload/{cluster}/token?subject=…"),
            .init(name: "API that challenges", value: "\(base)/protected/c1"),
            .init(name: "Instance discovery", value: "\(base)/common/discovery/instance"),
            .init(name: "UserInfo", value: "\(base)/oidc/userinfo"),
            .init(name: "Graph profile", value: "\(base)/v1.0/me"),
            .init(name: "Error look-up", value: "\(base)/error?code=50011"),
        ]
    }

    /// What an application is, in a few words.
    private static func kind(_ application: Application) -> String {
        if application.credentials.blueprintID != nil { return "agent" }
        guard application.isConfidential else {
            return application.scopes.isEmpty && application.appRoles.isEmpty ? "public client" : "resource"
        }
        if !application.scopes.isEmpty { return "resource and client" }
        return application.secrets.isEmpty ? "client with a credential" : "client with a secret"
    }

    /// The page.
    static let template = PageLibrary.template(
        """
        {{> head}}
        <main class="wide">
        <p class="brand"><span class="mark" aria-hidden="true"></span>Identity platform <em>emulator</em></p>
        <h1>The Microsoft identity platform, on your machine</h1>
        <p class="sub">For development and tests: no network, no tenant, no real accounts. Not affiliated with Microsoft.</p>
        {{#tenants}}
        <section>
        <h2>{{name}}</h2>
        <p>Tenant <code>{{id}}</code>, {{domains}}. <a href="{{metadata}}">OpenID metadata</a></p>
        <h3>Accounts</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Accounts of {{name}}"><table>
        <thead><tr><th scope="col">Name</th><th scope="col">User name</th>\
        {{#showsPasswords}}<th scope="col">Password</th>{{/showsPasswords}}<th scope="col">Roles</th></tr></thead>
        <tbody>
        {{#accounts}}<tr><td>{{name}}{{#isDisabled}} <span class="badge">disabled</span>{{/isDisabled}}\
        {{#isFederated}} <span class="badge">federated</span>{{/isFederated}}</td>\
        <td><code>{{username}}</code></td>{{#showsPasswords}}<td><code>{{password}}</code></td>{{/showsPasswords}}\
        <td>{{roles}}</td></tr>
        {{/accounts}}
        </tbody></table></div>
        <h3>Applications</h3>
        {{#clients}}<div class="client"><h4>{{name}}</h4><p><code>{{clientID}}</code> <span class="badge">{{kind}}</span></p>
        {{#redirectURIs}}<p class="uri">redirect <code>{{.}}</code></p>{{/redirectURIs}}
        {{#identifierURIs}}<p class="uri">resource <code>{{.}}</code></p>{{/identifierURIs}}
        </div>
        {{/clients}}
        </section>
        {{/tenants}}
        <section>
        <h2>Endpoints</h2>
        <dl class="details">
        {{#endpoints}}<dt>{{name}}</dt><dd><code>{{value}}</code></dd>
        {{/endpoints}}
        </dl>
        </section>
        </main>
        {{> foot}}
        """
    )
}
