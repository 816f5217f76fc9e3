// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What the claims of tokens mean.
enum ClaimMeaning {
    /// The claims that are moments.
    static let moments: Set<String> = [
        "exp", "nbf", "iat", "auth_time", "xms_tcdt", "updated_at", "pwd_exp", "signin_state_time", "rh_exp",
    ]

    /// What a claim means, in half a sentence; nil for one that is not known here.
    static func of(_ name: String) -> String? { table[name] }

    /// The claims that are known: JWT (RFC 7519 §4.1), OpenID Connect Core §2 and §5.1, and the platform's own.
    private static let table = [
        "acct": "whether the account is a member (0) or a guest (1) of the tenant",
        "acr": "how strongly the person signed in: 0 is too weak for ISO/IEC 29115",
        "acrs": "the authentication contexts that the sign-in met",
        "actort": "the kind of whoever acts for the person",
        "aio": "for the platform's own use",
        "amr": "how the person signed in: pwd a password, mfa a second factor, fido a key",
        "app_displayname": "the application's name",
        "appid": "the application the token was issued to (version 1)",
        "appidacr": "how that application proved itself: 0 not at all, 1 secret, 2 certificate (version 1)",
        "at_hash": "ties the ID token to the access token beside it",
        "aud": "whom the token is for: nobody else may accept it",
        "auth_time": "when the person signed in",
        "azp": "the application the token was issued to",
        "azpacr": "how that application proved itself: 0 not at all, 1 secret, 2 certificate",
        "c_hash": "ties the ID token to the code beside it",
        "capolids": "for the platform's own use",
        "client_id": "the application the token was issued to",
        "cnf": "the key that whoever presents the token must hold",
        "deviceid": "the registered device of the sign-in",
        "email": "the e-mail address; not proven, never a key",
        "email_verified": "whether the provider has proven the e-mail address",
        "exp": "when the token ends",
        "family_name": "the family name",
        "given_name": "the given name",
        "groups": "the groups the person is in, by ID",
        "hasgroups": "that there are too many groups to list: ask Graph",
        "iat": "when the token was issued",
        "idp": "the provider that the person really signed in at",
        "idtyp": "app for a token of an application itself, user for a person's",
        "in_corp": "that the sign-in came from the tenant's own network",
        "ipaddr": "the address of the sign-in",
        "iss": "who issued the token",
        "jti": "the token's own identifier",
        "login_hint": "names the person at sign-in and sign-out",
        "name": "the name to show; never a key",
        "nbf": "from when on the token is good",
        "nonce": "ties the token to one sign-in request",
        "oid": "the person or service principal in the tenant, the same for all applications: with tid, a key",
        "onprem_sid": "the identifier in the organisation's own directory",
        "preferred_username": "the name to sign in with; it changes, never a key",
        "puid": "for the platform's own use",
        "rh": "for the platform's own use",
        "roles": "the app roles of the person, or the permissions of the application",
        "scp": "what the person has let the application do",
        "sid": "the session at the provider",
        "sub": "whom the token is about, as this application alone knows them",
        "tenant_ctry": "the tenant's country",
        "tenant_region_scope": "the tenant's region",
        "tid": "the tenant",
        "unique_name": "a name to show; it is not unique, never a key",
        "upn": "the user principal name; it changes, never a key",
        "uti": "the token's own identifier",
        "ver": "the version of the token's form",
        "verified_primary_email": "the proven e-mail addresses",
        "wids": "the directory roles of the person, by template ID",
        "xms_cc": "what the client can do: cp1 handles claims challenges",
        "xms_edov": "whether the owner of the e-mail's domain is proven",
        "xms_ftd": "for the platform's own use",
        "xms_idrel": "for the platform's own use",
        "xms_mirid": "the managed identity's resource",
        "xms_pl": "the person's preferred language",
        "xms_st": "whom the token is about, elsewhere",
        "xms_tcdt": "when the tenant was made",
        "xms_tpl": "the tenant's preferred language",
        "xms_ssm": "that the token may end early (continuous access evaluation)",
        "zoneinfo": "the time zone",
    ]
}
