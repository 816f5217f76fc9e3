// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The first segment of a path: which tenant, or which set of tenants, a request is for.
enum TenantSegment: Sendable, Hashable {
    /// One tenant, by GUID or domain.
    case tenant(GUID)
    /// Work accounts of any tenant, and personal ones.
    case common
    /// Work accounts of any tenant.
    case organizations
    /// Personal accounts.
    case consumers

    /// The tenant of personal accounts.
    static let personalTenantID = "9188040d-6c67-4c5b-b112-36a304b66dad"

    /// Reads a segment; nil for a tenant nobody knows.
    init?(_ text: String, in directory: Directory) {
        switch text.lowercased() {
        case "common": self = .common
        case "organizations": self = .organizations
        case "consumers", Self.personalTenantID: self = .consumers
        case let name:
            guard let tenant = directory.tenant(name) else { return nil }
            self = .tenant(tenant.id)
        }
    }

    /// Whether a name can never be a tenant's.
    static func isReserved(_ name: String) -> Bool {
        [
            "common", "organizations", "consumers", personalTenantID, "adfs", "assets", "devicelogin", "discovery",
            "error", "oidc", "protected", "v1.0", WorkloadIssuer.segment,
        ].contains(name)
    }

    /// What endpoint addresses carry.
    var path: String {
        switch self {
        case .tenant(let id): id.text
        case .common: "common"
        case .organizations: "organizations"
        case .consumers: "consumers"
        }
    }

    /// What the issuer carries: for the shared segments the literal that clients must replace.
    var issuerPath: String {
        switch self {
        case .tenant(let id): id.text
        case .common, .organizations: "{tenantid}"
        case .consumers: Self.personalTenantID
        }
    }

    /// The tenant, when there is exactly one.
    var tenantID: GUID? {
        guard case .tenant(let id) = self else { return nil }
        return id
    }
}
