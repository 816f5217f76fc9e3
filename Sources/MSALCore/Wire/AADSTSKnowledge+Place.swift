// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AADSTSKnowledge {
    /// Where to look.
    enum Place {
        /// The portal.
        private static let center = "Entra admin center: "
        /// What is registered of the application.
        private static let registration = center + "App registrations, the application, "
        /// The application as it is installed in the tenant.
        private static let enterprise = center + "Enterprise applications, the application, "

        /// The application's identifier.
        static let overview = registration + "Overview; AZURE_AD_CLIENT_ID."
        /// Redirect URIs and the kind of client.
        static let authentication = registration + "Authentication."
        /// Client secrets.
        static let secrets = registration + "Certificates & secrets; AZURE_AD_CLIENT_SECRET."
        /// Client certificates.
        static let certificates = registration + "Certificates & secrets, Certificates; the certificate credential."
        /// Whose tokens serve as a credential.
        static let federated = registration + "Certificates & secrets, Federated credentials."
        /// What the application may ask of APIs.
        static let permissions = registration + "API permissions."
        /// What an API offers, and to whom.
        static let exposed = registration + "Expose an API."
        /// All of the registration as JSON.
        static let manifest = registration + "Manifest."
        /// Whose accounts may sign in.
        static let accountTypes = registration + "Authentication, Supported account types; AZURE_AD_AUTHORITY."
        /// Who is assigned to the application.
        static let assignment = enterprise + "Users and groups."
        /// Whether the application is enabled.
        static let properties = enterprise + "Properties."
        /// What was consented to.
        static let consent = enterprise + "Permissions."
        /// What is asked of whom at a sign-in.
        static let policies = center + "Conditional Access, Policies; Sign-in logs tell which one it was."
        /// How a sign-in went.
        static let logs = center + "Monitoring & health, Sign-in logs."
        /// An account.
        static let person = center + "Users, the person."
        /// How an account proves itself.
        static let methods = center + "Users, the person, Authentication methods."
        /// Registered devices.
        static let devices = center + "Devices."
        /// Guests and other tenants.
        static let guests = center + "External Identities, Cross-tenant access settings."
        /// Which tenant is asked.
        static let tenant = "AZURE_AD_TENANT_ID, AZURE_AD_AUTHORITY, or the tenant of the call."
        /// Which cloud is asked.
        static let instance = "AZURE_AD_INSTANCE, AZURE_AD_AUTHORITY."
        /// What is asked for.
        static let scopes = "The scopes of the call."
        /// The program.
        static let call = "The code that makes the call."
    }
}
