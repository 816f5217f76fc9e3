// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Times several pieces of work in turns, so that a change in the machine's pace meets all of them alike.
struct Measurement {
    /// The work, by name.
    let work: [(name: String, body: () -> Void)]
    /// How many rounds are timed.
    var rounds = 4000
    /// How often a round repeats each piece of work: seldom, so that most rounds pass without an interruption.
    var repetitions = 5

    /// Runs everything and returns, in the order given, the median time of one repetition in microseconds.
    func medians() -> [Double] {
        for (_, body) in work {
            for _ in 0..<repetitions * 100 { body() }
        }
        var samples = work.map { _ in [Double]() }
        let clock = ContinuousClock()
        for _ in 0..<rounds {
            for (position, (_, body)) in work.enumerated() {
                let elapsed = clock.measure {
                    for _ in 0..<repetitions { body() }
                }
                let microseconds =
                    Double(elapsed.components.seconds) * 1e6 + Double(elapsed.components.attoseconds) * 1e-12
                samples[position].append(microseconds / Double(repetitions))
            }
        }
        return samples.map { $0.sorted()[$0.count / 2] }
    }
}
