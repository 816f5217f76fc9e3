// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AADSTSKnowledge {
    /// How the application proves itself: secrets, certificates, assertions and federated credentials.
    static let credentials: [AADSTSExplanation] = [
        AADSTSExplanation(
            70002,
            "The application's credential was not accepted.",
            "Check that the secret or certificate belongs to this client ID and has not expired.",
            at: Place.secrets
        ),
        AADSTSExplanation(
            700_021,
            "The client assertion names another application than the request.",
            "Set issuer and subject of the assertion to the client ID of the request.",
            at: "The callback that provides the client assertion; AZURE_AD_CLIENT_ID."
        ),
        AADSTSExplanation(
            700_024,
            "The client assertion is outside the time in which it is valid.",
            "Set the machine's clock, and make assertions that live no longer than ten minutes.",
            at: "The clock of the machine."
        ),
        AADSTSExplanation(
            700_025,
            "The application is a public client and yet sent a credential.",
            "Use it without one, or register a web redirect URI and allow no public client flows.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            700_027,
            "The signature of the client assertion fits no certificate of the application.",
            "Upload the certificate whose key signs, and compare the thumbprints.",
            at: Place.certificates
        ),
        AADSTSExplanation(
            700_030,
            "The subject of the certificate is not among those that the application trusts.",
            "Send the certificate chain, and check the subject name that is registered.",
            at: Place.manifest
        ),
        AADSTSExplanation(
            700_211,
            "No federated credential of the application trusts the issuer of the assertion.",
            "Set the credential's issuer to the 'iss' of the assertion, letter for letter.",
            at: Place.federated
        ),
        AADSTSExplanation(
            700_212,
            "No federated credential of the application trusts the audience of the assertion.",
            "Have the assertion issued for api://AzureADTokenExchange, or for the audience that is registered.",
            at: Place.federated
        ),
        AADSTSExplanation(
            700_213,
            "No federated credential of the application trusts the subject of the assertion.",
            "Set the credential's subject to the 'sub' of the assertion, letter for letter.",
            at: Place.federated
        ),
        AADSTSExplanation(
            700_229,
            "This type of token cannot serve as a federated credential.",
            "Use an app-only token, or one of an issuer that the application's federated credentials name.",
            at: Place.federated
        ),
        AADSTSExplanation(
            7_000_215,
            "The client secret is wrong.",
            "Use the secret's value, not its identifier, and check that it belongs to this application.",
            at: Place.secrets
        ),
        AADSTSExplanation(
            7_000_218,
            "The request has no client credential.",
            "Configure a client secret or certificate, or register the application as a public client.",
            at: Place.secrets
        ),
        AADSTSExplanation(
            7_000_222,
            "The client secret has expired.",
            "Create a new one in the registration and configure it.",
            at: Place.secrets
        ),
        AADSTSExplanation(
            1_000_502,
            "The client's certificate has expired.",
            "Upload a new certificate, and configure it with its key.",
            at: Place.certificates
        ),
    ]
}
