// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What the emulated directory holds when it starts.
///
/// `insurance` is the built-in one; `init(json:)` reads one from a file, in the format that `docs/emulator.md` describes.
/// A seed is only text and flags: it is checked as a whole when an ``Emulator`` is made from it.
public struct EmulatorSeed: Sendable {
    /// The tenants.
    public var tenants: [Tenant]
    /// The people, each in one tenant.
    public var users: [User]
    /// The application objects, each at home in one tenant.
    public var applications: [Application]
    /// The service principals: what makes an application usable in a tenant, and what was granted to it there.
    public var servicePrincipals: [ServicePrincipal]
    /// The conditional access policies.
    public var conditionalAccessPolicies: [ConditionalAccessPolicy]
    /// Whether the start page may list the passwords: true only for seeds whose passwords are public anyway.
    public var showsPasswords: Bool

    /// Puts a seed together.
    public init(
        tenants: [Tenant],
        users: [User] = [],
        applications: [Application] = [],
        servicePrincipals: [ServicePrincipal] = [],
        conditionalAccessPolicies: [ConditionalAccessPolicy] = [],
        showsPasswords: Bool = false
    ) {
        self.tenants = tenants
        self.users = users
        self.applications = applications
        self.servicePrincipals = servicePrincipals
        self.conditionalAccessPolicies = conditionalAccessPolicies
        self.showsPasswords = showsPasswords
    }
}

extension EmulatorSeed {
    /// An organization's directory.
    public struct Tenant: Sendable {
        /// The tenant's GUID.
        public var id: String
        /// What pages call it.
        public var displayName: String
        /// The verified domains, the first being the main one.
        public var domains: [String]
        /// The domains whose people sign in at a federation server; they are not repeated in ``domains``.
        public var federatedDomains: [FederatedDomain]

        /// Describes a tenant.
        public init(id: String, displayName: String, domains: [String], federatedDomains: [FederatedDomain] = []) {
            self.id = id
            self.displayName = displayName
            self.domains = domains
            self.federatedDomains = federatedDomains
        }
    }

    /// A person with a password.
    public struct User: Sendable {
        /// The object ID, a GUID.
        public var id: String
        /// The tenant's GUID or one of its domains.
        public var tenant: String
        /// The sign-in name, in the form of a mail address.
        public var userPrincipalName: String
        /// The password, in the clear here and hashed in the running emulator.
        public var password: String
        /// Whether the person may sign in.
        public var isEnabled: Bool
        /// Whether the password is too old to be taken.
        public var hasExpiredPassword: Bool
        /// What Graph tells about the person.
        public var profile: Profile

        /// Describes a person.
        public init(
            id: String,
            tenant: String,
            userPrincipalName: String,
            password: String,
            isEnabled: Bool = true,
            hasExpiredPassword: Bool = false,
            profile: Profile
        ) {
            self.id = id
            self.tenant = tenant
            self.userPrincipalName = userPrincipalName
            self.password = password
            self.isEnabled = isEnabled
            self.hasExpiredPassword = hasExpiredPassword
            self.profile = profile
        }
    }

    /// The part of a person that Graph and the ID token show.
    public struct Profile: Sendable {
        /// The full name.
        public var displayName: String
        /// The first name.
        public var givenName: String?
        /// The family name.
        public var surname: String?
        /// The mailbox; without one there is no `email` claim.
        public var mail: String?
        /// The job title.
        public var jobTitle: String?
        /// The office.
        public var officeLocation: String?
        /// The telephone numbers at work.
        public var businessPhones: [String]
        /// The mobile telephone number.
        public var mobilePhone: String?
        /// The language, such as `en-GB`.
        public var preferredLanguage: String?

        /// Describes the profile.
        public init(
            displayName: String,
            givenName: String? = nil,
            surname: String? = nil,
            mail: String? = nil,
            jobTitle: String? = nil,
            officeLocation: String? = nil,
            businessPhones: [String] = [],
            mobilePhone: String? = nil,
            preferredLanguage: String? = nil
        ) {
            self.displayName = displayName
            self.givenName = givenName
            self.surname = surname
            self.mail = mail
            self.jobTitle = jobTitle
            self.officeLocation = officeLocation
            self.businessPhones = businessPhones
            self.mobilePhone = mobilePhone
            self.preferredLanguage = preferredLanguage
        }
    }
}
