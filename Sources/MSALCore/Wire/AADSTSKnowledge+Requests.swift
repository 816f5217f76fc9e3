// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AADSTSKnowledge {
    /// What was wrong with a request, its tenant or its cloud: from 90000 on and what belongs to those.
    static let requests: [AADSTSExplanation] = [
        AADSTSExplanation(
            90002,
            "The tenant does not exist.",
            "Check the tenant's identifier or domain, and the cloud.",
            at: Place.tenant
        ),
        AADSTSExplanation(
            90005,
            "Parameters of the request contradict each other, such as a login hint and the choice of an account.",
            "Send one of them.",
            at: "The prompt and the login hint of the flow."
        ),
        AADSTSExplanation(
            90008,
            "The application asks for a token for itself without the permission to sign people in.",
            "Add the delegated permission User.Read, and consent to it.",
            at: Place.permissions
        ),
        AADSTSExplanation(
            90009,
            "The application asks for a token for itself by its URI.",
            "Name it by its client ID, a GUID.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            90014,
            "A field that must be there is missing.",
            "The description names it; check what was added to the request or taken out of it.",
            at: Place.call
        ),
        AADSTSExplanation(
            900_144,
            "A parameter that must be in the body is missing.",
            "The description names it; post the parameters as a form, not as JSON.",
            at: Place.call
        ),
        AADSTSExplanation(
            90015,
            "The query of the request is too long.",
            "Ask for fewer scopes or claims, and keep the state short.",
            at: Place.call
        ),
        AADSTSExplanation(
            90019,
            "The request names no tenant.",
            "Use an authority with the tenant in its path.",
            at: Place.tenant
        ),
        AADSTSExplanation(
            90023,
            "A value in the request is not valid.",
            "The description names it; look at what the application adds by itself.",
            at: Place.call
        ),
        AADSTSExplanation(
            9_001_023,
            "The grant cannot be used at 'common' or 'consumers'.",
            "Set the authority to a tenant, or to 'organizations'.",
            at: Place.tenant
        ),
        AADSTSExplanation(
            9_002_313,
            "The request is malformed.",
            "Check the parameters that were added to it.",
            at: Place.call
        ),
        AADSTSExplanation(
            9_002_326,
            "A code for another type of application was redeemed by a script in a browser.",
            "Register the redirect URI for the platform 'Single-page application', or redeem the code on the server.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            9_002_327,
            "A code of a single-page application was redeemed by a server.",
            "Register the redirect URI for the platform 'Web'.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            9_002_332,
            "The application is for work and school accounts only, and was used with personal ones.",
            "Use a tenant or 'organizations', or register the application for personal accounts too.",
            at: Place.accountTypes
        ),
        AADSTSExplanation(
            90027,
            "The first version of the endpoints does not serve personal accounts.",
            "Use the endpoints of version 2.0.",
            at: Place.accountTypes
        ),
        AADSTSExplanation(
            90038,
            "The tenant lies in another cloud.",
            "Set the instance to that cloud's sign-in host.",
            at: Place.instance
        ),
        AADSTSExplanation(
            900_382,
            "A confidential client of one cloud cannot be used in another.",
            "Register an application in the tenant's cloud, and use its client ID.",
            at: Place.instance
        ),
        AADSTSExplanation(
            900_432,
            "Confidential clients are not supported across clouds.",
            "Use an application that is registered in the cloud where the resource lies.",
            at: Place.instance
        ),
        AADSTSExplanation(
            900_439,
            "The account or the tenant must sign in at the host of its own cloud.",
            "Set the instance to the sign-in host that the description names, if you trust it.",
            at: Place.instance
        ),
        AADSTSExplanation(
            90055,
            "The tenant sends too many requests.",
            "Wait as long as the answer asks for; keep tokens instead of acquiring them anew.",
            at: Place.call
        ),
        AADSTSExplanation(
            900_561,
            "The endpoint was called with the wrong HTTP method.",
            "Post to the token endpoint, and open the authorization endpoint in a browser.",
            at: Place.call
        ),
        AADSTSExplanation(
            90094,
            "An administrator must consent first.",
            "Have an administrator grant the permissions to the tenant.",
            at: Place.consent
        ),
        AADSTSExplanation(
            90095,
            "Consent was asked of an administrator, who has not answered yet.",
            "Wait for the answer, or ask the administrator.",
            at: "Entra admin center: Enterprise applications, Admin consent requests."
        ),
        AADSTSExplanation(
            900_971,
            "The request has no redirect URI, and the registration has none to use instead.",
            "Send one that is registered.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            90099,
            "The application is not authorised in the customer's tenant of a partner.",
            "Have the partner authorise it there before its users use it.",
            at: Place.consent
        ),
        AADSTSExplanation(
            90100,
            "A parameter of the request is empty or not valid.",
            "Leave empty parameters out, and check the others.",
            at: Place.call
        ),
        AADSTSExplanation(
            901_002,
            "The parameter 'resource' belongs to the first version of the endpoints.",
            "Use scopes: the resource's identifier followed by '/.default'.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            90119,
            "The user code was left empty on the device sign-in page.",
            "Enter the code that the program shows.",
            at: "The device sign-in page."
        ),
        AADSTSExplanation(
            90120,
            "The user code was confirmed or declined before.",
            "Go back to the program; if it still waits, start the flow anew.",
            at: "The device sign-in page."
        ),
        AADSTSExplanation(
            90121,
            "The device sign-in page received an empty request.",
            "Open the page again and enter the code.",
            at: "The device sign-in page."
        ),
        AADSTSExplanation(
            90124,
            "The resource is not available at 'common' or 'consumers'.",
            "Set the authority to the tenant where the resource is installed.",
            at: Place.tenant
        ),
        AADSTSExplanation(
            90130,
            "The application cannot be used at 'common' or 'consumers'.",
            "Set the authority to a tenant that the application is registered for.",
            at: Place.accountTypes
        ),
        AADSTSExplanation(
            100_007,
            "Regional endpoints serve managed identities and clients with a trusted certificate subject only.",
            "Turn regional endpoints off.",
            at: "The region of the configuration; MSAL_FORCE_REGION."
        ),
        AADSTSExplanation(
            1_002_012,
            "The scope of an application token must end in '/.default'.",
            "Ask for the resource's identifier followed by '/.default'.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            1_003_037,
            "An account with this name exists already.",
            "Sign in with it, or sign up with another name.",
            at: Place.person
        ),
    ]
}
