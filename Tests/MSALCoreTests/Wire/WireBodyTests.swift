// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// What each flow posts to the token endpoint, whole: nothing is missing, nothing comes along.
@Suite struct WireBodyTests {
    private static let object = ScriptedProvider.object
    private static let tenant = ScriptedProvider.tenant
    private static let user = "ada@contoso.example"
    private static let anchor = "Oid:\(object)@\(tenant)"
    private static let graph = "https://graph.microsoft.com/.default"

    /// Requests of people: by browser, by refresh token, by password, on another device.
    private static let people = [
        WireRow(
            flow: "authorization code",
            form: [
                "grant_type=authorization_code", "code=code-1", "redirect_uri=\(ScriptedProvider.redirectURI)",
                "code_verifier=*", "scope=User.Read offline_access openid profile",
            ],
            telemetry: "832,0"
        ) { _ = try await $0.signIn($0.makeApplication()) },
        WireRow(
            flow: "authorization code whose answer says who it is about",
            form: [
                "grant_type=authorization_code", "code=code-1", "redirect_uri=\(ScriptedProvider.redirectURI)",
                "code_verifier=*", "scope=User.Read offline_access openid profile",
            ],
            anchor: anchor,
            telemetry: "832,0"
        ) { provider in
            let application = try provider.makeApplication()
            let flow = try await application.startAuthorizationCodeFlow(
                scopes: ["User.Read"],
                redirectURI: ScriptedProvider.redirectURI
            )
            let answer = try provider.authorize(flow) {
                $0.append(("client_info", ScriptedProvider.clientInfo(object, tenant)))
            }
            _ = try await application.acquireToken(completing: flow, with: answer)
        },
        WireRow(
            flow: "authorization code of a public client",
            form: [
                "grant_type=authorization_code", "code=code-1", "redirect_uri=http://localhost:8080/",
                "code_verifier=*", "scope=User.Read offline_access openid profile",
            ],
            telemetry: "832,0",
            isConfidential: false
        ) { provider in
            let application = try provider.makePublicApplication()
            let flow = try await application.startAuthorizationCodeFlow(
                scopes: ["User.Read"],
                redirectURI: "http://localhost:8080/"
            )
            _ = try await application.acquireToken(completing: flow, with: try provider.authorize(flow))
        },
        WireRow(
            flow: "silent, other scopes",
            form: [
                "grant_type=refresh_token", "refresh_token=refresh-1", "scope=Mail.Read offline_access openid profile",
            ],
            anchor: anchor,
            telemetry: "84,2"
        ) { try await silently($0, scopes: ["Mail.Read"]) },
        WireRow(
            flow: "silent, forced",
            form: [
                "grant_type=refresh_token", "refresh_token=refresh-1", "scope=User.Read offline_access openid profile",
            ],
            anchor: anchor,
            telemetry: "84,1"
        ) { try await silently($0, forceRefresh: true) },
        WireRow(
            flow: "silent, expired",
            form: [
                "grant_type=refresh_token", "refresh_token=refresh-1", "scope=User.Read offline_access openid profile",
            ],
            anchor: anchor,
            telemetry: "84,3"
        ) { try await silently($0, after: .seconds(3_500)) },
        WireRow(
            flow: "silent, with a claims challenge",
            form: [
                "grant_type=refresh_token", "refresh_token=refresh-1", "scope=User.Read offline_access openid profile",
                #"claims={"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#,
            ],
            anchor: anchor,
            telemetry: "84,1"
        ) {
            try await silently($0, claims: #"{ "access_token": {"acrs": {"value": "c1", "essential": true}} }"#)
        },
        WireRow(
            flow: "refresh token from elsewhere",
            form: ["grant_type=refresh_token", "refresh_token=old", "scope=User.Read offline_access openid profile"],
            telemetry: "85,0",
            difference: "Python calls this forced; it never looks into the cache, which the platform numbers 0."
        ) {
            _ = try await $0.makeApplication().acquireToken(byRefreshToken: Secret("old"), scopes: ["User.Read"])
        },
        WireRow(
            flow: "user name and password",
            form: [
                "grant_type=password", "username=\(user)", "password=pa ss&word",
                "scope=User.Read offline_access openid profile",
            ],
            anchor: "UPN:\(user)",
            telemetry: "301,0",
            isConfidential: false,
            difference: "Python writes 'upn:' here and 'UPN:' in URLs; ours writes 'UPN:' in both, like MSAL.NET."
        ) {
            _ = try await $0.makePublicApplication()
                .acquireToken(byPassword: Secret("pa ss&word"), of: user, ["User.Read"], nil, RequestOptions())
        },
        WireRow(
            flow: "device code",
            form: ["grant_type=urn:ietf:params:oauth:grant-type:device_code", "device_code=device-1"],
            telemetry: "622,0",
            isConfidential: false,
            difference: "Python sends the code as 'code' too; RFC 8628 §3.4 has no such parameter.",
            script: { script in
                let path = "/\(tenant)/oauth2/v2.0/devicecode"
                script.metadata = { $0["device_authorization_endpoint"] = .string(ScriptedProvider.origin + path) }
                script.answers[path] = {
                    .json(
                        #"{"user_code":"A","device_code":"device-1","verification_uri":"https://login.example/device","expires_in":900}"#
                    )
                }
            }
        ) {
            let application = try $0.makePublicApplication()
            let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
            _ = try await application.acquireToken(completing: flow)
        },
    ]

    /// Requests of programs: for themselves, for a caller, for an agent.
    private static let programs = [
        WireRow(
            flow: "client credentials",
            form: ["grant_type=client_credentials", "scope=\(graph)"],
            telemetry: "730,2"
        ) { _ = try await $0.makeApplication().acquireTokenForClient(scopes: [graph]) },
        WireRow(
            flow: "client credentials with capabilities",
            form: [
                "grant_type=client_credentials", "scope=\(graph)",
                #"claims={"access_token":{"xms_cc":{"values":["cp1"]}}}"#,
            ],
            telemetry: "730,2"
        ) {
            let application = try $0.makeApplication { $0.capabilities = ["cp1"] }
            _ = try await application.acquireTokenForClient(scopes: [graph])
        },
        WireRow(
            flow: "client credentials for a federated managed identity",
            form: ["grant_type=client_credentials", "scope=\(graph)", "fmi_path=agent-1"],
            telemetry: "730,2"
        ) {
            var options = RequestOptions()
            options.fmiPath = "agent-1"
            _ = try await $0.makeApplication().acquireTokenForClient(scopes: [graph], options: options)
        },
        WireRow(
            flow: "client credentials with claims of a caller and a parameter of its own",
            form: [
                "grant_type=client_credentials", "scope=\(graph)", "dc=ESTS-PUB-1",
                #"claims={"access_token":{"a":{"value":"1"}}}"#,
            ],
            telemetry: "730,2"
        ) {
            var options = RequestOptions()
            options.forwardedClaims = #"{"access_token":{"a":{"value":"1"}}}"#
            options.parameters = [.init("dc", "ESTS-PUB-1", isPartOfCacheKey: false)]
            _ = try await $0.makeApplication().acquireTokenForClient(scopes: [graph], options: options)
        },
        WireRow(
            flow: "on behalf of",
            form: [
                "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion=caller-1",
                "requested_token_use=on_behalf_of", "scope=User.Read offline_access openid profile",
            ],
            telemetry: "523,2",
            difference: "Python never looks into the cache here and says 0; ours looked and found nothing."
        ) {
            _ = try await $0.makeApplication().acquireTokenOnBehalfOf(Secret("caller-1"), scopes: ["User.Read"])
        },
        WireRow(
            flow: "an agent's user, by name",
            form: [
                "grant_type=user_fic", "user_federated_identity_credential=instance", "username=\(user)",
                "scope=User.Read offline_access openid profile",
            ],
            anchor: "UPN:\(user)",
            telemetry: "950,0",
            difference: "Python writes 'upn:', as for passwords."
        ) { try await asAgent($0, .username(user)) },
        WireRow(
            flow: "an agent's user, by object",
            form: [
                "grant_type=user_fic", "user_federated_identity_credential=instance", "user_id=\(object)",
                "scope=User.Read offline_access openid profile",
            ],
            anchor: anchor,
            telemetry: "950,0"
        ) { try await asAgent($0, .objectID(object)) },
    ]

    /// A sign-in, and a token of the same person afterwards.
    private static func silently(
        _ provider: ScriptedProvider,
        scopes: [String] = ["User.Read"],
        after pause: Duration = .zero,
        forceRefresh: Bool = false,
        claims: String? = nil
    ) async throws {
        let application = try provider.makeApplication()
        let signedIn = try await provider.signIn(application)
        let account = try #require(signedIn.account)
        provider.time.advance(by: pause)
        _ = try await application.acquireTokenSilently(
            scopes: scopes,
            account: account,
            forceRefresh: forceRefresh,
            claims: claims
        )
    }

    /// The last leg of an agent.
    private static func asAgent(_ provider: ScriptedProvider, _ user: FederatedUser) async throws {
        _ = try await provider.makeApplication().acquireToken(
            byUserFederatedIdentityCredential: Secret("instance"),
            of: user,
            scopes: ["User.Read"]
        )
    }

    @Test(arguments: people + programs)
    func aFlowPostsThisAndNothingElse(_ row: WireRow) async throws {
        let provider = ScriptedProvider(.entra, row.script)
        try await row.run(provider)
        let request = try provider.lastTokenRequest()
        #expect(try wireForm(request) == row.expected)
        #expect(request.head.headerFields[.anchorMailbox] == row.anchor)
        #expect(request.head.headerFields[.currentTelemetry] == "4|\(row.telemetry)|")
        #expect(request.head.method == .post)
    }

    @Test func theRequestForADeviceCodeNamesTheClientAndTheScopes() async throws {
        let path = "/\(Self.tenant)/oauth2/v2.0/devicecode"
        let provider = ScriptedProvider { script in
            script.metadata = { $0["device_authorization_endpoint"] = .string(ScriptedProvider.origin + path) }
            script.answers[path] = {
                .json(#"{"user_code":"A","device_code":"d","verification_uri":"https://login.example/device"}"#)
            }
        }
        let application = try provider.makePublicApplication { $0.capabilities = ["cp1"] }
        _ = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
        let request = try #require(provider.transport.requests(to: path).last)
        #expect(
            try wireForm(request) == [
                #"claims={"access_token":{"xms_cc":{"values":["cp1"]}}}"#, "client_id=\(ScriptedProvider.clientID)",
                "scope=User.Read offline_access openid profile",
            ]
        )
    }

    /// RFC 6749 §2.3.1 and nothing of the platform's own: another provider may refuse what it does not know.
    @Test func anotherProviderGetsWhatTheStandardNames() async throws {
        let provider = ScriptedProvider(.openIDConnect) {
            $0.metadata = { $0["token_endpoint_auth_methods_supported"] = ["client_secret_basic"] }
        }
        _ = try await provider.makeApplication().acquireTokenForClient(scopes: ["api"])
        let request = try provider.lastTokenRequest()
        #expect(try wireForm(request) == ["grant_type=client_credentials", "scope=api"])
        let pair = "\(ScriptedProvider.clientID):s3cr%3At+with+space"
        #expect(request.head.headerFields[.authorization] == "Basic " + Data(pair.utf8).base64EncodedString())
    }
}
