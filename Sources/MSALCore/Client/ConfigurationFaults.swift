// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// All that is wrong with a configuration, so that it can be mended in one go.
public struct ConfigurationFaults: Error, Sendable, Hashable {
    /// One fault.
    public struct Fault: Sendable, Hashable {
        /// The setting, by the name of its environment variable.
        public var key: String
        /// What is wrong.
        public var problem: String
        /// How to mend it.
        public var cure: String

        /// Creates a fault.
        public init(key: String, problem: String, cure: String) {
            self.key = key
            self.problem = problem
            self.cure = cure
        }
    }

    /// The faults, in the order in which they were found.
    public private(set) var faults: [Fault] = []

    /// Creates an empty list.
    public init() {}

    /// Whether nothing is wrong.
    public var isEmpty: Bool { faults.isEmpty }

    /// Adds a fault.
    ///
    /// - Parameters:
    ///   - key: the setting, by the name of its environment variable.
    ///   - problem: what is wrong, without the value of a secret.
    ///   - cure: how to mend it.
    public mutating func add(_ key: String, _ problem: String, cure: String) {
        faults.append(Fault(key: key, problem: problem, cure: cure))
    }

    /// Throws this list if there is anything in it.
    public func throwIfAny() throws(ConfigurationFaults) {
        if !isEmpty { throw self }
    }
}

extension ConfigurationFaults: CustomStringConvertible {
    /// The faults, a line each.
    public var description: String {
        let count = faults.count == 1 ? "one fault" : "\(faults.count) faults"
        return faults.reduce("The configuration has \(count):") { text, fault in
            text + "\n  \(fault.key): \(fault.problem) \(fault.cure)"
        }
    }
}
