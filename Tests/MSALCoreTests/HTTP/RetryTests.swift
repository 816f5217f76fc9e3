// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALTesting
import Synchronization
import Testing

@testable import MSALCore

@Suite struct RetryTests {
    private let time = ManualTime()

    /// What the provider does with a request.
    enum Event: Sendable, Hashable {
        case status(Int)
        case statusAfter(Int, String)
        case failure(TransportError)

        func answer() throws -> TransportResponse {
            switch self {
            case .status(let status): return .json("{}", status: HTTPResponse.Status(code: status))
            case .statusAfter(let status, let after):
                var response = TransportResponse.json("{}", status: HTTPResponse.Status(code: status))
                response.head.headerFields[.retryAfter] = after
                return response
            case .failure(let error): throw error
            }
        }
    }

    /// A provider that does one thing after the other, and from then on all right.
    private func provider(_ events: [Event]) -> ScriptedTransport {
        let left = Mutex(events)
        return ScriptedTransport { _ in
            try left.withLock { $0.isEmpty ? Event.status(200) : $0.removeFirst() }.answer()
        }
    }

    private func client(
        _ transport: ScriptedTransport,
        _ retry: RetryPolicy = .once,
        timeout: Duration = .seconds(30),
        jitter: UInt8 = 0
    ) -> ServiceClient {
        ServiceClient(
            transport: transport,
            timeout: timeout,
            time: time,
            logger: .silent,
            retry: retry,
            randomness: Randomness { Array(repeating: jitter, count: $0) }
        )
    }

    /// Posts, and moves the time on as soon as somebody sleeps.
    private func status(
        _ client: ServiceClient,
        _ repetition: Repetition = .harmless
    ) async throws -> Result<Int, AuthenticationError> {
        let endpoint = try #require(Endpoint("https://login.example/t/token"))
        let ended = Counter()
        return try await withThrowingTaskGroup(of: Result<Int, AuthenticationError>?.self) { group in
            group.addTask {
                defer { ended.next() }
                do {
                    let answer = try await client.post([], to: endpoint, correlationID: "c", repetition: repetition)
                    return .success(answer.status)
                } catch let error as AuthenticationError {
                    return .failure(error)
                }
            }
            group.addTask { [time] in
                await until { time.sleeperCount > 0 || ended.value > 0 }
                time.advance(by: .seconds(2))
                return nil
            }
            return try #require(try await group.reduce(nil) { $0 ?? $1 })
        }
    }

    @Test(arguments: [
        Event.status(500), .status(502), .status(503), .status(504), .status(599), .failure(.timedOut),
        .failure(.unreachable("reset")), .failure(.notConnected("refused")),
    ])
    func aFaultOfTheProviderIsTriedOnceMore(_ event: Event) async throws {
        let transport = provider([event])
        #expect(try await status(client(transport)).get() == 200)
        #expect(transport.requests.count == 2)
        #expect(transport.requests[0].head == transport.requests[1].head)
    }

    @Test(arguments: [Event.status(503), .failure(.timedOut)])
    func theSecondFaultIsTheCallers(_ event: Event) async throws {
        let transport = provider([event, event, event])
        await #expect(throws: AuthenticationError.self) { try await status(client(transport)).get() }
        #expect(transport.requests.count == 2)
        #expect(try await status(client(provider([event, .status(400)]))).get() == 400)
    }

    @Test(arguments: [
        Event.status(429), .status(400), .status(404), .status(302), .status(408), .statusAfter(503, "1"),
        .statusAfter(500, "soon"), .statusAfter(503, ""), .failure(.tls("untrusted")), .failure(.insecure),
        .failure(.responseTooLarge),
    ])
    func whatASecondTryCannotMendIsNotTriedAgain(_ event: Event) async throws {
        let transport = provider([event])
        _ = try await status(client(transport))
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [
        (Event.status(500), 1), (.status(503), 1), (.failure(.timedOut), 1), (.failure(.unreachable("reset")), 1),
        (.failure(.notConnected("refused")), 2),
    ])
    func whatIsGoodOnceIsSentAgainOnlyIfItWasNeverSent(_ event: Event, _ count: Int) async throws {
        let transport = provider([event])
        _ = try await status(client(transport), .spendsSomething)
        #expect(transport.requests.count == count)
    }

    @Test(arguments: [Event.status(500), .failure(.notConnected("refused"))])
    func switchedOffEachRequestIsSentOnce(_ event: Event) async throws {
        let transport = provider([event])
        _ = try await status(client(transport, .never))
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [(UInt8(0), 0.75), (255, 1.25), (51, 0.85)])
    func theSecondTryWaitsAboutASecond(_ jitter: UInt8, _ seconds: Double) async throws {
        let transport = provider([.status(503)])
        let client = client(transport, jitter: jitter)
        let endpoint = try #require(Endpoint("https://login.example/t"))
        async let answer = client.get(endpoint, correlationID: "c")
        await until { time.sleeperCount == 1 }
        time.advance(by: .seconds(seconds) - .milliseconds(1))
        #expect(time.sleeperCount == 1 && transport.requests.count == 1)
        time.advance(by: .milliseconds(2))
        #expect(try await answer.status == 200)
        #expect(transport.requests.count == 2)
    }

    @Test func bothTriesShareTheTimeLimit() async throws {
        let time = time
        let transport = ScriptedTransport { request in
            guard request.timeout == .seconds(30) else { return .json("{}") }
            time.advance(by: .seconds(20))
            throw TransportError.timedOut
        }
        #expect(try await status(client(transport)).get() == 200)
        #expect(transport.requests.map(\.timeout) == [.seconds(30), .seconds(9.25)])
    }

    @Test func aTryThatTookAllTheTimeIsTheLast() async throws {
        let time = time
        let transport = ScriptedTransport { request in
            time.advance(by: request.timeout)
            throw TransportError.timedOut
        }
        _ = try await status(client(transport))
        #expect(transport.requests.count == 1)
    }

    @Test func aClockThatIsSetBackGivesNoMoreThanTheLimit() async throws {
        let time = time
        let transport = ScriptedTransport { request in
            guard request.timeout == .seconds(30) else { return .json("{}") }
            time.advance(by: .seconds(-3_600))
            throw TransportError.timedOut
        }
        #expect(try await status(client(transport)).get() == 200)
        #expect(transport.requests.map(\.timeout) == [.seconds(30), .seconds(29.25)])
    }

    @Test func whoeverIsCancelledDuringThePauseLeavesAtOnce() async throws {
        let transport = provider([.status(503)])
        let client = client(transport)
        let endpoint = try #require(Endpoint("https://login.example/t"))
        let task = Task { try await client.get(endpoint, correlationID: "c") }
        await until { time.sleeperCount == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.requests.count == 1 && time.sleeperCount == 0)
    }
}
