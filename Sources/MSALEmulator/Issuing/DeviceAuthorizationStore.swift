// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The devices that wait for a person, and the pages that ask the person; kept by the hash of what names them.
struct DeviceAuthorizationStore: Sendable {
    /// How long both codes live.
    static let lifetime: TimeInterval = 900
    /// How many devices and how many pages are kept, so that no loop fills the memory.
    static let limit = 20_000
    /// How many wrong user codes are looked at in a minute (RFC 8628 §5.1).
    static let guessLimit = 20

    /// What became of a user code.
    enum LookUp: Sendable {
        /// A device waits for it.
        case found(DeviceAuthorization.ID, DeviceAuthorization)
        /// Nobody waits for it.
        case unknown
        /// There were too many wrong ones; it was not looked at.
        case tooMany
    }

    private var devices: [DeviceAuthorization.ID: DeviceAuthorization] = [:]
    private var devicesByUserCode: [String: DeviceAuthorization.ID] = [:]
    private var confirmations: [[UInt8]: DeviceConfirmation] = [:]
    private var wrongGuesses: [Date] = []

    /// Keeps what a device asks for; the codes are made here.
    ///
    /// - Returns: the device code, which is kept as a hash only, and the user code.
    mutating func add(
        clientID: GUID,
        segment: TenantSegment,
        scope: ScopeRequest,
        claims: ClaimsRequest,
        now: Date
    ) -> (deviceCode: String, userCode: String) {
        makeRoom(now: now)
        var userCode = UserCode.make()
        while devicesByUserCode[userCode] != nil { userCode = UserCode.make() }
        let deviceCode = "G" + Token.make() + Token.make() + Token.make()
        let id = Digest.sha256(deviceCode)
        devices[id] = DeviceAuthorization(
            clientID: clientID,
            segment: segment,
            scope: scope,
            claims: claims,
            userCode: userCode,
            expires: now.addingTimeInterval(Self.lifetime)
        )
        devicesByUserCode[userCode] = id
        return (deviceCode, userCode)
    }

    /// The device that waits for a user code, as long as not too many wrong ones were typed.
    mutating func lookUp(userCode: String, now: Date) -> LookUp {
        wrongGuesses.removeAll { $0.addingTimeInterval(60) <= now }
        guard wrongGuesses.count < Self.guessLimit else { return .tooMany }
        if let id = devicesByUserCode[userCode], let device = devices[id], device.isOpen(at: now) {
            return .found(id, device)
        }
        wrongGuesses.append(now)
        return .unknown
    }

    /// The device of a device code, to look at only.
    func device(_ code: String) -> (id: DeviceAuthorization.ID, device: DeviceAuthorization)? {
        let id = Digest.sha256(code)
        return devices[id].map { (id, $0) }
    }

    /// Answers a device that asks; nil for one that is not there.
    mutating func poll(_ id: DeviceAuthorization.ID, at now: Date, limitsPace: Bool) -> DeviceAuthorization.Poll? {
        devices[id]?.poll(at: now, limitsPace: limitsPace)
    }

    /// Takes down what the person decided; false when it is too late for that.
    mutating func decide(_ id: DeviceAuthorization.ID, _ state: DeviceAuthorization.State, now: Date) -> Bool {
        guard devices[id]?.isOpen(at: now) == true else { return false }
        devices[id]?.state = state
        return true
    }

    /// Marks a device as served; false when somebody else was faster.
    mutating func redeem(_ id: DeviceAuthorization.ID) -> Bool {
        guard case .approved = devices[id]?.state else { return false }
        devices[id]?.state = .redeemed
        return true
    }

    /// Keeps a question to a person and returns its token.
    mutating func add(_ confirmation: DeviceConfirmation, now: Date) -> String {
        confirmations = confirmations.filter { $0.value.expires > now }
        if confirmations.count >= Self.limit { confirmations.removeAll() }
        let token = Token.make()
        confirmations[Digest.sha256(token)] = confirmation
        return token
    }

    /// The question that a token names.
    func confirmation(_ token: String, now: Date) -> DeviceConfirmation? {
        confirmations[Digest.sha256(token)].flatMap { $0.expires > now ? $0 : nil }
    }

    /// Forgets a question.
    mutating func removeConfirmation(_ token: String) {
        confirmations[Digest.sha256(token)] = nil
    }

    /// Forgets devices an hour after their end: until then they are told that they are too late.
    private mutating func makeRoom(now: Date) {
        devices = devices.filter { $0.value.expires.addingTimeInterval(3600) > now }
        if devices.count >= Self.limit, let first = devices.min(by: { $0.value.expires < $1.value.expires }) {
            devices[first.key] = nil
        }
        devicesByUserCode = devicesByUserCode.filter { devices[$0.value] != nil }
    }
}
