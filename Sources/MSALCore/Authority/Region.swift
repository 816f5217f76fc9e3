// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// In which region of Azure an application asks for its own tokens.
///
/// Regional endpoints are for client credentials and managed identities only; people sign in at the central ones.
@nonexhaustive
public enum AzureRegion: Sendable, Hashable {
    /// In none: at the central endpoint, whatever the environment says.
    case off
    /// In this one, such as `westus2`.
    case named(String)
    /// In the one that the machine says it is in: by `REGION_NAME`, or by asking Azure's metadata service.
    case automatic

    /// Checks a name without asking anybody.
    ///
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    func validate() throws(AuthenticationError) {
        guard case .named(let name) = self, !Region.isValid(name) else { return }
        throw Region.invalid(name, of: "The configured region")
    }
}

/// The rules for names of regions and for the hosts that are made of them.
enum Region {
    /// Whether a text can be a region: a label of a host name in lower case that begins with a letter (RFC 1035 §2.3.1).
    ///
    /// It becomes a part of the host to which credentials go, so anything looser would let whoever sets it choose that host.
    static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (1...63).contains(bytes.count), bytes.last != UInt8(ascii: "-") else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): index > 0
            default: false
            }
        }
    }

    /// The host that serves a region for a central one; all names of the public cloud share the one they had first.
    static func host(of region: String, for host: String) -> String {
        Cloud.publicCloud.aliases.contains(host) ? "\(region).login.microsoft.com" : "\(region).\(host)"
    }

    /// A central endpoint as it is in a region; the same where its host is an address, which has no regions.
    static func endpoint(_ central: Endpoint, in region: String) -> Endpoint {
        isValid(region) && !central.isAddress ? central.on(host: host(of: region, for: central.host)) : central
    }

    /// The region in an answer of the metadata service; nil for one that does not name any.
    static func read(_ body: [UInt8]) -> String? {
        guard let json = try? JSONValue(parsing: body), let name = json["location"]?.stringValue else { return nil }
        return isValid(name) ? name : nil
    }

    /// The refusal of a name that somebody set on purpose.
    static func invalid(_ name: String, of setting: String) -> AuthenticationError {
        AuthenticationError(
            .misconfigured,
            .configurationInvalid,
            "\(setting) '\(name)' is not a region: one is a short name in lower case, such as 'westus2'."
        )
    }
}
