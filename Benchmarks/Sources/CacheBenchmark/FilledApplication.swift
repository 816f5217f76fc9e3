// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import MSALCore

/// What is asked of an application's own tokens.
struct ApplicationQuestion: Sendable {
    /// For which API.
    var scopes: [String]
    /// In which tenant; nil for the authority's own.
    var tenant: String?
    /// How the token begins that must come back.
    var answer: String
}

/// An application whose cache is full of its own tokens.
struct FilledApplication: Sendable {
    let application: ConfidentialClientApplication
    let platform: InstantPlatform
    /// One question for each token, in an order that every run repeats.
    let questions: [ApplicationQuestion]

    /// Fills an application's cache, and sees whether each question gets its own answer.
    ///
    /// - Parameters:
    ///   - tenants: in how many tenants; in one, it is the authority's own and not named.
    ///   - scopes: for how many APIs in each.
    ///   - persistence: where they are kept besides the memory.
    ///   - logger: where the application logs; nowhere unless told otherwise.
    /// - Throws: what acquiring throws, and ``WrongAnswer``.
    init(
        tenants: Int,
        scopes: Int,
        _ persistence: TokenPersistence? = nil,
        logger: Logger = silent
    ) async throws {
        platform = InstantPlatform()
        platform.behave { $0.lifetime = 36_000 }
        application = try makeApplication(platform, persistence, logger: logger)
        // Callers have the names of their APIs as constants, so the questions share them.
        let wanted = (0..<scopes).map { [TestData.applicationScope($0)] }
        var questions: [ApplicationQuestion] = []
        for tenant in 0..<tenants {
            let name = tenants > 1 ? TestData.guid(tenant, 1) : nil
            for scopes in wanted {
                let answer = TestData.token("\(name ?? TestData.tenant) \(scopes[0])", 0)
                questions.append(ApplicationQuestion(scopes: scopes, tenant: name, answer: answer))
            }
        }
        for question in questions {
            _ = try await application.acquireTokenForClient(scopes: question.scopes, tenant: question.tenant)
        }
        var generator = FixedSeed()
        questions.shuffle(using: &generator)
        self.questions = questions
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

    /// Asks some questions, one after the other.
    func ask(_ calls: Int, from first: Int) async throws {
        var position = first % questions.count
        for _ in 0..<calls {
            let question = questions[position]
            consume(try await application.acquireTokenForClient(scopes: question.scopes, tenant: question.tenant))
            position += 1
            if position == questions.count { position = 0 }
        }
    }
}

/// A logger that nobody reads.
let silent = Logger(label: "silent", factory: { _ in SwiftLogNoOpLogHandler() })

/// An application at the platform given.
///
/// - Parameters:
///   - platform: the platform.
///   - persistence: where tokens are kept besides the memory.
///   - maximumBytes: how much memory its cache may take.
///   - time: where the time comes from.
///   - logger: where it logs; nowhere unless told otherwise.
/// - Returns: the application.
/// - Throws: what making it throws.
func makeApplication(
    _ platform: InstantPlatform,
    _ persistence: TokenPersistence? = nil,
    maximumBytes: Int = 1 << 30,
    time: any TimeSource = SystemTime(),
    logger: Logger = silent
) throws -> ConfidentialClientApplication {
    var configuration = ApplicationConfiguration(
        clientID: TestData.clientID,
        authority: try .entra(tenant: TestData.tenant),
        credential: .secret(Secret("secret"))
    )
    configuration.cacheLimits.maximumBytes = maximumBytes
    return try ConfidentialClientApplication(
        configuration: configuration,
        transport: platform,
        tokens: persistence,
        time: time,
        logger: logger
    )
}
