// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import MSALWeb

/// Keeps the list of people who signed in, for the administrator.
struct SignInRecorder: RouterMiddleware {
    /// Where the list is.
    let data: PortalDatabase

    /// Notes who sends the request and passes it on; a list that cannot be written stops nobody.
    func handle(
        _ request: Request,
        context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        if let user = context.authentication.user {
            do {
                let viewer = Viewer(user)
                try await data.recordSignIn(
                    viewer.actor,
                    username: viewer.username,
                    roles: user.roles.map(\.rawValue),
                    at: user.signedInAt
                )
            } catch {
                context.logger.warning(
                    "A sign-in could not be noted",
                    metadata: ["portal.error": "\(String(reflecting: type(of: error)))"]
                )
            }
        }
        return try await next(request, context)
    }
}
