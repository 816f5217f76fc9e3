// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import Testing

@testable import MSALCore

/// Settings that no application is made with, each told in its own sentence.
@Suite struct WrongSettingTests {
    /// A setting that is wrong, and what is said of it.
    struct Setting: CustomTestStringConvertible {
        var words: String
        var authority = "https://login.microsoftonline.com/\(ScriptedProvider.tenant)"
        var change: @Sendable (inout ApplicationConfiguration) -> Void = { _ in }

        var testDescription: String { words }
    }

    private func make(_ setting: Setting) throws -> ConfidentialClientApplication {
        var configuration = ApplicationConfiguration(
            clientID: ScriptedProvider.clientID,
            authority: try Authority(setting.authority),
            credential: .secret(Secret("s3cret"))
        )
        setting.change(&configuration)
        return try ConfidentialClientApplication(
            configuration: configuration,
            transport: ScriptedProvider().transport,
            time: ManualTime()
        )
    }

    @Test(arguments: [
        Setting(
            words: "'https://login.microsoftonline.com/common' stands for many tenants",
            authority: "https://login.microsoftonline.com/common"
        ),
        Setting(
            words: "'https://login.microsoftonline.com/Organizations' stands for many tenants",
            authority: "https://login.microsoftonline.com/Organizations"
        ),
        Setting(words: "The list of accepted tenants is empty") { $0.tenants = .only([]) },
        Setting(words: "'contoso.com' in the list of accepted tenants is not a GUID") {
            $0.tenants = .only([ScriptedProvider.tenant, "contoso.com"])
        },
        Setting(words: "The clock skew of -1.0 s is not between nothing and an hour") {
            $0.clockSkew = .seconds(-1)
        },
        Setting(words: "The clock skew of 3601.0 s is not between nothing and an hour") {
            $0.clockSkew = .seconds(3_601)
        },
        Setting(words: "s is not between nothing and an hour") {
            $0.clockSkew = Duration(secondsComponent: .max, attosecondsComponent: 0)
        },
        Setting(words: "The time limit of 0.0 s leaves no time for a request") { $0.timeout = .zero },
        Setting(words: "The time limit of -5.0 s leaves no time for a request") { $0.timeout = .seconds(-5) },
    ]) func aWrongSettingIsRefusedInASentence(_ setting: Setting) {
        let error = #expect(throws: AuthenticationError.self) { try make(setting) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message.contains(setting.words) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [Duration.zero, .seconds(3_600)]) func theEndsOfTheClockSkewAreAccepted(_ skew: Duration) {
        #expect(throws: Never.self) { try make(Setting(words: "") { $0.clockSkew = skew }) }
    }

    @Test func aTokenProviderMakesNoPublicClientConfidential() {
        let error = #expect(throws: AuthenticationError.self) {
            try ScriptedProvider().makePublicApplication {
                $0.tokenProvider = { _ in ProvidedToken(accessToken: Secret("t"), lifetime: .seconds(60)) }
            }
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message.contains("A public client has no credential") == true)
    }

    @Test(arguments: ["https://idp.example/?x=1", "https://idp.example/tenant?", "http://idp.example", "idp.example"])
    func anIssuerIsAnAddressWithoutAQuery(_ issuer: String) {
        let error = #expect(throws: AuthenticationError.self) { try Authority.openIDConnect(issuer: issuer) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .authorityInvalid)
        #expect(error?.message.contains("'\(issuer)' is not an authority") == true)
        #expect(error?.message.contains("an absolute https URL without a query") == true)
    }
}
