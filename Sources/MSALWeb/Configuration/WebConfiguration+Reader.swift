// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Configuration
public import MSALCore

extension WebConfiguration {
    /// Reads the settings of the web layer from the environment, a file or wherever the reader looks.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `WEB_PUBLIC_BASE_URL` | where browsers reach the application: https, or http on localhost |
    /// | `WEB_KEYS` | sealing keys of 32 bytes in base64, comma-separated, the first of which seals |
    /// | `WEB_SESSION_IDLE_MINUTES` | minutes until an unused session ends, 60 unless set |
    /// | `WEB_SESSION_ABSOLUTE_MINUTES` | minutes until every session ends, 720 unless set |
    /// | `WEB_SIGN_IN_SCOPES` | scopes to ask for at every sign-in, separated by spaces |
    ///
    /// Without `WEB_KEYS`, an application on http://localhost makes a key that lasts until it ends; any other has to have
    /// them. In a JSON file the same settings stand in the section `web`, as `publicBaseURL`, `keys` and so on.
    ///
    /// - Parameters:
    ///   - reader: where to look.
    ///   - faults: takes in everything that is wrong; no value of a secret is ever named.
    /// - Returns: the settings, or nil when there are faults.
    public static func read(
        from reader: ConfigReader,
        collecting faults: inout ConfigurationFaults
    ) -> WebConfiguration? {
        let section = reader.scoped(to: "web")
        let before = faults.faults.count
        let baseURL = readBaseURL(section, &faults)
        let keys = readKeys(section, baseURL, &faults)
        let standard = SessionLifetime()
        let idle = readMinutes(section, "session.idleMinutes", standard.idle, "WEB_SESSION_IDLE_MINUTES", &faults)
        let absolute = readMinutes(
            section,
            "session.absoluteMinutes",
            standard.absolute,
            "WEB_SESSION_ABSOLUTE_MINUTES",
            &faults
        )
        if idle > absolute {
            faults.add(
                "WEB_SESSION_IDLE_MINUTES",
                "is above the limit for all sessions.",
                cure: "Set it to at most WEB_SESSION_ABSOLUTE_MINUTES."
            )
        }
        let scopes = section.value("signIn.scopes").map { $0.split(separator: " ").map(String.init) }
        if let problem = scopes.flatMap(AuthorizationOptions.problem(withScopes:)) {
            faults.add("WEB_SIGN_IN_SCOPES", "cannot be asked for.", cure: problem)
        }
        guard faults.faults.count == before, let baseURL, let keys else { return nil }
        return WebConfiguration(
            publicBaseURL: baseURL,
            keys: keys,
            sessionLifetime: SessionLifetime(idle: idle, absolute: absolute),
            signInScopes: scopes
        )
    }

    /// The public base URL.
    private static func readBaseURL(_ section: ConfigReader, _ faults: inout ConfigurationFaults) -> PublicBaseURL? {
        let key = "WEB_PUBLIC_BASE_URL"
        let example = "such as https://portal.example, or http://localhost:8080 for development."
        guard let text = section.value("publicBaseURL") else {
            faults.add(key, "is missing.", cure: "Set it to the address browsers use for this application, \(example)")
            return nil
        }
        do {
            return try PublicBaseURL(checking: text)
        } catch {
            switch error {
            case .malformed:
                faults.add(key, "is not an http or https address.", cure: "Write scheme, host and port, \(example)")
            case .scheme:
                faults.add(
                    key,
                    "is plain http for a host other than localhost.",
                    cure: "Use https: cookies and codes are safe on nothing less."
                )
            case .extra:
                faults.add(
                    key,
                    "holds more than scheme, host and port.",
                    cure: "Take away the path, the query and the user name."
                )
            }
            return nil
        }
    }

    /// The key ring.
    private static func readKeys(
        _ section: ConfigReader,
        _ baseURL: PublicBaseURL?,
        _ faults: inout ConfigurationFaults
    ) -> KeyRing? {
        let make = "Make one with: openssl rand -base64 32"
        guard let text = section.value("keys", isSecret: true) else {
            if let baseURL, !baseURL.isHTTPS { return .ephemeral() }
            faults.add(
                "WEB_KEYS",
                "is missing, and only an application on http://localhost can do without.",
                cure: "Set it to keys of 32 bytes in base64, separated by commas, the first of which seals. \(make)"
            )
            return nil
        }
        var keys: [SealingKey] = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if let key = SealingKey(base64: part.trimmingSpaces()) {
                keys.append(key)
            } else {
                faults.add("WEB_KEYS", "has a key number \(index + 1) that is not 32 bytes in base64.", cure: make)
            }
        }
        guard keys.count == parts.count, let first = keys.first else { return nil }
        return KeyRing(first, opening: Array(keys.dropFirst()))
    }

    /// A positive number of minutes.
    private static func readMinutes(
        _ section: ConfigReader,
        _ key: ConfigKey,
        _ standard: Duration,
        _ variable: String,
        _ faults: inout ConfigurationFaults
    ) -> Duration {
        guard let text = section.value(key) else { return standard }
        let week = 7 * 24 * 60
        guard let minutes = Int(text), (1...week).contains(minutes) else {
            faults.add(variable, "is not a number of minutes.", cure: "Set a whole number from 1 to \(week).")
            return standard
        }
        return .seconds(minutes * 60)
    }
}
