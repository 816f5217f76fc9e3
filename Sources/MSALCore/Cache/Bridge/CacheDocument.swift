// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A whole token cache in the JSON that the MSALs share.
///
/// It is read by field and never by key, as each library makes its keys differently, and written with keys made anew. What
/// is not understood is kept as it is and written back.
struct CacheDocument: Sendable {
    var accessTokens: [AccessTokenEntity] = []
    var refreshTokens: [RefreshTokenEntity] = []
    var idTokens: [IDTokenEntity] = []
    var accounts: [AccountEntity] = []
    var appMetadata: [AppMetadataEntity] = []
    /// Whole sections that this library does not know.
    var foreignSections: [ForeignSection] = []
    /// Entries of known sections that cannot be used.
    var foreignEntries: [ForeignEntry] = []
    /// What was passed over while reading, and why.
    private(set) var skipped: [CacheImportReport.Skipped] = []

    /// A section that this library does not know.
    struct ForeignSection: Sendable, Hashable {
        /// Its name as it stands in JSON, with quotes and escapes.
        var name: [UInt8]
        /// Its value as JSON.
        var json: [UInt8]
    }

    /// An entry that cannot be used.
    struct ForeignEntry: Sendable, Hashable {
        var section: CacheSection
        /// Its key.
        var key: String
        /// Its value as JSON.
        var json: [UInt8]
    }

    /// Makes an empty cache.
    init() {}

    /// Reads a cache.
    ///
    /// - Parameter bytes: the JSON; nothing in it but white space is an empty cache, as it is for Python.
    /// - Throws: ``AuthenticationError`` with the code `cacheMalformed` when it is not one JSON object. An entry that
    ///   cannot be used is no error: it is named in ``skipped``.
    init(reading bytes: [UInt8]) throws(AuthenticationError) {
        guard !bytes.allSatisfy({ $0 <= 0x20 }) else { return }
        self = try CacheJSONReader.read(bytes) { (reader) throws(CacheScanFault) -> CacheDocument in
            var document = CacheDocument()
            var entry = CacheEntryReader(reader)
            try document.read(&entry)
            reader = entry.json
            return document
        }
    }

    /// Reads the sections.
    private mutating func read(_ entry: inout CacheEntryReader) throws(CacheScanFault) {
        guard entry.json.peek() == .openBrace else { throw CacheScanFault(.notAnObject, at: entry.json.position) }
        try entry.json.enter(depth: 1)
        var isFirst = true
        while let name = try entry.json.nextName(&isFirst) {
            switch entry.json.decode(name).flatMap(CacheSection.init) {
            case .accessTokens: accessTokens = try readSection(&entry)
            case .refreshTokens: refreshTokens = try readSection(&entry)
            case .idTokens: idTokens = try readSection(&entry)
            case .accounts: accounts = try readSection(&entry)
            case .appMetadata: appMetadata = try readSection(&entry)
            case nil:
                var section = ForeignSection(
                    name: Array(entry.json.bytes(name.start - 1..<name.end + 1)),
                    json: []
                )
                try entry.json.copyValue(depth: 2, to: &section.json)
                foreignSections.removeAll { $0.name == section.name }
                foreignSections.append(section)
            }
        }
    }

    /// Reads one section; the last of a name counts.
    private mutating func readSection<Entity: CacheEntity>(
        _ entry: inout CacheEntryReader
    ) throws(CacheScanFault) -> [Entity] {
        let section = Entity.section
        var entities: [Entity] = []
        foreignEntries.removeAll { $0.section == section }
        skipped.removeAll { $0.section == section.rawValue }
        guard entry.json.peek() == .openBrace else {
            let isNull = entry.json.peek() == UInt8(ascii: "n")
            try entry.json.skipValue(depth: 2)
            if !isNull { skip(section, "the whole section", "it is not an object") }
            return entities
        }
        try entry.json.enter(depth: 2)
        // For as many entries as a large cache has of each kind, so that few are moved while the list grows.
        entities.reserveCapacity(min(1 << 16, (entry.json.count - entry.json.position) / 8_192))
        var isFirst = true
        var number = 0
        while let key = try entry.json.nextName(&isFirst) {
            number += 1
            let begin = entry.json.position
            var read = try entry.read(Entity.self, depth: 3)
            if case .success(let entity) = read, let flaw = entity.documentFlaw { read = .failure(flaw) }
            switch read {
            case .success(let entity):
                entities.append(entity)
            case .failure(let flaw):
                let account = (try? entry.text(.homeAccountID)) ?? nil
                skip(section, CacheImportReport.name(ofEntry: number, account: account), flaw.reason)
                entry.json.position = begin
                var json: [UInt8] = []
                try entry.json.copyValue(depth: 3, to: &json)
                let text = entry.json.decode(key) ?? String(decoding: entry.json.bytes(key.range), as: UTF8.self)
                foreignEntries.append(ForeignEntry(section: section, key: text, json: json))
            }
        }
        return entities
    }

    /// Notes what is passed over.
    private mutating func skip(_ section: CacheSection, _ name: String, _ reason: String) {
        skipped.append(CacheImportReport.Skipped(section: section.rawValue, name: name, reason: reason))
    }
}

extension CacheDocument {
    /// The cache as JSON, for any MSAL to read.
    ///
    /// A section without entries is left out.
    func json() -> [UInt8] {
        let size =
            accessTokens.reduce(0) { $0 + $1.sizeHint } + refreshTokens.reduce(0) { $0 + $1.sizeHint }
            + idTokens.reduce(0) { $0 + $1.sizeHint } + accounts.reduce(0) { $0 + $1.sizeHint }
            + appMetadata.reduce(0) { $0 + $1.sizeHint } + foreignSections.reduce(0) { $0 + $1.json.count }
        var writer = CacheJSONWriter(capacity: size)
        writer.raw("{")
        var separates = false
        write(accessTokens, &separates, to: &writer)
        write(accounts, &separates, to: &writer)
        write(idTokens, &separates, to: &writer)
        write(refreshTokens, &separates, to: &writer)
        write(appMetadata, &separates, to: &writer)
        for section in foreignSections {
            if separates { writer.raw(",") }
            separates = true
            writer.raw(section.name)
            writer.raw(":")
            writer.raw(section.json)
        }
        writer.raw("}")
        return writer.bytes
    }

    /// Writes one section, if there is anything in it.
    ///
    /// Entries of which a key tells all come first: they get the key that others look up.
    private func write<Entity: CacheEntity>(
        _ entities: [Entity],
        _ separates: inout Bool,
        to writer: inout CacheJSONWriter
    ) {
        let section = Entity.section
        let foreign = foreignEntries.filter { $0.section == section }
        guard !entities.isEmpty || !foreign.isEmpty else { return }
        if separates { writer.raw(",") }
        separates = true
        writer.text(section.rawValue)
        writer.raw(":{")
        writer.beginSection()
        var separatesEntries = false
        for isDistinct in [false, true] {
            for entity in entities where (entity.distinction != nil) == isDistinct {
                if separatesEntries { writer.raw(",") }
                separatesEntries = true
                entity.makeKey(in: &writer)
                writer.writeKey(isLowerCase: section.hasLowerCaseKeys, distinction: entity.distinction)
                entity.write(to: &writer)
            }
        }
        for entry in foreign {
            if separatesEntries { writer.raw(",") }
            separatesEntries = true
            writer.beginKey(entry.key)
            writer.writeKey(isLowerCase: false, distinction: nil)
            writer.raw(entry.json)
        }
        writer.raw("}")
    }
}
