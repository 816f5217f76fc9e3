// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALWeb
import Testing

@Suite("Policies")
struct PolicyTests {
    /// Something that answers what it is told to.
    struct Fixed: PolicyTerm {
        let fixed: PolicyAnswer
        func answer(for subject: PolicySubject) async throws -> PolicyAnswer { fixed }
    }

    /// Something that breaks.
    struct Broken: PolicyTerm {
        func answer(for subject: PolicySubject) async throws -> PolicyAnswer { throw CancellationError() }
    }

    private func subject(_ roles: Set<AppRole>?) -> PolicySubject {
        let now = Date(timeIntervalSince1970: 1_788_256_800)
        let account = Account(
            homeAccountID: "o.t",
            environment: "id.example",
            tenantID: "t",
            localAccountID: "o",
            username: "u",
            name: nil
        )
        let user = roles.map {
            SignedInUser(
                key: UserKey(realm: "t", subject: "o"),
                name: "U",
                username: "u",
                roles: $0,
                account: account,
                signedInAt: now
            )
        }
        return PolicySubject(user: user, now: now)
    }

    /// What an answer amounts to.
    private func kind(_ answer: PolicyAnswer) -> String {
        switch answer {
        case .allow: "allow"
        case .signIn: "sign in"
        case .unknown: "unknown"
        case .deny: "deny"
        @unknown default: "?"
        }
    }

    @Test(
        "Nobody is asked to sign in; the wrong role is refused; the right one passes",
        arguments: [
            (Policy.signedIn, nil, "sign in"), (.signedIn, [], "allow"), (.role("A"), nil, "sign in"),
            (.role("A"), [], "deny"), (.role("A"), ["A"], "allow"), (.role("A"), ["a"], "deny"),
            (.anyRole("A", "B"), ["B"], "allow"), (.anyRole("A", "B"), ["C"], "deny"),
        ] as [(Policy, Set<AppRole>?, String)]
    )
    func decides(policy: Policy, roles: Set<AppRole>?, expected: String) async {
        #expect(kind(await policy.answer(for: subject(roles))) == expected)
    }

    @Test("A policy of nothing lets nobody pass")
    func emptyPolicyDenies() async {
        #expect(kind(await Policy("empty", all: []).answer(for: subject(["A"]))) == "deny")
        #expect(kind(await Policy("no role") { Role(anyOf: []) }.answer(for: subject(["A"]))) == "deny")
    }

    @Test("All conditions count, other policies among them, and the denial names the policy")
    func composes() async {
        let staff = Policy("staff") { Role("Staff") }
        let settle = Policy("settle") {
            staff
            Role("Adjuster")
        }
        #expect(await settle.answer(for: subject(["Staff", "Adjuster"])) == .allow)
        #expect(
            await settle.answer(for: subject(["Staff"]))
                == .deny(PolicyDenial(policy: "settle", reason: "none of the roles Adjuster"))
        )
        #expect(
            await settle.answer(for: subject(["Adjuster"]))
                == .deny(PolicyDenial(policy: "staff", reason: "none of the roles Staff"))
        )
    }

    @Test("A no outweighs what is not known, which outweighs a sign-in that could mend it")
    func weighs() async {
        let no = Fixed(fixed: .deny(PolicyDenial(reason: "no")))
        let mend = Fixed(fixed: .signIn(SignInChallenge(scopes: ["s"])))
        #expect(kind(await Policy("p", all: [mend, Broken(), no]).answer(for: subject([]))) == "deny")
        #expect(kind(await Policy("p", all: [mend, Broken()]).answer(for: subject([]))) == "unknown")
        #expect(kind(await Policy("p", all: [mend, SignedIn()]).answer(for: subject([]))) == "sign in")
    }

    @Test("Several sign-ins that would mend it become one")
    func mergesSignIns() async {
        let one = Fixed(fixed: .signIn(SignInChallenge(scopes: ["a", "b"])))
        let other = Fixed(fixed: .signIn(SignInChallenge(scopes: ["b", "c"], claims: "{}")))
        let answer = await Policy("p", all: [one, other]).answer(for: subject([]))
        #expect(answer == .signIn(SignInChallenge(scopes: ["a", "b", "c"], claims: "{}")))
    }

    @Test("One of several is said explicitly, and takes the answer that stands least in the way")
    func oneOf() async {
        let policy = Policy("p") {
            OneOf {
                Role("A")
                Role("B")
            }
        }
        #expect(await policy.answer(for: subject(["B"])) == .allow)
        #expect(kind(await policy.answer(for: subject(["C"]))) == "deny")
        #expect(kind(await policy.answer(for: subject(nil))) == "sign in")
    }
}
