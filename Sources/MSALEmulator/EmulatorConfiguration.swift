// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// How an ``Emulator`` listens and behaves.
public struct EmulatorConfiguration: Sendable {
    /// The address to listen on: only ever this machine's own, since everything in the emulator is public.
    public var host: String
    /// The port for plain http; 0 picks a free one.
    public var httpPort: Int
    /// The port for https; 0 picks a free one, nil switches https off.
    public var httpsPort: Int?
    /// What addresses start with when a request does not come by a loopback name; `http://localhost:<port>` when nil.
    public var baseURL: String?
    /// Where the development CA is kept; the user's data directory when nil.
    public var certificateDirectory: String?
    /// The file that keeps signing keys and refresh tokens for the next start; nothing outlives the process when nil.
    ///
    /// It is for its owner alone. One that is damaged is replaced.
    public var stateFile: String?
    /// Whether it keeps to the RFCs where the platform departs from them.
    ///
    /// So far for devices: `slow_down` for those that ask too often, `access_denied` and `invalid_grant` as RFC 8628 has
    /// them, the full name of the grant alone. A client assertion is used once (RFC 7523 §3).
    public var isStrict: Bool
    /// Reads the key set (RFC 7517 §5) of an issuer that a federated identity credential names.
    ///
    /// This emulator's own issuers are not asked for. Unless told otherwise, issuers on this machine are asked by http.
    public var issuerKeys: @Sendable (_ issuer: String) async throws -> [UInt8]
    /// The life of a new access token in seconds, which the platform draws between 60 and 90 minutes.
    public var tokenLifetime: @Sendable () -> Int
    /// The command line option for `httpPort`, named when the port is taken.
    public var httpPortOption: String
    /// The command line option for `httpsPort`, named when the port is taken.
    public var httpsPortOption: String

    /// Starts from the defaults.
    public init(
        host: String = "127.0.0.1",
        httpPort: Int = 8400,
        httpsPort: Int? = 8443,
        baseURL: String? = nil,
        certificateDirectory: String? = nil,
        stateFile: String? = nil,
        isStrict: Bool = false,
        issuerKeys: @escaping @Sendable (_ issuer: String) async throws -> [UInt8] = { issuer in
            try await LoopbackIssuer.keys(of: issuer)
        },
        tokenLifetime: @escaping @Sendable () -> Int = { Int.random(in: 3600...5399) },
        httpPortOption: String = "--port",
        httpsPortOption: String = "--https-port"
    ) {
        self.host = host
        self.httpPort = httpPort
        self.httpsPort = httpsPort
        self.baseURL = baseURL
        self.certificateDirectory = certificateDirectory
        self.stateFile = stateFile
        self.isStrict = isStrict
        self.issuerKeys = issuerKeys
        self.tokenLifetime = tokenLifetime
        self.httpPortOption = httpPortOption
        self.httpsPortOption = httpsPortOption
    }
}
