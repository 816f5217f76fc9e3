// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// Which issuers an authority's metadata may announce.
///
/// A tenant named by its domain answers with its GUID, a multi-tenant authority with a template: so equality is not
/// enough, and anything looser than these rules would let one provider speak for another (RFC 8414 §3.3).
enum IssuerRules {
    /// Judges an issuer.
    ///
    /// - Parameters:
    ///   - issuer: what the metadata announce.
    ///   - authority: of whom they were asked.
    ///   - cloud: the cloud of the authority's host, where it is not one of the built-in table.
    /// - Returns: why it is refused; nil when it is accepted.
    static func refusal(of issuer: String, for authority: Authority, in cloud: Cloud? = nil) -> String? {
        let template = issuer.replacing("{tenantid}", with: "00000000-0000-0000-0000-000000000000")
        guard let announced = Endpoint(template), announced.query == nil else {
            return "it is not an https URL"
        }
        if announced.scheme != "https", !authority.base.isLoopback {
            return "it is not an https URL"
        }
        return switch authority.kind {
        case .entra: entraRefusal(announced, isTemplate: template != issuer, authority, cloud)
        case .adfs: sameAs(announced, authority)
        case .b2c, .externalID: tenantHostRefusal(announced, authority)
        case .openIDConnect:
            template == issuer ? genericRefusal(announced, authority) : "it stands for many tenants"
        }
    }

    /// `https://{host of the same cloud}/{GUID or template}/v2.0`, and the GUID that was asked for, where one was.
    private static func entraRefusal(
        _ issuer: Endpoint,
        isTemplate: Bool,
        _ authority: Authority,
        _ cloud: Cloud?
    ) -> String? {
        let aliases = (cloud ?? Cloud.of(host: authority.host))?.aliases
        guard issuer.origin == authority.base.origin || aliases?.contains(issuer.authority) == true else {
            return "its host is not the authority's"
        }
        let segments = issuer.path.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.count == 3, segments[2] == "v2.0", GUID.isValid(segments[1]) else {
            return "its path is not a tenant's GUID and /v2.0"
        }
        guard !GUID.isValid(authority.tenant) || isTemplate || segments[1].lowercased() == authority.tenant.lowercased()
        else { return "it is another tenant's" }
        return nil
    }

    /// The authority itself.
    private static func sameAs(_ issuer: Endpoint, _ authority: Authority) -> String? {
        guard issuer.origin == authority.base.origin else { return "its host is not the authority's" }
        guard trimmed(issuer.path) == trimmed(authority.base.path) else { return "its path is not the authority's" }
        return nil
    }

    /// The authority's host, or another of the same service, and a tenant's GUID.
    private static func tenantHostRefusal(_ issuer: Endpoint, _ authority: Authority) -> String? {
        let sameService =
            authority.kind == .externalID && issuer.host.hasSuffix(".ciamlogin.com") && issuer.port == nil
        guard issuer.origin == authority.base.origin || sameService else { return "its host is not the authority's" }
        guard issuer.path.split(separator: "/").contains(where: { GUID.isValid($0) }) else {
            return "it names no tenant by GUID"
        }
        return nil
    }

    /// The authority itself, one region below its host, or a host of the platform.
    private static func genericRefusal(_ issuer: Endpoint, _ authority: Authority) -> String? {
        let base = authority.base
        if issuer.origin == base.origin || isRegion(issuer, of: base) {
            return trimmed(issuer.path) == trimmed(base.path) ? nil : "its path is not the authority's"
        }
        guard Cloud.of(host: base.host) == nil, issuer.port == nil else { return "its host is not the authority's" }
        let platform = [".b2clogin.com", ".b2clogin.cn", ".b2clogin.us", ".ciamlogin.com"]
        guard Cloud.isKnownOrRegional(issuer.host) || platform.contains(where: issuer.host.hasSuffix) else {
            return "its host is neither the authority's nor one of the platform's"
        }
        return nil
    }

    /// Whether an issuer is one label below a host.
    private static func isRegion(_ issuer: Endpoint, of base: Endpoint) -> Bool {
        guard issuer.scheme == base.scheme, issuer.port == base.port, issuer.host.hasSuffix("." + base.host) else {
            return false
        }
        return !issuer.host.dropLast(base.host.count + 1).contains(".")
    }

    /// A path without the one slash it may end in.
    private static func trimmed(_ path: String) -> Substring {
        path.hasSuffix("/") ? path.dropLast() : path[...]
    }
}

/// The form of a tenant's or an object's identifier.
enum GUID {
    /// Whether a text has 8-4-4-4-12 hexadecimal digits.
    static func isValid(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.indices.allSatisfy { index in
            switch index {
            case 8, 13, 18, 23: bytes[index] == UInt8(ascii: "-")
            default:
                switch bytes[index] {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
        }
    }
}
