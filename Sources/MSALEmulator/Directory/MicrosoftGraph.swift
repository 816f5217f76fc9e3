// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The one resource that every tenant has.
enum MicrosoftGraph {
    /// Its client ID, the same everywhere.
    static let clientID = "00000003-0000-0000-c000-000000000000"
    /// What scopes name it by.
    static let identifierURI = "https://graph.microsoft.com"

    /// Its application object; `home` is the tenant it is filed under.
    static func application(home: String) -> EmulatorSeed.Application {
        EmulatorSeed.Application(
            clientID: clientID,
            displayName: "Microsoft Graph",
            homeTenant: home,
            isMultiTenant: true,
            identifierURIs: [identifierURI],
            accessTokenVersion: 1,
            scopes: ["User.Read", "User.ReadBasic.All", "Mail.Read", "Calendars.Read", "Files.Read"],
            appRoles: [EmulatorSeed.AppRole("User.Read.All", displayName: "Read all users' profiles")]
        )
    }
}
