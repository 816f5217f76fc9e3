// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Brings the answer of an authorization request to the application.
struct ReplyDelivery: Sendable {
    /// Where it goes.
    let reply: Reply
    /// What addresses start with.
    let base: BaseURL
    /// What names the request.
    let trace: Trace
    /// The method of the request that is answered.
    let method: HTTPRequest.Method

    /// Delivers parameters, `state` among them.
    func success(_ parameters: [(name: String, value: String)], sessionID: GUID) -> Answer {
        deliver(parameters + state + [("session_state", sessionID.text)])
    }

    /// Delivers an error (RFC 6749 §4.1.2.1); one that a device need not know stays on a page.
    func failure(_ error: PlatformError) -> Answer {
        if reply.device != nil { return ErrorPage.about(error, trace).answer(postingTo: nil) }
        var parameters = [("error", error.error)]
        if let subcode = error.subcode { parameters.append(("error_subcode", subcode)) }
        parameters.append(("error_description", error.description(trace)))
        if error.hasPage { parameters.append(("error_uri", error.uri(base))) }
        if let suberror = error.suberror { parameters.append(("suberror", suberror)) }
        if let claims = error.claims { parameters.append(("claims", claims)) }
        return deliver(parameters.map { (name: $0.0, value: $0.1) } + state)
    }

    /// The state, if there was one.
    private var state: [(name: String, value: String)] {
        reply.state.map { [("state", $0)] } ?? []
    }

    /// Puts parameters where the application wants them.
    private func deliver(_ parameters: [(name: String, value: String)]) -> Answer {
        let encoded = Parameters.encode(parameters)
        switch reply.mode {
        case .query:
            // The empty fragment keeps browsers from handing an older one on.
            let target = RedirectURI.withPath(reply.redirectURI)
            let separator = target.contains("?") ? "&" : "?"
            return .redirect(to: "\(target)\(separator)\(encoded)#", after: method)
        case .fragment:
            return .redirect(to: "\(RedirectURI.withPath(reply.redirectURI))#\(encoded)", after: method)
        case .formPost:
            return FormPostPage(
                target: reply.redirectURI,
                fields: parameters.map { .init(name: $0.name, value: $0.value) }
            )
            .answer(postingTo: RedirectURI.origin(of: reply.redirectURI), allowsScript: true)
        }
    }
}
