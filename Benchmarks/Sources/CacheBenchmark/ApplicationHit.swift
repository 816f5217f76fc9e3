// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// The application's own tokens out of the cache.
struct ApplicationHit: Workload {
    /// One question: for which API, in which tenant.
    struct Question: Sendable {
        var scopes: [String]
        var tenant: String?
        /// How the token begins that must come back.
        var answer: String
    }

    private static let batches = 20
    private static let calls = 500

    private let application: ConfidentialClientApplication
    private let questions: [Question]
    private let onMainActor: Bool

    /// Fills an application's cache.
    ///
    /// - Parameters:
    ///   - tenants: in how many tenants; in one, it is the authority's own and not named.
    ///   - scopes: for how many APIs in each.
    ///   - onMainActor: whether the calls are made from the main actor.
    /// - Throws: what acquiring throws, and ``WrongAnswer``.
    init(tenants: Int, scopes: Int, onMainActor: Bool = false) async throws {
        let platform = InstantPlatform()
        application = try makeApplication(platform)
        var questions: [Question] = []
        for tenant in 0..<tenants {
            let name = tenants > 1 ? TestData.guid(tenant, 1) : nil
            for scope in 0..<scopes {
                let scope = TestData.applicationScope(scope)
                questions.append(
                    Question(scopes: [scope], tenant: name, answer: TestData.token("\(name ?? TestData.tenant) \(scope)", 0))
                )
            }
        }
        for question in questions {
            _ = try await application.acquireTokenForClient(scopes: question.scopes, tenant: question.tenant)
        }
        var generator = FixedSeed()
        questions.shuffle(using: &generator)
        self.questions = questions
        self.onMainActor = onMainActor
        let requests = platform.tokenRequests
        for question in questions {
            let token = try await application.acquireTokenForClient(scopes: question.scopes, tenant: question.tenant)
            guard token.accessToken.reveal().hasPrefix(question.answer) else {
                throw WrongAnswer("a token of another tenant or API came back")
            }
        }
        guard platform.tokenRequests == requests else {
            throw WrongAnswer("\(platform.tokenRequests - requests) of \(requests) tokens were not kept")
        }
    }

    func sample(_ round: Int) async throws -> [Double] {
        onMainActor ? try await sampleOnMainActor(round) : try await sampleHere(round)
    }

    func facts() async throws -> [String: Double] {
        try await Allocations.perCall(Self.calls) { try await run(0) }
    }

    @MainActor
    private func sampleOnMainActor(_ round: Int) async throws -> [Double] {
        try await sampleHere(round)
    }

    private func sampleHere(_ round: Int) async throws -> [Double] {
        var figures: [Double] = []
        let clock = ContinuousClock()
        for batch in 0..<Self.batches {
            let begin = clock.now
            try await run((round * Self.batches + batch) * Self.calls)
            figures.append((clock.now - begin).microseconds / Double(Self.calls))
        }
        return figures
    }

    private func run(_ first: Int) async throws {
        var position = first % questions.count
        for _ in 0..<Self.calls {
            let question = questions[position]
            consume(try await application.acquireTokenForClient(scopes: question.scopes, tenant: question.tenant))
            position += 1
            if position == questions.count { position = 0 }
        }
    }
}

/// An application at the platform given.
func makeApplication(_ platform: InstantPlatform) throws -> ConfidentialClientApplication {
    try ConfidentialClientApplication(
        clientID: TestData.clientID,
        authority: .entra(tenant: TestData.tenant),
        credential: .secret(Secret("secret")),
        transport: platform
    )
}
