// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The fields by which the platform knows the library and, if it likes, the application.
package struct ClientFields: Sendable, Hashable {
    /// The library's version.
    package static let version = "0.1.0"

    /// What the application calls itself.
    var applicationName: String?
    /// The application's version.
    var applicationVersion: String?

    /// The fields, the same for each request.
    var fields: HTTPFields {
        var fields = HTTPFields()
        fields[.clientSKU] = "MSAL.Swift"
        fields[.clientVersion] = Self.version
        fields[.clientOS] = Self.operatingSystem
        fields[.clientCPU] = Self.processor
        // What the library does by itself: it keeps to pauses that the platform asks for.
        fields[.libraryCapability] = "retry-after, h429"
        fields[.applicationName] = Self.printable(applicationName)
        fields[.applicationVersion] = Self.printable(applicationVersion)
        return fields
    }

    /// The operating system, in the words of the other libraries.
    private static var operatingSystem: String {
        #if os(Linux)
            "linux"
        #elseif canImport(Darwin)
            "darwin"
        #else
            "other"
        #endif
    }

    /// The processor, in the words of the other libraries; nil for one they have no word for.
    private static var processor: String? {
        #if arch(x86_64)
            "x64"
        #elseif arch(arm64)
            "arm64"
        #else
            nil
        #endif
    }

    /// A text that may stand in a field; nil for one that may not, which is left out.
    fileprivate static func printable(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= 256, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            return nil
        }
        return text
    }
}

/// Whose tokens a request is about, so that the platform routes it to where that person's data are.
///
/// It goes into a field of its own, and never into a log: it names a person.
enum AnchorMailbox: Sendable, Hashable {
    /// By identifier: the home object and its tenant.
    case object(id: String, tenant: String)
    /// By user name.
    case userName(String)

    /// The hint for an account; nil where its key is not of the platform's form.
    init?(homeAccountID: String) {
        guard let dot = homeAccountID.lastIndex(of: ".") else { return nil }
        let id = homeAccountID[..<dot]
        let tenant = homeAccountID[homeAccountID.index(after: dot)...]
        guard !id.isEmpty, !tenant.isEmpty else { return nil }
        self = .object(id: String(id), tenant: String(tenant))
    }

    /// The text, as it stands in the query of an authorization request.
    var value: String {
        switch self {
        case .object(let id, let tenant): "Oid:\(id)@\(tenant)"
        case .userName(let name): "UPN:\(name)"
        }
    }

    /// The field of a token request; empty where the text may not stand in one, since the hint is no more than that.
    var fields: HTTPFields {
        var fields = HTTPFields()
        fields[.anchorMailbox] = ClientFields.printable(value)
        return fields
    }
}

// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    // All of these are tokens (RFC 9110 §5.6.2), which is all that the initializer asks for.

    /// The library's name.
    static let clientSKU = HTTPField.Name("x-client-SKU")!
    /// The library's version.
    static let clientVersion = HTTPField.Name("x-client-Ver")!
    /// The operating system.
    static let clientOS = HTTPField.Name("x-client-OS")!
    /// The processor.
    static let clientCPU = HTTPField.Name("x-client-CPU")!
    /// What the library does by itself.
    static let libraryCapability = HTTPField.Name("x-ms-lib-capability")!
    /// The application's name.
    static let applicationName = HTTPField.Name("x-app-name")!
    /// The application's version.
    static let applicationVersion = HTTPField.Name("x-app-ver")!
    /// Whose tokens a request is about.
    static let anchorMailbox = HTTPField.Name("X-AnchorMailbox")!
}
