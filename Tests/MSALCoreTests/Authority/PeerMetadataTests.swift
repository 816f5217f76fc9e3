// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

@testable import MSALCore

/// Discovery documents that MSAL for .NET is tested with, good and broken.
@Suite(.enabled(if: PeerData.has("msal-dotnet"), PeerData.notice))
struct PeerMetadataTests {
    /// A document, whom it was asked of, and what is thought of it.
    struct Document: CustomTestStringConvertible {
        var file: String
        var authority: @Sendable () throws -> Authority
        /// Why it is refused; nil where it is accepted.
        var refusal: (code: AuthenticationError.Code, reason: String)?

        init(
            _ file: String,
            of authority: @escaping @Sendable @autoclosure () throws -> Authority,
            refused refusal: (code: AuthenticationError.Code, reason: String)? = nil
        ) {
            self.file = file
            self.authority = authority
            self.refusal = refusal
        }

        var testDescription: String { "\(file) of \((try? authority())?.description ?? "?")" }
    }

    private static let tenant = "6babcaad-604b-40ac-a9d7-9fd97c0b779f"
    private static let issuer = "https://sts.windows.net/\(tenant)/"

    private static let documents = [
        Document("OpenidConfigurationCommon.json", of: try .entra(tenant: "common")),
        Document("OpenidConfigurationCommon.json", of: try .entra(tenant: "organizations")),
        // It stands for every tenant, so for this one too; whose a token is, its own claims say.
        Document("OpenidConfigurationCommon.json", of: try .entra(tenant: tenant)),
        Document(
            "OpenidConfigurationCommon.json",
            of: try .entra(tenant: "common", instance: "https://login.partner.microsoftonline.cn"),
            refused: (.metadataIssuer, "its host is not the authority's")
        ),
        // It announces the issuer of version 1, and its endpoints issue tokens of version 2.
        Document(
            "OpenidConfiguration.json",
            of: try .entra(tenant: tenant),
            refused: (.metadataIssuer, "its path is not a tenant's GUID and /v2.0")
        ),
        // Somebody who trusts that very issuer takes it at its word.
        Document("OpenidConfiguration.json", of: try .openIDConnect(issuer: issuer)),
        Document(
            "OpenidConfiguration.json",
            of: try .openIDConnect(issuer: "https://sts.windows.net/common/"),
            refused: (.metadataIssuer, "its path is not the authority's")
        ),
        Document(
            "OpenidConfiguration-B2C.json",
            of: try Authority("https://login.microsoftonline.com/\(tenant)/B2C_1_policy"),
            refused: (.metadataIssuer, "its host is not the authority's")
        ),
        Document("OpenidConfiguration-B2C.json", of: try .openIDConnect(issuer: issuer)),
        Document(
            "OpenidConfiguration-MissingFields.json",
            of: try .entra(tenant: tenant),
            refused: (.metadataIssuer, "its path is not a tenant's GUID and /v2.0")
        ),
        Document(
            "OpenidConfiguration-MissingFields.json",
            of: try .openIDConnect(issuer: issuer + "v2.0/"),
            refused: (.metadataEndpoint, "have no 'token_endpoint'")
        ),
        Document("OpenidConfiguration-OnPremise.json", of: try Authority("https://fs.contoso.com/adfs")),
        Document(
            "OpenidConfiguration-OnPremise.json",
            of: try Authority("https://fs.fabrikam.com/adfs"),
            refused: (.metadataIssuer, "its host is not the authority's")
        ),
        Document("OpenidConfiguration-OnPremise.json", of: try .openIDConnect(issuer: "https://fs.contoso.com/adfs")),
        // An answer to another question: which hosts are one another's aliases.
        Document(
            "CustomInstanceMetadata.json",
            of: try .entra(tenant: "common"),
            refused: (.metadataIssuer, "name no issuer")
        ),
    ]

    @Test(arguments: documents)
    func aDocumentIsTakenOrRefusedForItsReason(_ document: Document) throws {
        let json = try PeerData.json("msal-dotnet/\(document.file)")
        let authority = try document.authority()
        do throws(AuthenticationError) {
            let metadata = try ProviderMetadata(json, of: authority)
            #expect(document.refusal == nil, "it was accepted")
            #expect(metadata.issuer == json["issuer"]?.stringValue)
            #expect(metadata.tokenEndpoint.url == json["token_endpoint"]?.stringValue)
            #expect(metadata.authorizationEndpoint.url == json["authorization_endpoint"]?.stringValue)
            #expect(metadata.keysEndpoint.url == json["jwks_uri"]?.stringValue)
            #expect(metadata.userInfoEndpoint?.url == json["userinfo_endpoint"]?.stringValue)
            #expect(metadata.endSessionEndpoint?.url == json["end_session_endpoint"]?.stringValue)
            #expect(metadata.responseModes == ["query", "fragment", "form_post"])
            #expect(!metadata.usesBasicAuthentication && !metadata.sendsIssuer)
        } catch {
            let refusal = try #require(document.refusal, "\(error.message)")
            #expect(error.kind == .rejectedToken && error.code == refusal.code)
            #expect(error.message.contains(refusal.reason), "\(error.message)")
        }
    }

    @Test func theHostsThatAreOneAnothersAliasesAreThoseOfDotNet() throws {
        let clouds = try #require(try PeerData.json("msal-dotnet/CustomInstanceMetadata.json")["metadata"]?.arrayValue)
        #expect(clouds.count == 2)
        let aliases = try clouds.map { cloud in
            try #require(cloud["aliases"]?.arrayValue).compactMap(\.stringValue)
        }
        for (cloud, hosts) in zip(clouds, aliases) {
            let preferred = try #require(cloud["preferred_network"]?.stringValue)
            for host in hosts {
                #expect(Cloud.of(host: host)?.preferredNetwork == preferred)
                #expect(Cloud.areAliases(host, preferred))
            }
        }
        #expect(aliases[0].allSatisfy { host in !aliases[1].contains { Cloud.areAliases(host, $0) } })
    }
}
