// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension GrantRedemption {
    /// How long an `fmi_path` may be.
    private static let longestPath = 256

    /// The client credentials grant (RFC 6749 §4.4): the application itself, one resource, everything granted.
    func clientCredentials(_ form: Parameters) throws -> OrderedJSON {
        guard let tenantID = segment.tenantID else { throw PlatformError.grantNeedsTenant }
        guard client.isConfidential else { throw PlatformError.credentialMissing }
        guard let text = form["scope"] else { throw PlatformError.missing("scope") }
        let scopes = text.split(separator: " ").map { String($0) }
        for scope in scopes where Scope.split(scope).name != Scope.defaultName || Scope.split(scope).resource.isEmpty {
            throw PlatformError.scopeNotDefault(scope)
        }
        guard let scope = scopes.first else { throw PlatformError.missing("scope") }
        guard scopes.count == 1 else { throw PlatformError.scopeOfSeveralResources }
        let prefix = Scope.split(scope).resource
        guard let resource = platform.directory.application(named: prefix),
            platform.directory.servicePrincipal(resource.id, in: tenantID) != nil
        else { throw PlatformError.resourceUnknown(prefix) }
        let principal = try platform.servicePrincipal(of: client, in: tenantID)
        let claims = try ClaimsRequest(form["claims"])
        let lifetime = platform.configuration.tokenLifetime()
        let token = try platform.issuer(base).accessToken(
            client: AuthenticatedClient(application: client, proof: proof),
            principal: principal,
            resource: resource,
            prefix: prefix,
            lifetime: lifetime,
            capabilities: claims.capabilities,
            workloadPath: try workloadPath(form["fmi_path"], for: resource)
        )
        return OrderedJSON([
            "token_type": "Bearer",
            "expires_in": .integer(Int64(lifetime)),
            "ext_expires_in": .integer(Int64(lifetime)),
            "access_token": .string(token),
        ])
    }

    /// The workload that a token is for: only tokens that are shown as assertions are for any.
    private func workloadPath(_ path: String?, for resource: Application) throws(PlatformError) -> String? {
        guard let path else { return nil }
        let isPath = path.utf8.count <= Self.longestPath && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        guard isPath, TokenExchange.isResource(resource.id) else { throw .invalidValue("fmi_path", path) }
        return path
    }
}
