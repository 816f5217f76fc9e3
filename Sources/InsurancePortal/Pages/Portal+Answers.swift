// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import MSALHummingbird
import MSALWeb

extension Portal {
    /// A page for whoever sends the request.
    func page(
        _ page: PageTemplates.Page,
        title: String,
        _ content: some Sendable,
        for request: Request,
        _ context: some AuthenticatedRequestContext,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let user = context.authentication.user
        let frame = PageFrame(
            title: title,
            path: request.uri.path,
            viewer: user.map(Viewer.init),
            formToken: context.authentication.csrfToken,
            assets: resources.assets
        )
        let html = resources.templates.render(page, frame: frame, content: content)
        var fields: HTTPFields = [.contentType: "text/html; charset=utf-8"]
        // What a person sees depends on their session; pages of signed-in people are not kept at all.
        if user == nil { fields[.cacheControl] = "no-cache" }
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// Sends a browser on after a form.
    func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }

    /// The number in the route's path; anything else does not exist.
    func number(in context: some RequestContext) throws -> Int64 {
        guard let text = context.parameters.get("id"), let number = Int64(text), String(number) == text else {
            throw HTTPError(.notFound)
        }
        return number
    }

    /// The fields of a posted form.
    func fields(of request: Request, _ context: some RequestContext) async throws -> FormFields {
        let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == "application/x-www-form-urlencoded" else {
            throw HTTPError(.unsupportedMediaType, message: "This address takes forms only.")
        }
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        guard let text = String(validating: body.readableBytesView, as: UTF8.self),
            let fields = try? FormFields(parsing: text)
        else {
            throw HTTPError(.badRequest, message: "The form could not be read.")
        }
        return fields
    }

    /// The fields of the query; one that cannot be read is as good as none.
    func query(of request: Request) -> FormFields {
        (try? FormFields(parsing: request.uri.query ?? "")) ?? FormFields()
    }
}
