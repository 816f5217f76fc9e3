// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// The fields of each kind of request, whole, and the parameters of the authorization URL.
@Suite struct WireHeaderTests {
    /// The fields of every request.
    private static let common = ["accept", "client-request-id", "return-client-request-id"]
    /// Those that a request of the platform has besides.
    private static let platform = [
        "x-client-cpu", "x-client-current-telemetry", "x-client-last-telemetry", "x-client-os", "x-client-sku",
        "x-client-ver", "x-ms-lib-capability",
    ]

    /// The names of a request's fields, sorted.
    private func names(_ request: TransportRequest) -> [String] {
        request.head.headerFields.map(\.name.canonicalName).sorted()
    }

    /// Python sends neither the processor nor `return-client-request-id`; MSAL.NET sends both.
    @Test func aTokenRequestCarriesWhatThePlatformKnows() async throws {
        let provider = ScriptedProvider()
        _ = try await provider.makeApplication().acquireTokenForClient(scopes: ["api://x/.default"])
        let request = try provider.lastTokenRequest()
        #expect(names(request) == (Self.common + Self.platform + ["content-type"]).sorted())
        let fields = request.head.headerFields
        #expect(fields[.accept] == "application/json")
        #expect(fields[.contentType] == "application/x-www-form-urlencoded")
        #expect(fields[.clientSKU] == "MSAL.Swift")
        #expect(fields[.libraryCapability] == "retry-after, h429")
        #expect(fields[.lastTelemetry] == "4|0|||")
        let identifier = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        #expect(fields[.clientRequestID]?.wholeMatch(of: identifier) != nil)
    }

    @Test func thePlatformIsToldHowOftenTheCacheServed() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let account = try #require(try await provider.signIn(application).account)
        for _ in 0..<2 {
            _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            _ = try await application.acquireTokenForClient(scopes: ["api://x/.default"])
        }
        // Two hits of the person's token; the application's first call sent them along, and its second was a hit.
        _ = try await application.acquireTokenForClient(scopes: ["api://y/.default"])
        let fields = provider.transport.requests(to: provider.path(.token)).map { $0.head.headerFields[.lastTelemetry] }
        #expect(fields == ["4|0|||", "4|1|||", "4|2|||"])
    }

    @Test func anApplicationThatSaysItsNameIsNamed() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication {
            $0.applicationName = "portal"
            $0.applicationVersion = "2.1"
        }
        _ = try await application.acquireTokenForClient(scopes: ["api://x/.default"])
        let fields = try provider.lastTokenRequest().head.headerFields
        #expect(fields[.applicationName] == "portal" && fields[.applicationVersion] == "2.1")
        #expect(names(try provider.lastTokenRequest()).count == Self.common.count + Self.platform.count + 3)
    }

    @Test func anotherProviderIsToldNothingOfThePlatforms() async throws {
        let provider = ScriptedProvider(.openIDConnect) {
            $0.metadata = { $0["token_endpoint_auth_methods_supported"] = ["client_secret_post"] }
        }
        _ = try await provider.makeApplication().acquireTokenForClient(scopes: ["api"])
        #expect(names(try provider.lastTokenRequest()) == (Self.common + ["content-type"]).sorted())
    }

    @Test func aRequestForMetadataCarriesNoMoreThanItNeeds() async throws {
        let provider = ScriptedProvider()
        _ = try await provider.makeApplication().acquireTokenForClient(scopes: ["api://x/.default"])
        let request = try #require(provider.transport.requests(to: provider.path(.metadata)).last)
        #expect(names(request) == Self.common)
        #expect(request.body.isEmpty)
    }

    @Test func failuresAreToldWithTheNextRequest() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let path = provider.path(.token)
        provider.change { $0.answers[path] = { .json(#"{"error":"invalid_scope"}"#, status: .badRequest) } }
        var options = RequestOptions()
        options.correlationID = "c-1"
        _ = await authenticationError {
            try await application.acquireTokenForClient(scopes: ["api://y/.default"], options: options)
        }
        _ = await authenticationError { try await application.acquireTokenForClient(scopes: ["api://z/.default"]) }
        #expect(try provider.lastTokenRequest().head.headerFields[.lastTelemetry] == "4|0|730,c-1|invalid_scope|")
    }

    /// What every authorization request carries.
    private static let everyURL = [
        "client_id=\(ScriptedProvider.clientID)", "client_info=1", "code_challenge=*", "code_challenge_method=S256",
        "nonce=*", "redirect_uri=\(ScriptedProvider.redirectURI)", "response_mode=form_post", "response_type=code",
        "state=*",
    ]

    /// The options, and what they add; Python sends no `response_mode` unless told to, and warns of all but `form_post`.
    private static let urls: [(String, @Sendable (inout AuthorizationOptions) -> Void, [String])] = [
        ("none", { _ in }, ["scope=User.Read offline_access openid profile"]),
        ("prompt", { $0.prompt = .selectAccount }, ["prompt=select_account"]),
        (
            "login hint", { $0.loginHint = "ada@contoso.example" },
            ["login_hint=ada@contoso.example", "X-AnchorMailbox=UPN:ada@contoso.example"]
        ),
        ("domain hint", { $0.domainHint = "contoso.com" }, ["domain_hint=contoso.com"]),
        ("maximum age", { $0.maximumAge = .seconds(60) }, ["max_age=60"]),
        (
            "claims", { $0.claims = #"{"id_token":{"acr":null}}"# }, [#"claims={"id_token":{"acr":null}}"#]
        ),
        (
            "consent to more", { $0.extraScopesToConsent = ["api://other/Read"] },
            ["scope=User.Read api://other/Read offline_access openid profile"]
        ),
        ("instance aware", { $0.isInstanceAware = true }, ["instance_aware=true"]),
        (
            "a parameter of its own", { $0.parameters = [.init("ui_locales", "de", isPartOfCacheKey: false)] },
            ["ui_locales=de"]
        ),
    ]

    @Test(arguments: urls.indices)
    func theAuthorizationURLHoldsThisAndNothingElse(_ row: Int) async throws {
        let (name, change, added) = Self.urls[row]
        var options = AuthorizationOptions()
        change(&options)
        let flow = try await ScriptedProvider().makeApplication().startAuthorizationCodeFlow(
            scopes: ["User.Read"],
            redirectURI: ScriptedProvider.redirectURI,
            options: options
        )
        let usual = added.contains { $0.hasPrefix("scope=") } ? [] : ["scope=User.Read offline_access openid profile"]
        #expect(try wireQuery(flow.url) == (Self.everyURL + usual + added).sorted(), "\(name)")
    }

    @Test func theNonceOfTheURLIsTheHashOfTheOneThatIsKept() async throws {
        let flow = try await ScriptedProvider().makeApplication().startAuthorizationCodeFlow(
            scopes: [],
            redirectURI: ScriptedProvider.redirectURI
        )
        #expect(flow.url.contains("nonce=\(SignInNonce.hash(flow.nonce.reveal()))"))
        #expect(!flow.url.contains(flow.nonce.reveal()) && !flow.url.contains(flow.verifier.reveal()))
    }
}
