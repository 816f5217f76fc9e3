// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Foundation

extension EmulatorSeed {
    /// An application object: what its developer declared.
    public struct Application: Sendable {
        /// The client ID, a GUID.
        public var clientID: String
        /// What pages call it.
        public var displayName: String
        /// The tenant it is at home in: GUID or domain.
        public var homeTenant: String
        /// Whether other tenants may use it, and with it the `common` and `organizations` authorities.
        public var isMultiTenant: Bool
        /// What names it as a resource, such as `api://claims`.
        public var identifierURIs: [String]
        /// The redirect URIs of type *web*.
        public var redirectURIs: [String]
        /// Where a person may be sent after signing out, besides the redirect URIs.
        public var postLogoutRedirectURIs: [String]
        /// The client secrets; without any, and without another credential, it is a public client.
        public var secrets: [ClientSecret]
        /// Whether people may sign in to it by device code or password without a credential of its own, which the
        /// manifest calls `allowPublicClient`; nil for: if it has no credential.
        public var allowsPublicClientFlows: Bool?
        /// The version of the access tokens it accepts as a resource, 1 or 2.
        public var accessTokenVersion: Int
        /// The delegated permissions it exposes, such as `Claims.Read`.
        public var scopes: [String]
        /// The roles it declares, for people and for applications.
        public var appRoles: [AppRole]
        /// Whether the authorization endpoint may hand out ID tokens (`id_token`, `code id_token`).
        public var allowsIDTokensFromAuthorize: Bool
        /// The certificates, in PEM, whose keys sign its client assertions.
        public var certificates: [String]
        /// The subject names whose certificates sign its client assertions, if the right authority issued them.
        public var trustedSubjects: [TrustedSubject]
        /// The tokens of other issuers that it may show as client assertions.
        public var federatedCredentials: [FederatedCredential]
        /// The application that gets assertions for it, which makes it an agent: client ID; nil for any other application.
        public var blueprint: String?
        /// The people in whose name an agent may act by a federated credential: user principal names.
        public var agentUsers: [String]

        /// Describes an application.
        public init(
            clientID: String,
            displayName: String,
            homeTenant: String,
            isMultiTenant: Bool = false,
            identifierURIs: [String] = [],
            redirectURIs: [String] = [],
            postLogoutRedirectURIs: [String] = [],
            secrets: [ClientSecret] = [],
            allowsPublicClientFlows: Bool? = nil,
            accessTokenVersion: Int = 2,
            scopes: [String] = [],
            appRoles: [AppRole] = [],
            allowsIDTokensFromAuthorize: Bool = false,
            certificates: [String] = [],
            trustedSubjects: [TrustedSubject] = [],
            federatedCredentials: [FederatedCredential] = [],
            blueprint: String? = nil,
            agentUsers: [String] = []
        ) {
            self.clientID = clientID
            self.displayName = displayName
            self.homeTenant = homeTenant
            self.isMultiTenant = isMultiTenant
            self.identifierURIs = identifierURIs
            self.redirectURIs = redirectURIs
            self.postLogoutRedirectURIs = postLogoutRedirectURIs
            self.secrets = secrets
            self.allowsPublicClientFlows = allowsPublicClientFlows
            self.accessTokenVersion = accessTokenVersion
            self.scopes = scopes
            self.appRoles = appRoles
            self.allowsIDTokensFromAuthorize = allowsIDTokensFromAuthorize
            self.certificates = certificates
            self.trustedSubjects = trustedSubjects
            self.federatedCredentials = federatedCredentials
            self.blueprint = blueprint
            self.agentUsers = agentUsers
        }
    }

    /// A client secret, in the clear here and hashed in the running emulator.
    public struct ClientSecret: Sendable {
        /// The secret.
        public var value: String
        /// When it stops working; nil for never.
        public var expires: Date?

        /// Describes a secret.
        public init(_ value: String, expires: Date? = nil) {
            self.value = value
            self.expires = expires
        }
    }

    /// A role that an application declares.
    public struct AppRole: Sendable {
        /// What tokens carry.
        public var value: String
        /// What pages show.
        public var displayName: String

        /// Describes a role.
        public init(_ value: String, displayName: String? = nil) {
            self.value = value
            self.displayName = displayName ?? value
        }
    }

    /// An application in a tenant: whether it may be used there, by whom, and what it was granted.
    public struct ServicePrincipal: Sendable {
        /// The object ID, a GUID; one that follows from tenant and application when nil.
        public var id: String?
        /// The tenant: GUID or domain.
        public var tenant: String
        /// The application: client ID or identifier URI.
        public var application: String
        /// Whether it may be used.
        public var isEnabled: Bool
        /// Whether only people with a role may sign in to it.
        public var requiresAssignment: Bool
        /// Who holds which of its roles.
        public var roleAssignments: [RoleAssignment]
        /// The delegated permissions granted to it for everybody in the tenant.
        public var delegatedPermissions: [DelegatedPermission]

        /// Describes a service principal.
        public init(
            tenant: String,
            application: String,
            id: String? = nil,
            isEnabled: Bool = true,
            requiresAssignment: Bool = false,
            roleAssignments: [RoleAssignment] = [],
            delegatedPermissions: [DelegatedPermission] = []
        ) {
            self.id = id
            self.tenant = tenant
            self.application = application
            self.isEnabled = isEnabled
            self.requiresAssignment = requiresAssignment
            self.roleAssignments = roleAssignments
            self.delegatedPermissions = delegatedPermissions
        }
    }

    /// A role of a resource, held by a person or (an application permission) by an application.
    public struct RoleAssignment: Sendable {
        /// The value of the role.
        public var role: String
        /// A user principal name, a client ID or an identifier URI.
        public var principal: String

        /// Gives a role to a person or an application.
        public init(_ role: String, to principal: String) {
            self.role = role
            self.principal = principal
        }
    }

    /// Scopes of one resource that a client may use for any person of the tenant.
    public struct DelegatedPermission: Sendable {
        /// The resource: client ID or identifier URI.
        public var resource: String
        /// The scopes' short names.
        public var scopes: [String]

        /// Grants scopes of a resource.
        public init(_ resource: String, scopes: [String]) {
            self.resource = resource
            self.scopes = scopes
        }
    }
}
