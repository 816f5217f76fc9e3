// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Configuration

extension ApplicationConfiguration {
    /// Reads the settings of a web app from the environment, a file or wherever the reader looks.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `AZURE_AD_CLIENT_ID` | the application (client) identifier |
    /// | `AZURE_AD_CLIENT_SECRET` | the client secret |
    /// | `AZURE_AD_CLIENT_CERTIFICATE_PATH` | instead of a secret: a PEM file of a certificate and its private key |
    /// | `AZURE_AD_CLIENT_CERTIFICATE_PASSWORD` | what the key opens with, if it is encrypted |
    /// | `AZURE_FEDERATED_TOKEN_FILE` | instead of both: the file of a workload's token |
    /// | `AZURE_AD_INSTANCE` | the sign-in host, `https://login.microsoftonline.com` unless set |
    /// | `AZURE_AD_TENANT_ID` | the tenant, by GUID or domain |
    /// | `AZURE_AD_AUTHORITY` | instead of the two above: the whole authority URL |
    /// | `AZURE_AD_OIDC_AUTHORITY` | instead of all three: the issuer of any OpenID Connect provider |
    /// | `AZURE_AD_ALLOWED_TENANTS` | for a multi-tenant authority: accepted tenants by GUID, comma-separated, or `*` |
    ///
    /// In a JSON file the same settings stand in the section `azureAd`, as `clientId`, `tenantId` and so on; the last one
    /// of the table stands in the section `azure`, as `federatedTokenFile`.
    ///
    /// - Parameters:
    ///   - reader: where to look.
    ///   - faults: takes in everything that is wrong.
    /// - Returns: the settings, or nil when there are faults.
    public static func read(
        from reader: ConfigReader,
        collecting faults: inout ConfigurationFaults
    ) -> ApplicationConfiguration? {
        let section = reader.scoped(to: "azureAd")
        let before = faults.faults.count
        let clientID = section.value("clientId")
        if clientID == nil {
            faults.add(
                "AZURE_AD_CLIENT_ID",
                "is missing.",
                cure: "Set it to the application (client) ID on the registration's overview page."
            )
        }
        let credential = readCredential(reader, &faults)
        if let clientID, !isPrintable(clientID) {
            faults.add(
                "AZURE_AD_CLIENT_ID",
                "is not printable ASCII.",
                cure: "Copy the application (client) ID from the registration's overview page."
            )
        }
        let authority = readAuthority(section, &faults)
        let tenants = readTenants(section, authority, &faults)
        guard faults.faults.count == before, let clientID, let credential, let authority else { return nil }
        return ApplicationConfiguration(
            clientID: clientID,
            authority: authority,
            credential: credential,
            tenants: tenants
        )
    }

    private static func readAuthority(_ section: ConfigReader, _ faults: inout ConfigurationFaults) -> Authority? {
        let issuer = section.value("oidcAuthority")
        let whole = section.value("authority")
        let tenant = section.value("tenantId")
        let instance = section.value("instance")
        let given = [
            ("AZURE_AD_OIDC_AUTHORITY", issuer), ("AZURE_AD_AUTHORITY", whole), ("AZURE_AD_TENANT_ID", tenant),
        ].filter { $0.1 != nil }
        guard let (key, _) = given.first else {
            faults.add(
                "AZURE_AD_TENANT_ID",
                "is missing, and so are AZURE_AD_AUTHORITY and AZURE_AD_OIDC_AUTHORITY.",
                cure: "Set one of them: the tenant's ID, a whole authority URL, or the issuer of another provider."
            )
            return nil
        }
        guard given.count == 1 else {
            faults.add(
                key,
                "is set together with " + given.dropFirst().map(\.0).joined(separator: " and ") + ".",
                cure: "Set only one of them, so that it is clear whom to trust."
            )
            return nil
        }
        if instance != nil, tenant == nil {
            faults.add(
                "AZURE_AD_INSTANCE",
                "is set together with \(key), which names the host already.",
                cure: "Remove it, or use it with AZURE_AD_TENANT_ID instead."
            )
            return nil
        }
        do throws(AuthenticationError) {
            if let issuer { return try .openIDConnect(issuer: issuer) }
            if let whole { return try Authority(whole) }
            return try .entra(tenant: tenant ?? "", instance: instance ?? "https://login.microsoftonline.com")
        } catch {
            faults.add(instance == nil ? key : "AZURE_AD_INSTANCE", "cannot be used.", cure: error.message)
            return nil
        }
    }

    private static func readTenants(
        _ section: ConfigReader,
        _ authority: Authority?,
        _ faults: inout ConfigurationFaults
    ) -> TenantPolicy {
        let key = "AZURE_AD_ALLOWED_TENANTS"
        guard let text = section.value("allowedTenants") else {
            if let authority, authority.isMultiTenant {
                faults.add(
                    key,
                    "is missing, and the authority '\(authority)' stands for many tenants.",
                    cure: "List the accepted tenants' GUIDs separated by commas, or set it to * to accept every tenant."
                )
            }
            return .authority
        }
        if text == "*" { return .any }
        let tenants = Set(text.split(separator: ",").map { $0.trimmingSpaces().lowercased() })
        if tenants.isEmpty {
            faults.add(key, "names no tenant.", cure: "List GUIDs separated by commas, or remove it.")
        }
        if let wrong = tenants.first(where: { !GUID.isValid($0) }) {
            faults.add(
                "AZURE_AD_ALLOWED_TENANTS",
                "holds '\(wrong)', which is not a tenant's GUID.",
                cure: "List GUIDs separated by commas, or set it to * to accept every tenant."
            )
        }
        return .only(tenants)
    }
}

extension ConfigReader {
    /// A setting as text without space around it; an empty one counts as missing.
    ///
    /// A file may hold a number or a list where the environment has digits or commas.
    package func value(_ key: ConfigKey, isSecret: Bool = false) -> String? {
        let text =
            string(forKey: key, isSecret: isSecret) ?? int(forKey: key, isSecret: isSecret).map { String($0) }
            ?? stringArray(forKey: key, isSecret: isSecret)?.joined(separator: ",")
        guard let trimmed = text?.trimmingSpaces(), !trimmed.isEmpty else { return nil }
        return trimmed
    }
}
