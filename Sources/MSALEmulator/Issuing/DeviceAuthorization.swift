// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a device asked for, from its request to its tokens (RFC 8628 §3).
struct DeviceAuthorization: Sendable {
    /// What names it in the emulator: the hash of the device code.
    typealias ID = [UInt8]

    /// What the person has done.
    enum State: Sendable {
        /// Nothing yet.
        case pending
        /// Signed in and agreed.
        case approved(UserGrant)
        /// Pressed cancel.
        case declined
        /// Signed in, and the device has its tokens.
        case redeemed
    }

    /// What the device hears when it asks.
    enum Poll: Sendable {
        /// To ask again later.
        case pending
        /// To ask again later, and less often.
        case slowDown
        /// That the person refused.
        case declined
        /// That the code is too old.
        case expired
        /// That it has its tokens.
        case redeemed
        /// Tokens for this.
        case approved(UserGrant)
    }

    /// The seconds between two questions, and what each `slow_down` adds (RFC 8628 §3.5).
    static let interval = 5
    /// How much too early a question may come: networks are uneven.
    private static let tolerance: TimeInterval = 0.5

    /// The application on the device.
    let clientID: GUID
    /// The tenant segment it asked at.
    let segment: TenantSegment
    /// The scopes it asked.
    let scope: ScopeRequest
    /// What else it asked of its tokens.
    let claims: ClaimsRequest
    /// What the person types.
    let userCode: String
    /// When both codes stop working.
    let expires: Date
    /// What the person has done.
    var state = State.pending
    /// The seconds that the device must wait between two questions.
    private var interval = Self.interval
    /// When it asked last.
    private var polled: Date?

    /// Starts to wait for a person.
    init(
        clientID: GUID,
        segment: TenantSegment,
        scope: ScopeRequest,
        claims: ClaimsRequest,
        userCode: String,
        expires: Date
    ) {
        self.clientID = clientID
        self.segment = segment
        self.scope = scope
        self.claims = claims
        self.userCode = userCode
        self.expires = expires
    }

    /// Whether a person may still take it up.
    func isOpen(at now: Date) -> Bool {
        guard case .pending = state else { return false }
        return expires > now
    }

    /// Answers the device.
    ///
    /// - Parameters:
    ///   - now: the time of the question.
    ///   - limitsPace: whether a device that asks too often is told so, which the platform does not do.
    /// - Returns: what it hears.
    mutating func poll(at now: Date, limitsPace: Bool) -> Poll {
        guard expires > now else { return .expired }
        switch state {
        case .declined: return .declined
        case .redeemed: return .redeemed
        case .approved(let grant): return .approved(grant)
        case .pending: break
        }
        defer { polled = now }
        guard limitsPace, let polled,
            now < polled.addingTimeInterval(TimeInterval(interval) - Self.tolerance)
        else { return .pending }
        interval += Self.interval
        return .slowDown
    }
}

/// A person who is signed in and must still say whether the device may have it.
struct DeviceConfirmation: Sendable {
    /// What the device asked for.
    let device: DeviceAuthorization.ID
    /// The application on the device.
    let application: Application
    /// What the device would get.
    let grant: UserGrant
    /// When the page stops working.
    let expires: Date
}
