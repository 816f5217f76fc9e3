// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AADSTSKnowledge {
    /// Codes, refresh tokens, scopes and device codes: 70000 to 70999, and what belongs to those but credentials.
    static let grants: [AADSTSExplanation] = [
        AADSTSExplanation(
            70000,
            "The code or refresh token is not valid.",
            "Sign in again; check that it is used by the application that received it.",
            at: Place.overview
        ),
        AADSTSExplanation(
            700_005,
            "The code was issued for another tenant than it is redeemed at.",
            "Redeem it at the authority with which the sign-in was started.",
            at: Place.tenant
        ),
        AADSTSExplanation(
            70001,
            "The application is disabled or not installed in the tenant.",
            "Check the client ID and the tenant, and have an administrator enable the application.",
            at: Place.properties
        ),
        AADSTSExplanation(
            700_011,
            "The application that the request names is not in the directory.",
            "Check the client ID, and sign in once so that the application is installed.",
            at: Place.overview
        ),
        AADSTSExplanation(
            700_016,
            "The application does not exist in the tenant.",
            "Check the client ID and the tenant, and that the application was installed there.",
            at: Place.overview
        ),
        AADSTSExplanation(
            700_020,
            "The grant cannot be used without a person who acts.",
            "Start a sign-in with a page.",
            at: Place.call
        ),
        AADSTSExplanation(
            700_022,
            "The scopes belong to several resources, and a token is for one.",
            "Ask for a token for each resource by itself.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            700_023,
            "The scope names no resource.",
            "Put the resource's identifier before the permission, as in api://claims/Claims.Read.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            70003,
            "The platform does not support the grant type for this application.",
            "Use another flow, or enable public client flows where it is one of those.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            700_038,
            "The client ID is not a valid application ID.",
            "Copy the application (client) ID, not the object ID, from the registration.",
            at: Place.overview
        ),
        AADSTSExplanation(
            70004,
            "The redirect URI is not valid.",
            "Send the one that is registered: absolute, https, and without a fragment.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            70005,
            "The response type is not supported for this application.",
            "Use the authorization code flow, which is what the library does.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            700_054,
            "ID tokens straight from the authorization endpoint are not enabled for the application.",
            "Use the authorization code flow; enabling implicit ID tokens is rarely right.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            70007,
            "The response mode is not supported with what was asked for.",
            "Use form_post, or query where the answer is a code.",
            at: "The response mode of the flow."
        ),
        AADSTSExplanation(
            70008,
            "The authorization code or refresh token has expired.",
            "Sign in again.",
            at: Place.logs
        ),
        AADSTSExplanation(
            700_082,
            "The refresh token was not used for too long.",
            "Sign in again.",
            at: Place.logs
        ),
        AADSTSExplanation(
            700_084,
            "The refresh token of a single-page application reached its day of life, which cannot be extended.",
            "Sign in again, silently where the browser's session allows.",
            at: Place.authentication
        ),
        AADSTSExplanation(
            70011,
            "A scope is malformed or not allowed.",
            "Check the spelling and do not mix '.default' with others.",
            at: Place.scopes
        ),
        AADSTSExplanation(
            7_000_112,
            "The application was disabled.",
            "Have its owner or an administrator enable it.",
            at: Place.properties
        ),
        AADSTSExplanation(
            7_000_114,
            "The application is not allowed to act on behalf of users.",
            "Call the API with the application's own token, or have its owner lift the restriction.",
            at: Place.manifest
        ),
        AADSTSExplanation(
            70016,
            "The person has not entered the device code yet.",
            "Wait and ask again; the library does so.",
            at: Place.call
        ),
        AADSTSExplanation(
            70018,
            "The device code was declined or is not a good one.",
            "Start the device code flow anew.",
            at: Place.logs
        ),
        AADSTSExplanation(
            70019,
            "The device code has expired.",
            "Start the device code flow anew, and enter the code within a quarter of an hour.",
            at: Place.call
        ),
        AADSTSExplanation(
            70020,
            "The device code cannot be used, or was used before.",
            "Start the device code flow anew.",
            at: Place.call
        ),
        AADSTSExplanation(
            70043,
            "The sign-in is older than the policy on sign-in frequency allows.",
            "Sign in again.",
            at: Place.policies
        ),
        AADSTSExplanation(
            240_002,
            "An ID token was given where an access token for this application is needed.",
            "Exchange the access token that the API received; an ID token is for signing in only.",
            at: Place.call
        ),
    ]
}
