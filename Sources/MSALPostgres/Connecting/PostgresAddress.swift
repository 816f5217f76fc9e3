// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CMSALPostgres
import MSALCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where a connection goes and with what settings: libpq's connection string, and what we add to it.
struct PostgresAddress: Sendable {
    /// The server, database and role it names, for sentences.
    let place: PostgresPlace
    /// How long making a connection may take, by the string, the environment or our settings.
    let connectLimit: Duration
    /// The connection string.
    private let connectionString: Secret
    /// What must not be in anything that is shown.
    private let secrets: [Secret]
    /// Options that hold where the string says nothing else.
    private let defaults: [(String, String)]

    /// Reads a connection string.
    ///
    /// - Throws: `AuthenticationError` with the code `configurationInvalid` if libpq cannot read it.
    init(_ connectionString: Secret, settings: PostgresSettings) throws(AuthenticationError) {
        guard let given = Self.options(PQconninfoParse(connectionString.reveal(), nil)) else { throw Self.unreadable }
        // What the string leaves out comes from the environment (PGHOST and so on) and from libpq's own defaults.
        let fallback = Self.options(PQconndefaults()) ?? [:]
        let option = { (name: String) -> String? in given[name] ?? fallback[name] }
        // A password that is not encoded may end up as part of the host or as the port, which are shown.
        guard Self.isPlain(given["host"], allowing: "/:%,*"), Self.isPlain(given["hostaddr"], allowing: ":%,"),
            given["port"]?.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ",") }) != false
        else { throw Self.unreadable }
        let role = option("user")
        place = PostgresPlace(
            host: option("host") ?? option("hostaddr"),
            port: option("port"),
            database: Self.plain(option("dbname") ?? role),
            role: Self.plain(role)
        )
        let hostCount = (option("host") ?? option("hostaddr") ?? "").split(separator: ",").count
        // As libpq reads it: a whole number, and none for no limit.
        let seconds = option("connect_timeout").flatMap { Int32($0.trimmingSpaces()) } ?? 0
        connectLimit = (seconds > 0 ? .seconds(seconds) : settings.connectTimeout) * max(1, hostCount)
        secrets = ["password", "sslpassword"].compactMap(option).filter { !$0.isEmpty }.map { Secret($0) }
        self.connectionString = connectionString
        defaults = [
            ("fallback_application_name", "swift-msal"),
            ("client_encoding", "UTF8"),
            // A machine that vanishes is noticed within half a minute when idle, and sooner when something was sent.
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", String(Int(settings.statementTimeout.inSeconds * 1000) + 1000)),
        ]
    }

    /// Calls a function with the options as libpq takes them.
    func withKeywords<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result? {
        // What comes later wins: the string over the defaults.
        let words = defaults + [("dbname", connectionString.reveal())]
        var keywords = words.map { UnsafePointer(strdup($0.0)) }
        var values = words.map { UnsafePointer(strdup($0.1)) }
        defer { (keywords + values).forEach { free(UnsafeMutablePointer(mutating: $0)) } }
        keywords.append(nil)
        values.append(nil)
        return keywords.withUnsafeBufferPointer { keywords in
            values.withUnsafeBufferPointer { values in
                guard let keywords = keywords.baseAddress, let values = values.baseAddress else { return nil }
                return body(keywords, values)
            }
        }
    }

    /// The first line of what libpq says, if nothing secret is in it.
    func showable(_ words: String) -> String? {
        guard let line = words.split(separator: "\n").first, line.utf8.count <= 300 else { return nil }
        let text = line.trimmingSpaces
        return text.isEmpty || secrets.contains { words.contains($0.reveal()) } ? nil : text
    }

    /// The error for a string that libpq does not understand, or understands in a way that cannot be meant.
    private static let unreadable = AuthenticationError(
        .misconfigured,
        .configurationInvalid,
        "The PostgreSQL connection string cannot be read. Write it as a URI (postgresql://role@host/database), with the "
            + "special characters of a password percent-encoded, or as words (host=… dbname=… user=…)."
    )

    /// Whether there is no text, or one of letters, digits and few other characters.
    private static func isPlain(_ text: String?, allowing others: String) -> Bool {
        guard let text else { return true }
        return text.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) || others.contains($0) }
    }

    /// A name that can be shown, because it looks like one.
    private static func plain(_ name: String?) -> String? {
        isPlain(name, allowing: "$") ? name : nil
    }

    /// Options that have a value, by name; frees what libpq gave.
    private static func options(_ first: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String]? {
        guard let first else { return nil }
        defer { PQconninfoFree(first) }
        var found: [String: String] = [:]
        var option = first
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val, value.pointee != 0 {
                found[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        return found
    }
}

extension Substring {
    /// The text without spaces at either end.
    fileprivate var trimmingSpaces: String {
        let spaces: Set<Character> = [" ", "\t", "\r"]
        return String(drop { spaces.contains($0) }.reversed().drop { spaces.contains($0) }.reversed())
    }
}
