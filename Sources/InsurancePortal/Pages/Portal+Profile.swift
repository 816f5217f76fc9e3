// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import MSALCore
import MSALHummingbird
import MSALWeb

extension Portal {
    /// The signed-in person's profile, fetched with their access token.
    func addProfilePages(to router: Router<PortalContext>) {
        router.get("/me", require: .signedIn) { request, context in
            // A sign-in that has to be renewed passes through and becomes a redirect.
            let token = try await context.acquireToken(scopes: profiles.scopes)
            var facts: [ProfileView.Fact] = []
            var line = context.user.username
            var problem: String?
            do {
                switch profiles {
                case .graph(let graph):
                    let person = try await context.downstream(graph).get("/me", as: GraphUser.self)
                    facts = person.facts
                    let details = [person.jobTitle, person.officeLocation].compactMap(\.self)
                    line = details.isEmpty ? line : details.joined(separator: ", ")
                case .userInfo:
                    facts = ProfileView.Fact.list(try await web.application.userInfo(for: token))
                }
            } catch let error as WebError where [.unavailable, .badGateway, .forbidden].contains(error.code) {
                problem = "\(error.message) Your session is not affected; load the page again in a moment."
            } catch let error as AuthenticationError where error.kind != .interactionRequired {
                problem = "Your sign-in provider gave no profile. Your session is not affected."
            }
            let view = profile(context.user, facts: facts, line: line, problem: problem, token: token)
            return page(.profile, title: "My profile", view, for: request, context)
        }
    }

    /// Formats the profile.
    private func profile(
        _ user: SignedInUser,
        facts: [ProfileView.Fact],
        line: String,
        problem: String?,
        token: AuthenticationResult
    ) -> ProfileView {
        let viewer = Viewer(user)
        let roles = user.roles.map(\.rawValue).sorted().joined(separator: ", ")
        let life = Int(token.expiresOn.timeIntervalSince(time.now))
        return ProfileView(
            name: viewer.name,
            initials: PageFrame.initials(of: viewer.name),
            line: line,
            facts: facts,
            session: [
                ProfileView.Fact(name: "Account", value: user.username),
                ProfileView.Fact(name: "Roles", value: roles.isEmpty ? "none" : roles),
                ProfileView.Fact(name: "Signed in", value: Moments.text(user.signedInAt)),
            ],
            token: [
                ProfileView.Fact(name: "Still good for", value: Moments.length(seconds: life)),
                ProfileView.Fact(name: "Until", value: Moments.text(token.expiresOn)),
                ProfileView.Fact(name: "Good for", value: token.scopes.joined(separator: " ")),
                ProfileView.Fact(
                    name: "Came from",
                    value: token.source == .cache ? "the cache, without a request" : "the provider, just now"
                ),
            ],
            source: profiles.title,
            problem: problem
        )
    }
}
