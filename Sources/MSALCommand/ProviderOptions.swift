// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import MSALCore

/// Which provider and application a command is about: from options, else from the environment.
struct ProviderOptions: ParsableArguments {
    /// The provider and tenant.
    @Option(
        help: ArgumentHelp(
            "The provider and tenant, such as https://login.microsoftonline.com/contoso.com; AZURE_AD_AUTHORITY.",
            valueName: "url"
        )
    )
    var authority: String?

    /// The tenant of the public cloud.
    @Option(
        help: ArgumentHelp(
            "Instead: the tenant, by ID or domain, at AZURE_AD_INSTANCE or in the public cloud; AZURE_AD_TENANT_ID.",
            valueName: "tenant"
        )
    )
    var tenant: String?

    /// Another provider.
    @Option(
        help: ArgumentHelp(
            "Instead: the issuer of any other OpenID Connect provider; AZURE_AD_OIDC_AUTHORITY.",
            valueName: "url"
        )
    )
    var issuer: String?

    /// The application.
    @Option(
        name: .customLong("client-id"),
        help: ArgumentHelp("The application (client) ID; AZURE_AD_CLIENT_ID.", valueName: "id")
    )
    var clientID: String?

    /// Refuses several providers at once.
    func validate() throws {
        guard [authority, tenant, issuer].compactMap({ $0 }).count <= 1 else {
            throw ValidationError("--authority, --tenant and --issuer each name a provider; say one.")
        }
    }

    /// The provider that is meant; nil if none is named.
    func namedAuthority() throws -> Authority? {
        if let authority { return try Authority(authority) }
        if let tenant { return try Self.entra(tenant) }
        if let issuer { return try .openIDConnect(issuer: issuer) }
        if let url = Input.variable("AZURE_AD_AUTHORITY") { return try Authority(url) }
        if let url = Input.variable("AZURE_AD_OIDC_AUTHORITY") { return try .openIDConnect(issuer: url) }
        return try Input.variable("AZURE_AD_TENANT_ID").map { try Self.entra($0) }
    }

    /// The settings of the application that is meant.
    func configuration(credential: ClientCredential? = nil) throws -> ApplicationConfiguration {
        guard let authority = try namedAuthority() else {
            throw ValidationError(
                "Name the provider with --authority, --tenant or --issuer, or set AZURE_AD_AUTHORITY or "
                    + "AZURE_AD_TENANT_ID."
            )
        }
        guard let clientID = clientID ?? Input.variable("AZURE_AD_CLIENT_ID") else {
            throw ValidationError("Name the application with --client-id, or set AZURE_AD_CLIENT_ID.")
        }
        var configuration = ApplicationConfiguration(clientID: clientID, authority: authority, tenants: .any)
        configuration.credential = credential
        configuration.applicationName = "msal"
        return configuration
    }

    /// A tenant of the cloud that the environment names.
    private static func entra(_ tenant: String) throws -> Authority {
        try .entra(
            tenant: tenant,
            instance: Input.variable("AZURE_AD_INSTANCE") ?? "https://login.microsoftonline.com"
        )
    }
}
