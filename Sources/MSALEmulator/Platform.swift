// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import MSALJWT
import Synchronization

/// What all endpoints share: the directory, the keys, and everything that was issued.
final class Platform: Sendable {
    /// The objects.
    let directory: Directory
    /// The seed they came from, for the start page.
    let seed: EmulatorSeed
    /// The settings.
    let configuration: EmulatorConfiguration
    /// The clock.
    let now: @Sendable () -> Date
    /// Where notes go.
    let logger: Logger

    /// The keys.
    private let keyRing: Mutex<KeyRing>
    /// Codes and refresh tokens.
    let grants: Mutex<GrantStore>
    /// What keeps keys and refresh tokens for the next start, if anything does.
    private let state: StateFile?
    /// Browser sessions and pending sign-ins.
    let sessions = Mutex(SessionStore())
    /// Wrong passwords, by person.
    let passwords = Mutex(PasswordAttempts())
    /// What the federation server signs its assertions with.
    let assertionKey = AssertionKey()
    /// What devices wait for.
    let devices = Mutex(DeviceAuthorizationStore())
    /// The client assertions that were used, each until it ends.
    let usedAssertions = Mutex<[String: Date]>([:])
    /// The made-up clusters.
    let workloads = WorkloadIssuer()
    /// What addresses start with when the request's host is not to be trusted.
    let fallbackBase: Mutex<BaseURL>

    /// Checks the seed and makes a key.
    init(
        seed: EmulatorSeed,
        configuration: EmulatorConfiguration,
        now: @escaping @Sendable () -> Date,
        logger: Logger
    ) throws {
        var faults = EmulatorSeedFaults()
        directory = Directory(seed, faults: &faults)
        guard faults.faults.isEmpty else { throw faults }
        guard BaseURL.isLoopback(configuration.host) else { throw EmulatorError.notThisMachine(configuration.host) }
        self.seed = seed
        self.configuration = configuration
        self.now = now
        self.logger = logger
        let state = configuration.stateFile.map { StateFile(path: $0, logger: logger) }
        let kept = state?.load(directory: directory, now: now())
        let keys = try kept.flatMap { KeyRing($0.keys) } ?? KeyRing(now: now())
        let grants = GrantStore(refreshTokens: kept?.refreshTokens ?? [:])
        keyRing = Mutex(keys)
        self.grants = Mutex(grants)
        self.state = state
        state?.replace(keys: keys, refreshTokens: grants.refreshTokens)
        let base = BaseURL(scheme: "http", authority: "localhost:\(configuration.httpPort)")
        if let text = configuration.baseURL {
            guard let configured = BaseURL(text) else { throw EmulatorError.baseURL(text) }
            fallbackBase = Mutex(configured)
        } else {
            fallbackBase = Mutex(base)
        }
    }

    /// The keys in use.
    var keys: KeyRing { keyRing.withLock { $0 } }

    /// Starts to sign with a new key.
    func rotateSigningKey(keepingOldKeys: Bool) throws {
        let key = try SigningKey(now: now())
        let keys = keyRing.withLock { keys in
            keys.rotate(to: key, keepingOldKeys: keepingOldKeys)
            return keys
        }
        state?.replace(keys: keys, refreshTokens: grants.withLock(\.refreshTokens))
    }

    /// Keeps a refresh token, for the next start too, and returns its text.
    func issue(_ token: RefreshToken) -> String {
        let text = grants.withLock { $0.add(token, now: now()) }
        if state?.append(token, hash: Digest.sha256(text)) == .isLong {
            state?.replace(keys: keys, refreshTokens: grants.withLock(\.refreshTokens))
        }
        return text
    }

    /// What writes the tokens of an answer.
    func issuer(_ base: BaseURL) -> TokenIssuer {
        TokenIssuer(directory: directory, signer: keys.signer, base: base, now: now())
    }

    /// The application of a `client_id` at a tenant segment, checked as far as the segment allows.
    func client(_ id: String, at segment: TenantSegment) throws(PlatformError) -> Application {
        guard let guid = GUID(id) else { throw .clientMalformed(id) }
        guard let application = directory.application(guid) else { throw .clientUnknown(id, tenant: segment.path) }
        guard let tenantID = segment.tenantID else {
            guard application.isMultiTenant else { throw .clientIsSingleTenant(application) }
            return application
        }
        _ = try servicePrincipal(of: application, in: tenantID)
        return application
    }

    /// The application in a tenant, if it may be used there.
    func servicePrincipal(of application: Application, in tenantID: GUID) throws(PlatformError) -> ServicePrincipal {
        guard let principal = directory.servicePrincipal(application.id, in: tenantID) else {
            throw .clientUnknown(application.id.text, tenant: directory.tenant(tenantID.text)?.displayName ?? "")
        }
        guard principal.isEnabled else { throw .clientDisabled(application.id) }
        return principal
    }
}
