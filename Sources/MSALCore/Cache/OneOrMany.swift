// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A list that nearly always holds one element, which then lies in the list itself: no memory of its own, no look into it.
struct OneOrMany<Element> {
    /// Where the elements lie.
    fileprivate enum Storage {
        case none
        case one(Element)
        case many([Element])
    }

    fileprivate var storage = Storage.none

    /// An empty list.
    init() {}

    /// The first element that meets a condition; none of the others is copied for the answer.
    func first(thatIs condition: (Element) -> Bool) -> Element? {
        switch storage {
        case .none: nil
        case .one(let element): condition(element) ? element : nil
        case .many(let elements):
            elements.withUnsafeBufferPointer { elements in
                for place in elements.indices where condition(elements[place]) { return elements[place] }
                return nil
            }
        }
    }

    /// The elements in an array, which is taken out so that it is changed without being copied.
    private mutating func take() -> [Element] {
        defer { storage = .none }
        switch storage {
        case .none: return []
        case .one(let element): return [element]
        case .many(let elements): return elements
        }
    }
}

extension OneOrMany: Sendable where Element: Sendable {}
extension OneOrMany.Storage: Sendable where Element: Sendable {}

extension OneOrMany: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
    /// Always zero.
    var startIndex: Int { 0 }

    /// How many elements there are.
    var endIndex: Int {
        switch storage {
        case .none: 0
        case .one: 1
        case .many(let elements): elements.count
        }
    }

    /// An element by its place, which must be one.
    subscript(place: Int) -> Element {
        get {
            switch storage {
            case .one(let element) where place == 0: element
            case .many(let elements): elements[place]
            case .none, .one: preconditionFailure("A list of \(count) has no place \(place).")
            }
        }
        set {
            replaceSubrange(place..<place + 1, with: CollectionOfOne(newValue))
        }
    }

    mutating func replaceSubrange(_ range: Range<Int>, with elements: some Collection<Element>) {
        var all = take()
        all.replaceSubrange(range, with: elements)
        if all.count > 1 {
            storage = .many(all)
        } else if let element = all.first {
            storage = .one(element)
        }
    }

    mutating func append(_ element: Element) {
        if case .none = storage {
            storage = .one(element)
        } else {
            var all = take()
            all.append(element)
            storage = .many(all)
        }
    }
}
