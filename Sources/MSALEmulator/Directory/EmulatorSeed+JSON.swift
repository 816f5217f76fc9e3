// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension EmulatorSeed {
    /// Reads a seed file.
    ///
    /// - Throws: ``EmulatorSeedFaults`` with everything that is wrong, references between objects included.
    public init(json: [UInt8]) throws(EmulatorSeedFaults) {
        var faults = EmulatorSeedFaults()
        let document: JSONValue
        do {
            document = try JSONValue(parsing: json)
        } catch {
            faults.add("", "is not JSON: \(error.message)")
            throw faults
        }
        var reader = SeedReader(document, path: "", faults: &faults)
        self.init(
            tenants: reader.list("tenants", &faults, Self.tenant),
            users: reader.list("users", &faults, Self.user),
            applications: reader.list("applications", &faults, Self.application),
            servicePrincipals: reader.list("servicePrincipals", &faults, Self.servicePrincipal),
            conditionalAccessPolicies: reader.list("conditionalAccessPolicies", &faults, Self.policy),
            showsPasswords: reader.flag("showsPasswords", default: false, &faults)
        )
        reader.finish(&faults)
        _ = Directory(self, faults: &faults)
        guard faults.faults.isEmpty else { throw faults }
    }

    /// Reads a tenant.
    private static func tenant(_ value: JSONValue, _ path: String, _ faults: inout EmulatorSeedFaults) -> Tenant {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return Tenant(
            id: reader.text("id", &faults),
            displayName: reader.text("displayName", &faults),
            domains: reader.texts("domains", &faults),
            federatedDomains: reader.list("federatedDomains", &faults) { value, path, faults in
                var reader = SeedReader(value, path: path, faults: &faults)
                defer { reader.finish(&faults) }
                return FederatedDomain(
                    reader.text("name", &faults),
                    samlVersion: reader.optionalText("samlVersion", &faults) ?? FederatedDomain.standardVersion
                )
            }
        )
    }

    /// Reads a person.
    private static func user(_ value: JSONValue, _ path: String, _ faults: inout EmulatorSeedFaults) -> User {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return User(
            id: reader.text("id", &faults),
            tenant: reader.text("tenant", &faults),
            userPrincipalName: reader.text("userPrincipalName", &faults),
            password: reader.text("password", &faults),
            isEnabled: reader.flag("enabled", default: true, &faults),
            hasExpiredPassword: reader.flag("passwordExpired", default: false, &faults),
            profile: Profile(
                displayName: reader.text("displayName", &faults),
                givenName: reader.optionalText("givenName", &faults),
                surname: reader.optionalText("surname", &faults),
                mail: reader.optionalText("mail", &faults),
                jobTitle: reader.optionalText("jobTitle", &faults),
                officeLocation: reader.optionalText("officeLocation", &faults),
                businessPhones: reader.texts("businessPhones", &faults),
                mobilePhone: reader.optionalText("mobilePhone", &faults),
                preferredLanguage: reader.optionalText("preferredLanguage", &faults)
            )
        )
    }

    /// Reads an application.
    private static func application(
        _ value: JSONValue,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> Application {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return Application(
            clientID: reader.text("clientID", &faults),
            displayName: reader.text("displayName", &faults),
            homeTenant: reader.text("homeTenant", &faults),
            isMultiTenant: reader.flag("multiTenant", default: false, &faults),
            identifierURIs: reader.texts("identifierURIs", &faults),
            redirectURIs: reader.texts("redirectURIs", &faults),
            postLogoutRedirectURIs: reader.texts("postLogoutRedirectURIs", &faults),
            secrets: reader.list("secrets", &faults, secret),
            allowsPublicClientFlows: reader.optionalFlag("allowPublicClient", &faults),
            accessTokenVersion: reader.integer("accessTokenVersion", default: 2, &faults),
            scopes: reader.texts("scopes", &faults),
            appRoles: reader.list("appRoles", &faults, appRole),
            allowsIDTokensFromAuthorize: reader.flag("idTokensFromAuthorize", default: false, &faults),
            certificates: reader.texts("certificates", &faults),
            trustedSubjects: reader.list("trustedSubjects", &faults, trustedSubject),
            federatedCredentials: reader.list("federatedCredentials", &faults, federatedCredential),
            blueprint: reader.optionalText("blueprint", &faults),
            agentUsers: reader.texts("agentUsers", &faults)
        )
    }

    /// Reads a secret.
    private static func secret(
        _ value: JSONValue,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> ClientSecret {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return ClientSecret(reader.text("value", &faults), expires: reader.date("expires", &faults))
    }

    /// Reads a role declaration.
    private static func appRole(_ value: JSONValue, _ path: String, _ faults: inout EmulatorSeedFaults) -> AppRole {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return AppRole(reader.text("value", &faults), displayName: reader.optionalText("displayName", &faults))
    }

    /// Reads a service principal.
    private static func servicePrincipal(
        _ value: JSONValue,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> ServicePrincipal {
        var reader = SeedReader(value, path: path, faults: &faults)
        defer { reader.finish(&faults) }
        return ServicePrincipal(
            tenant: reader.text("tenant", &faults),
            application: reader.text("application", &faults),
            id: reader.optionalText("id", &faults),
            isEnabled: reader.flag("enabled", default: true, &faults),
            requiresAssignment: reader.flag("requiresAssignment", default: false, &faults),
            roleAssignments: reader.list("roleAssignments", &faults) { value, path, faults in
                var reader = SeedReader(value, path: path, faults: &faults)
                defer { reader.finish(&faults) }
                return RoleAssignment(reader.text("role", &faults), to: reader.text("principal", &faults))
            },
            delegatedPermissions: reader.list("delegatedPermissions", &faults) { value, path, faults in
                var reader = SeedReader(value, path: path, faults: &faults)
                defer { reader.finish(&faults) }
                return DelegatedPermission(
                    reader.text("resource", &faults),
                    scopes: reader.texts("scopes", &faults)
                )
            }
        )
    }
}
