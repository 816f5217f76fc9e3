// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import Testing

@testable import MSALCore

/// Many callers at once, some of them leaving.
@Suite struct SilentConcurrencyTests {
    typealias Service = ScriptedTokenService

    /// A person who is signed in, and a gate for what the provider answers.
    private struct Stage {
        let service = Service()
        let gate = Gate()
        let application: ConfidentialClientApplication
        let account: Account

        init(_ issue: (inout Service.Issuing) -> Void = { _ in }) async throws {
            service.issue(issue)
            application = try service.makeApplication()
            account = try await service.signIn(at: application)
        }

        func acquire(_ scopes: [String] = ["User.Read"], force: Bool = false) async throws -> AuthenticationResult {
            try await application.acquireTokenSilently(scopes: scopes, account: account, forceRefresh: force)
        }

        func waiters(_ scopes: [String] = ["User.Read"], _ reason: AuthenticationResult.RefreshReason = .noToken) -> Int
        {
            let request = SilentRequest(
                account: account,
                tenant: account.tenantID,
                scopes: scopes,
                reason: reason,
                newerThan: service.time.now,
                options: RequestOptions()
            )
            return application.refreshes.waiterCount(for: request.key)
        }

        var refreshTokens: [String] { application.cache.refreshTokens(of: account).map { $0.secret.reveal() } }
    }

    @Test(arguments: [AuthenticationResult.RefreshReason.noToken, .expired, .forced])
    func aThousandEqualCallsSendOneRequest(_ reason: AuthenticationResult.RefreshReason) async throws {
        let stage = try await Stage()
        let scopes = reason == .noToken ? ["api://new/Read"] : ["User.Read"]
        if reason == .expired { stage.service.time.advance(by: .seconds(4_000)) }
        stage.service.script(.grantBehind(stage.gate))
        let results = try await withThrowingTaskGroup(of: AuthenticationResult.self) { group in
            for _ in 0..<1_000 { group.addTask { try await stage.acquire(scopes, force: reason == .forced) } }
            await until { stage.waiters(scopes, reason) == 1_000 }
            await stage.gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 1_000)
        #expect(Set(results.map { $0.accessToken.reveal() }) == ["at-2"])
        #expect(results.allSatisfy { $0.refreshReason == reason })
        #expect(stage.service.calls.count == 1)
    }

    @Test func nobodyOfAThousandWaitsForATokenThatIsAging() async throws {
        let stage = try await Stage { $0.refreshIn = 1_800 }
        stage.service.time.advance(by: .seconds(2_200))
        stage.service.script(.grantBehind(stage.gate))
        // The gate is closed until all of them are back.
        let results = try await withThrowingTaskGroup(of: AuthenticationResult.self) { group in
            for _ in 0..<1_000 { group.addTask { try await stage.acquire() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0.accessToken.reveal() == "at-1" && $0.source == .cache })
        #expect(results.filter { $0.refreshReason == .proactive }.count == 1)
        await stage.gate.open()
        await stage.application.refreshes.drain()
        #expect(stage.service.calls.count == 1)
        #expect(try await stage.acquire().accessToken.reveal() == "at-2")
    }

    @Test func aFailureIsEverybodysAndForgotten() async throws {
        let stage = try await Stage()
        stage.service.time.advance(by: .seconds(4_000))
        stage.service.script(.behind(stage.gate, .timeOut))
        let failures = await withTaskGroup(of: AuthenticationError?.self) { group in
            for _ in 0..<100 { group.addTask { await authenticationError { try await stage.acquire() } } }
            await until { stage.waiters() == 100 }
            await stage.gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures.allSatisfy { $0?.kind == .transient })
        #expect(stage.service.calls.count == 1)
        #expect(try await stage.acquire().accessToken.reveal() == "at-2")
    }

    @Test func whoLeavesTakesNobodyAlong() async throws {
        let stage = try await Stage()
        stage.service.script(.grantBehind(stage.gate))
        let tasks = (0..<10).map { _ in Task { try await stage.acquire(["api://new/Read"]) } }
        await until { stage.waiters(["api://new/Read"]) == 10 }
        for task in tasks.dropLast() { task.cancel() }
        for task in tasks.dropLast() {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        await stage.gate.open()
        #expect(try await tasks.last?.value.accessToken.reveal() == "at-2")
        #expect(stage.service.calls.count == 1)
    }

    @Test func aRefreshThatEverybodyLeftIsCarriedThrough() async throws {
        let stage = try await Stage { $0.isSingleUse = true }
        stage.service.script(.grantBehind(stage.gate))
        let task = Task { try await stage.acquire(["api://new/Read"]) }
        await until { await stage.gate.waiterCount == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // The next one waits for its turn and finds what the abandoned one brought.
        let next = Task { try await stage.acquire(["api://new/Read"]) }
        await until { stage.application.turnstile.waiterCount(for: stage.account.homeAccountID) == 1 }
        await stage.gate.open()
        let result = try await next.value
        #expect(result.accessToken.reveal() == "at-2" && result.source == .cache)
        #expect(stage.service.calls.count == 1)
        #expect(stage.refreshTokens == ["rt-2"])
    }

    @Test func whoLeavesBeforeItsTurnSendsNothing() async throws {
        let stage = try await Stage()
        stage.service.script(.grantBehind(stage.gate))
        let first = Task { try await stage.acquire(["api://one/Read"]) }
        await until { await stage.gate.waiterCount == 1 }
        let second = Task { try await stage.acquire(["api://two/Read"]) }
        await until { stage.application.turnstile.waiterCount(for: stage.account.homeAccountID) == 1 }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        await stage.gate.open()
        _ = try await first.value
        #expect(stage.service.calls.map(\.scopes).filter { $0.contains("two") } == [])
        #expect(stage.application.turnstile.keyCount == 0)
    }

    @Test func differentRequestsOfOnePersonSpendEachRefreshTokenOnce() async throws {
        let stage = try await Stage { $0.isSingleUse = true }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let result = try await stage.acquire(["api://\(number)/Read"])
                    let scopes = stage.service.holder(of: result.accessToken)?.scopes
                    #expect(scopes?.hasPrefix("api://\(number)/Read") == true)
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(stage.service.calls.map(\.refreshToken)).count == 50)
        #expect(stage.refreshTokens == ["rt-51"])
    }

    @Test func whoCannotWaitAnyLongerJoinsTheRenewalInTheBackground() async throws {
        let stage = try await Stage { $0.refreshIn = 1_800 }
        stage.service.time.advance(by: .seconds(2_200))
        stage.service.script(.grantBehind(stage.gate))
        #expect(try await stage.acquire().refreshReason == .proactive)
        stage.service.time.advance(by: .seconds(1_800))
        let joiner = Task { try await stage.acquire() }
        await until { stage.waiters() == 1 }
        // Leaving again does not end what was begun in the background.
        let leaver = Task { try await stage.acquire() }
        await until { stage.waiters() == 2 }
        leaver.cancel()
        _ = await leaver.result
        await stage.gate.open()
        #expect(try await joiner.value.accessToken.reveal() == "at-2")
        #expect(stage.service.calls.count == 1)
    }

    @Test func aClaimsChallengeIsNotMetByATokenThatCameMeanwhileWithoutIt() async throws {
        let stage = try await Stage()
        stage.service.script(.grantBehind(stage.gate))
        let plain = Task { try await stage.acquire(force: true) }
        await until { await stage.gate.waiterCount == 1 }
        let challenged = Task {
            try await stage.application.acquireTokenSilently(
                scopes: ["User.Read"],
                account: stage.account,
                claims: SilentSequenceTests.policy
            )
        }
        await until { stage.application.turnstile.waiterCount(for: stage.account.homeAccountID) == 1 }
        stage.service.time.advance(by: .seconds(2))
        await stage.gate.open()
        #expect(try await plain.value.accessToken.reveal() == "at-2")
        #expect(try await challenged.value.accessToken.reveal() == "at-3")
        #expect(stage.service.calls.map { $0.form["claims"] } == [nil, SilentSequenceTests.policy])
    }

    @Test func whatIsForcedIsServedByATokenThatCameAfterwards() async throws {
        let stage = try await Stage()
        stage.service.time.advance(by: .seconds(4_000))
        stage.service.script(.grantBehind(stage.gate))
        let plain = Task { try await stage.acquire() }
        await until { await stage.gate.waiterCount == 1 }
        let forced = Task { try await stage.acquire(force: true) }
        await until { stage.application.turnstile.waiterCount(for: stage.account.homeAccountID) == 1 }
        stage.service.time.advance(by: .seconds(1))
        await stage.gate.open()
        #expect(try await plain.value.accessToken == forced.value.accessToken)
        #expect(stage.service.calls.count == 1)
    }

    @Test func onePersonsPauseLeavesTheOtherAlone() async throws {
        let stage = try await Stage()
        let bob = try await stage.service.signIn(.bob, at: stage.application)
        stage.service.script(.status(429, retryAfter: "60"))
        for _ in 0..<3 {
            let error = await authenticationError { try await stage.acquire(["api://new/Read"]) }
            #expect(error?.kind == .throttled)
        }
        #expect(stage.service.calls.count == 1)
        let result = try await stage.application.acquireTokenSilently(scopes: ["api://new/Read"], account: bob)
        #expect(stage.service.holder(of: result.accessToken)?.person == "bob")
        // Nor does it hold back what else the same person wants.
        let other = try await stage.acquire(["api://another/Read"])
        #expect(stage.service.holder(of: other.accessToken)?.person == "ada")
        stage.service.time.advance(by: .seconds(60))
        #expect(try await stage.acquire(["api://new/Read"]).source == .identityProvider)
    }

    @Test func aSignOutDuringARefreshLeavesNothing() async throws {
        let stage = try await Stage()
        stage.service.script(.grantBehind(stage.gate))
        let refresh = Task { try await stage.acquire(force: true) }
        await until { await stage.gate.waiterCount == 1 }
        let signOut = Task { try await stage.application.removeAccount(stage.account) }
        for _ in 0..<50 { await Task.yield() }
        await stage.gate.open()
        _ = await refresh.result
        try await signOut.value
        #expect(try await stage.application.accounts().isEmpty)
        let error = await authenticationError { try await stage.acquire() }
        #expect(error?.code == .noTokenInCache)
    }

    @Test func aSignInDuringARefreshWins() async throws {
        let stage = try await Stage()
        stage.service.script(.grantBehind(stage.gate))
        let refresh = Task { try await stage.acquire(force: true) }
        await until { await stage.gate.waiterCount == 1 }
        let signIn = Task { try await stage.service.signIn(at: stage.application) }
        await until {
            stage.application.turnstile.waiterCount(for: stage.account.homeAccountID) == 1
                || stage.refreshTokens == ["rt-2"]
        }
        await stage.gate.open()
        _ = try await signIn.value
        _ = await refresh.result
        #expect(stage.refreshTokens == ["rt-2"])
    }

    @Test func aServiceThatIsToldToStopWaitsForItsRenewals() async throws {
        let stage = try await Stage { $0.refreshIn = 1_800 }
        let service = Task { try await stage.application.run() }
        await until { stage.service.time.sleeperCount == 1 }
        stage.service.time.advance(by: .seconds(2_200))
        stage.service.script(.grantBehind(stage.gate))
        _ = try await stage.acquire()
        await until { await stage.gate.waiterCount == 1 }
        service.cancel()
        let ended = Counter()
        let watch = Task {
            _ = await service.result
            ended.next()
        }
        for _ in 0..<50 { await Task.yield() }
        #expect(ended.value == 0)
        await stage.gate.open()
        await watch.value
        #expect(stage.refreshTokens == ["rt-2"])
    }

    /// A sequence of calls, sign-ins, sign-outs and cancellations by chance, the same for the same seed.
    @Test(arguments: 1...20)
    func nobodyEverGetsAnothersToken(_ seed: Int) async throws {
        let service = Service()
        service.issue {
            $0.isSingleUse = true
            $0.lifetime = 600
            $0.refreshIn = 200
        }
        let application = try service.makeApplication { $0.tenants = .any }
        let people: [Service.Person] = [.ada, .bob]
        let accounts = [
            try await service.signIn(.ada, at: application), try await service.signIn(.bob, at: application),
        ]
        var chance = Chance(seed: UInt64(seed))
        var tasks: [Task<Void, Never>] = []
        for _ in 0..<120 {
            let who = Int.random(in: 0...1, using: &chance)
            let scope = "api://\(Int.random(in: 0...2, using: &chance))/Read"
            let tenant = Bool.random(using: &chance) ? Service.home : Service.other
            let isForced = Int.random(in: 0..<8, using: &chance) == 0
            switch Int.random(in: 0..<20, using: &chance) {
            case 0: tasks.append(Task { try? await application.removeAccount(accounts[who]) })
            case 1, 2: tasks.append(Task { _ = try? await service.signIn(people[who], at: application) })
            case 3: service.time.advance(by: .seconds(Int.random(in: 1...300, using: &chance)))
            case 4: tasks.randomElement(using: &chance)?.cancel()
            case 5: service.script([.timeOut, .status(503)].randomElement(using: &chance) ?? .timeOut)
            default:
                tasks.append(
                    Task {
                        let result = try? await application.acquireTokenSilently(
                            scopes: [scope],
                            account: accounts[who],
                            tenant: tenant,
                            forceRefresh: isForced
                        )
                        guard let result else { return }
                        let holder = service.holder(of: result.accessToken)
                        #expect(holder?.person == people[who].name)
                        #expect(holder?.tenant == tenant)
                        #expect(holder?.scopes.hasPrefix(scope) == true)
                    }
                )
            }
            for _ in 0..<Int.random(in: 0...3, using: &chance) { await Task.yield() }
        }
        for task in tasks { await task.value }
        await application.refreshes.drain()
        #expect(application.turnstile.keyCount == 0)
        #expect(application.refreshes.runningCount == 0)
        // No refresh token was sent again after an answer had replaced it.
        #expect(service.refusalCount == 0)
    }

    /// Chance that is the same for the same seed (splitmix64).
    private struct Chance: RandomNumberGenerator {
        var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
