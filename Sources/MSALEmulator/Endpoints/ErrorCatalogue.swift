// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What the numbers mean that this emulator sends.
enum ErrorCatalogue {
    /// A sentence on cause and cure, by number.
    static let meanings: [Int: String] = [
        16000: "Several accounts are signed in, and the application asked not to show a page. Sign in with a prompt.",
        50011: "The redirect URI of the request is not registered. Compare it with the application's redirect URIs, "
            + "letter by letter.",
        50012: "The client assertion is of another type, or was used twice in strict mode.",
        50013: "The assertion was changed on its way, was signed by somebody else, or is none at all. Hand it on as "
            + "the federation server or the caller gave it.",
        50020: "The account belongs to another organization than the one the application asked for.",
        50049: "The host is no known instance of the platform. Switch instance discovery off, or list the authority as "
            + "known.",
        50027: "The token is no JWT, or is signed in a way that is not read here: RS256 is, and PS256 for client "
            + "assertions.",
        50048: "In a client assertion, iss and sub must both be the client ID.",
        50034: "There is no account with that user name in the tenant.",
        50053: "There were ten wrong passwords in a row. In this emulator the account is locked for a minute.",
        50055: "The password has expired.",
        50056: "The account has no password in the directory, because its domain is federated. Ask the user realm "
            + "first.",
        50057: "The account is disabled.",
        50058: "Nobody is signed in, and the application asked not to show a page. Sign in with a prompt.",
        50076: "A policy wants a second factor. Send the person to the authorization endpoint with the claims of the "
            + "error, then ask again.",
        50089: "The sign-in page was open for too long, or the browser refused its cookie. Start again from the "
            + "application.",
        50105: "The application demands an assigned role, and the person has none.",
        50126: "The user name or the password is wrong.",
        50194: "The application serves one organization only. Use an authority that names the tenant.",
        50166: "The keys of the assertion's issuer could not be read. In this emulator, only issuers on this machine "
            + "are asked.",
        54005: "The authorization code was used before. A code works once.",
        65001: "A scope was not granted. In this emulator, grants stand in the seed.",
        65004: "The person pressed cancel.",
        70000: "The code or refresh token is not one of this application.",
        70025: "The application takes no assertions of other issuers. In this emulator, they stand in the seed under "
            + "federatedCredentials.",
        70008: "The authorization code is older than ten minutes.",
        70011: "A scope does not exist.",
        70016: "A device waits for a person who has not finished yet. It asks again after the interval.",
        70018: "The person refused the device, or the device code is not one of this application.",
        70020: "The device code is older than fifteen minutes. Start again on the device.",
        90120: "The device was answered before, or its code has expired. Start again on the device.",
        500131: "The assertion is for somebody else than the one it was brought to.",
        500133: "The assertion is too old or not yet valid. Get a new one.",
        240002: "An ID token was sent where an access token is needed: the one that the API was called with.",
        500011: "The resource is not in the tenant. Check its identifier and the tenant.",
        500121: "The person refused the second factor.",
        501481: "The PKCE verifier does not belong to the challenge of the authorization request.",
        700016: "The application is not in the tenant. Check the client ID and the tenant.",
        700021: "The client assertion is another application's. Its iss and sub must be the client_id of the request.",
        700022: "One request is for one resource.",
        700023: "The client assertion is for somebody else: its aud must be the token endpoint or the issuer. In a "
            + "scope: no resource is named.",
        700024: "The client assertion is too old or not yet valid. Compare the clocks.",
        700025: "The application has no credential in the directory, so it must not show one.",
        700027: "The client assertion was signed with a key that is not the application's. Compare the thumbprint with "
            + "its certificates.",
        700030: "The certificate came from another authority, or bears another name, than the application trusts.",
        700082: "The refresh token lay unused for too long.",
        700211: "The application trusts no such issuer. Compare iss with its federated credentials, letter by "
            + "letter.",
        700212: "The token is for another audience than the federated credential says, letter by letter.",
        700213: "The token is about somebody else than the federated credential says, letter by letter.",
        700229: "A person's token, or an ID token, was shown where an application's own is needed.",
        90002: "The tenant does not exist. Check the authority.",
        1_000_502: "The certificate has expired, or is not yet valid.",
        1_002_012: "Client credentials need exactly one scope that ends in /.default.",
        5_002_741: "The client assertion names several audiences.",
        7_000_114: "An application's own token was shown where a person's is needed: there is nobody to act for.",
        7_000_215: "The client secret is wrong. Use its value, not its identifier.",
        7_000_218: "The application must show a client secret or a client assertion.",
        7_000_222: "The client secret has expired.",
    ]
}
