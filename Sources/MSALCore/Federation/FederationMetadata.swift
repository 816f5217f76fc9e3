// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a federation server says of itself (WS-MetadataExchange): where it takes a name and a password.
struct FederationMetadata: Sendable {
    /// A place that takes a name and a password, under TLS.
    struct PasswordEndpoint: Sendable, Hashable {
        /// The place.
        var endpoint: Endpoint
        /// What it speaks.
        var version: TrustVersion
    }

    /// Such places, the newest version of WS-Trust first.
    let passwordEndpoints: [PasswordEndpoint]

    /// Looks for them: a port with a binding to one of the two actions, whose policy wants TLS and a name with a password.
    ///
    /// - Parameters:
    ///   - document: what the server says of itself.
    ///   - isLocal: whether the platform is on this very machine, so that the server may be there without TLS.
    init(_ document: XMLDocument, isLocal: Bool) {
        let root = document.root
        let policies = Self.passwordPolicies(root)
        let bindings = root.all(XMLNode.Name(TrustNamespace.wsdl, "binding")).compactMap { binding in
            Self.version(of: binding, policies).map { (name: binding.attribute("name") ?? "", version: $0) }
        }
        let ports = root.all(XMLNode.Name(TrustNamespace.wsdl, "service"))
            .flatMap { $0.children.filter { $0.name == XMLNode.Name(TrustNamespace.wsdl, "port") } }
        let found = ports.compactMap { port -> PasswordEndpoint? in
            let name = port.attribute("binding").map { $0.split(separator: ":").last.map(String.init) ?? "" }
            guard let version = bindings.first(where: { $0.name == name })?.version,
                // A password is sent there: whoever writes this document must not point at a service of this machine's own.
                let endpoint = Self.address(of: port).flatMap({ Endpoint($0) }),
                isLocal || endpoint.isSecure && !endpoint.isLoopback
            else { return nil }
            return PasswordEndpoint(endpoint: endpoint, version: version)
        }
        passwordEndpoints = TrustVersion.allCases.flatMap { version in found.filter { $0.version == version } }
    }

    /// The policies, by reference, that want TLS and a name with a password.
    private static func passwordPolicies(_ root: XMLNode) -> Set<String> {
        let policies = root.all(XMLNode.Name(TrustNamespace.policy, "Policy"))
        let wanted = policies.filter { policy in
            TrustNamespace.securityPolicies.contains { namespace in
                let isPassword = policy.all(XMLNode.Name(namespace, "UsernameToken"))
                    .contains { $0.holds(XMLNode.Name(namespace, "WssUsernameToken10")) }
                return isPassword && policy.holds(XMLNode.Name(namespace, "TransportBinding"))
            }
        }
        let names = wanted.compactMap { $0.attributes[XMLNode.Name(TrustNamespace.securityUtility, "Id")] }
        return Set(names.map { "#" + $0 })
    }

    /// The version of a binding that has one of the policies; nil for all other bindings.
    private static func version(of binding: XMLNode, _ policies: Set<String>) -> TrustVersion? {
        let policy = binding.first(XMLNode.Name(TrustNamespace.policy, "PolicyReference"))?.attribute("URI")
        guard let policy, policies.contains(policy) else { return nil }
        let action = binding.first([
            XMLNode.Name(TrustNamespace.wsdl, "operation"), XMLNode.Name(TrustNamespace.wsdlSOAP, "operation"),
        ])?.attribute("soapAction")
        return TrustVersion.allCases.first { $0.issueAction == action }
    }

    /// The address of a port, in either of the two ways to say it.
    private static func address(of port: XMLNode) -> String? {
        let reference = port.first([
            XMLNode.Name(TrustNamespace.addressing, "EndpointReference"),
            XMLNode.Name(TrustNamespace.addressing, "Address"),
        ])
        return reference?.text ?? port.first(XMLNode.Name(TrustNamespace.wsdlSOAP, "address"))?.attribute("location")
    }
}
