// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

extension HTTPField.Name {
    /// The request's name on the platform.
    static let platformRequestID = known("x-ms-request-id")
    /// The server that answered.
    static let platformServer = known("x-ms-ests-server")
    /// Error codes in a line, for the clients' telemetry.
    static let clientTelemetry = known("x-ms-clitelem")
    /// The client's own name for the request.
    static let clientRequestID = known("client-request-id")
    /// `Pragma`.
    static let pragma = known("Pragma")
    /// `Referrer-Policy`.
    static let referrerPolicy = known("Referrer-Policy")
    /// `X-Frame-Options`, for browsers that do not know `frame-ancestors`.
    static let frameOptions = known("X-Frame-Options")

    /// A name that is known to be one.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a field name") }
        return field
    }
}
