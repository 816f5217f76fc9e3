// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// An entity of a cache that the MSALs share, and its place in the document.
protocol CacheEntity: Sendable {
    /// The section its entries stand in.
    static var section: CacheSection { get }
    /// The members it has a place for.
    static var fields: CacheFieldSet { get }
    /// Members it reads under another library's name, and keeps for that library.
    static var aliases: CacheFieldSet { get }

    /// Takes an entity out of the entry that was scanned last.
    init(_ entry: inout CacheEntryReader) throws(CacheEntryFlaw)

    /// Writes its members, without the braces and without the foreign ones.
    func writeMembers(to writer: inout CacheJSONWriter)

    /// Makes its key, as msal for Python would.
    func makeKey(in writer: inout CacheJSONWriter)

    /// The members this library does not know.
    var foreign: ForeignMembers { get }

    /// What keeps it, readable as it is, from being of use in a document.
    var documentFlaw: CacheEntryFlaw? { get }

    /// What tells it from an entity of the same key.
    var distinction: String? { get }

    /// Roughly how many bytes its entry takes.
    var sizeHint: Int { get }
}

/// The sections of a shared cache.
enum CacheSection: String, Sendable, Hashable, CaseIterable {
    case accessTokens = "AccessToken"
    case refreshTokens = "RefreshToken"
    case idTokens = "IdToken"
    case accounts = "Account"
    case appMetadata = "AppMetadata"

    /// Whether its keys are written in lower case; those of application metadata are not, as Python looks them up.
    var hasLowerCaseKeys: Bool { self != .appMetadata }
}

extension CacheEntity {
    /// Most entities say themselves what is needed.
    var documentFlaw: CacheEntryFlaw? { nil }

    /// Most entities are told apart by their key.
    var distinction: String? { nil }

    /// Most entities have one name for each field.
    static var aliases: CacheFieldSet { [] }

    /// Reads the entity of a cache entry.
    ///
    /// - Parameter json: the entry, without its key.
    /// - Throws: ``AuthenticationError`` with the code `cacheMalformed` when it is no JSON, or lacks what is needed.
    init(json: [UInt8]) throws(AuthenticationError) {
        let result = try CacheJSONReader.read(json) { (reader) throws(CacheScanFault) -> Result<Self, CacheEntryFlaw> in
            var entry = CacheEntryReader(reader)
            let result = try entry.read(Self.self, depth: 1)
            reader = entry.json
            return result
        }
        switch result {
        case .success(let entity):
            self = entity
        case .failure(let flaw):
            throw AuthenticationError(
                .invalidCall,
                .cacheMalformed,
                "The entry of the section \(Self.section.rawValue) cannot be used: \(flaw.reason)."
            )
        }
    }

    /// The entity as a cache entry, without its key.
    func json() -> [UInt8] {
        var writer = CacheJSONWriter(capacity: sizeHint)
        write(to: &writer)
        return writer.bytes
    }

    /// The key of the entity's entry.
    var key: String {
        var writer = CacheJSONWriter(capacity: 0)
        makeKey(in: &writer)
        return String(decoding: writer.finishedKey(isLowerCase: Self.section.hasLowerCaseKeys), as: UTF8.self)
    }

    /// Writes the entity as an object.
    func write(to writer: inout CacheJSONWriter) {
        writeMembers(to: &writer)
        writer.members(foreign)
        writer.raw("}")
    }
}

extension CacheEntryReader {
    /// Reads the entry at the position and moves behind it.
    mutating func read<Entity: CacheEntity>(
        _ type: Entity.Type,
        depth: Int
    ) throws(CacheScanFault) -> Result<Entity, CacheEntryFlaw> {
        guard try scanEntry(Entity.fields, aliases: Entity.aliases, depth: depth) else {
            return .failure(.notAnObject)
        }
        do throws(CacheEntryFlaw) {
            return .success(try Entity(&self))
        } catch {
            return .failure(error)
        }
    }
}
