// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Everything that is wrong with a seed, each fault with the place it was found at.
public struct EmulatorSeedFaults: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Fault: Sendable, Hashable {
        /// Where, such as `users[2].password`; empty for the document itself.
        public var path: String
        /// What, as a sentence.
        public var problem: String
    }

    /// The faults, in the order of the document.
    public private(set) var faults: [Fault] = []

    /// Notes a fault, unless its place is already known to be bad.
    mutating func add(_ path: String, _ problem: String) {
        guard !faults.contains(where: { $0.path == path }) else { return }
        faults.append(Fault(path: path, problem: problem))
    }

    /// One line for each fault.
    public var description: String {
        let lines = faults.map { "\($0.path.isEmpty ? "the seed" : $0.path): \($0.problem)" }
        return "The seed has \(faults.count == 1 ? "a fault" : "\(faults.count) faults"):\n"
            + lines.map { "  " + $0 }.joined(separator: "\n")
    }
}
