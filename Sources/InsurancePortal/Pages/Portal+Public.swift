// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import MSALHummingbird
import MSALWeb

extension Portal {
    /// The first page, files that browsers keep, and the sign of life.
    func addPublicPages(to router: Router<PortalContext>) {
        router.get("/") { request, context in
            if let user = context.authentication.user {
                return page(.dashboard, title: "Your portal", DashboardView(Viewer(user)), for: request, context)
            }
            return page(.home, title: "Insurance by the sea", HomeView(), for: request, context)
        }
        router.get("/assets/:file") { request, _ in
            guard let file = resources.assets.file(at: request.uri.path) else { throw HTTPError(.notFound) }
            let fields: HTTPFields = [
                .contentType: file.type,
                // The address changes with the content, so what is at an address never does.
                .cacheControl: "public, max-age=31536000, immutable",
            ]
            return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
        }
        router.get("/favicon.ico") { _, _ in
            Response(status: .seeOther, headers: [.location: resources.assets.path(of: "icon.svg")])
        }
        router.get("/healthz") { _, _ in
            try await data.check()
            let fields: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
            return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n")))
        }
    }
}
