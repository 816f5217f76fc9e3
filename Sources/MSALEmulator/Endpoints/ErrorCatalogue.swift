// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What the numbers mean that this emulator sends.
enum ErrorCatalogue {
    /// A sentence on cause and cure, by number.
    static let meanings: [Int: String] = [
        16000: "Several accounts are signed in, and the application asked not to show a page. Sign in with a prompt.",
        50011: "The redirect URI of the request is not registered. Compare it with the application's redirect URIs, "
            + "letter by letter.",
        50020: "The account belongs to another organization than the one the application asked for.",
        50049: "The host is no known instance of the platform. Switch instance discovery off, or list the authority as "
            + "known.",
        50057: "The account is disabled.",
        50058: "Nobody is signed in, and the application asked not to show a page. Sign in with a prompt.",
        50089: "The sign-in page was open for too long, or the browser refused its cookie. Start again from the "
            + "application.",
        50105: "The application demands an assigned role, and the person has none.",
        50126: "The user name or the password is wrong.",
        50194: "The application serves one organization only. Use an authority that names the tenant.",
        54005: "The authorization code was used before. A code works once.",
        65001: "A scope was not granted. In this emulator, grants stand in the seed.",
        65004: "The person pressed cancel.",
        70000: "The code or refresh token is not one of this application.",
        70008: "The authorization code is older than ten minutes.",
        70011: "A scope does not exist.",
        500011: "The resource is not in the tenant. Check its identifier and the tenant.",
        501481: "The PKCE verifier does not belong to the challenge of the authorization request.",
        700016: "The application is not in the tenant. Check the client ID and the tenant.",
        700082: "The refresh token lay unused for too long.",
        90002: "The tenant does not exist. Check the authority.",
        1_002_012: "Client credentials need exactly one scope that ends in /.default.",
        7_000_215: "The client secret is wrong. Use its value, not its identifier.",
        7_000_218: "The application must show a client secret.",
        7_000_222: "The client secret has expired.",
    ]
}
