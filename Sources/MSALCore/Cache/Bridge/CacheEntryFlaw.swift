// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Why an entry cannot be used, although it is JSON.
enum CacheEntryFlaw: Error {
    /// It is no object.
    case notAnObject
    /// It is of another kind than the section it stands in.
    case kind
    /// A field is missing or empty.
    case missing(CacheField)
    /// A field is no text.
    case notText(CacheField)
    /// A field is no time in seconds.
    case notTime(CacheField)
    /// What keeps a token apart from others cannot be read, so nobody can say whom it may be given to.
    case parameters(CacheField)

    /// The flaw, as the end of a sentence.
    var reason: String {
        switch self {
        case .notAnObject: "it is not an object"
        case .kind: "its 'credential_type' is another than its section's"
        case .missing(let field): "its '\(field.text)' is missing or empty"
        case .notText(let field): "its '\(field.text)' is not text"
        case .notTime(let field): "its '\(field.text)' is not a time in seconds"
        case .parameters(let field): "its '\(field.text)' cannot be understood"
        }
    }
}
