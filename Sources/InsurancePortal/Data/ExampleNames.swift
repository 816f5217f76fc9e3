// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The words that invented people and places are made of.
enum ExampleNames {
    /// First names.
    static let first = [
        "Aisha", "Alasdair", "Amelia", "Anwen", "Arjun", "Beatrice", "Callum", "Carys", "Chidi", "Clara", "Daniel",
        "Deepa", "Eilidh", "Elliot", "Emeka", "Esme", "Farah", "Fergus", "Freya", "Gareth", "Grace", "Hamish", "Hana",
        "Harriet", "Hugo", "Imogen", "Iona", "Isaac", "Jasmine", "Joel", "Kasia", "Keir", "Leila", "Lewis", "Lowri",
        "Magnus", "Marcus", "Megan", "Milo", "Nadia", "Niamh", "Noor", "Oliver", "Omar", "Owen", "Petra", "Priya",
        "Rhys", "Rosa", "Ruairi", "Samira", "Sean", "Sofia", "Tamsin", "Thea", "Tomasz", "Vikram", "Wren", "Yusuf",
        "Zoe",
    ]

    /// Family names.
    static let last = [
        "Abbott", "Ahmed", "Baines", "Begum", "Bell", "Campbell", "Carver", "Chaudhry", "Clarke", "Davies", "Doyle",
        "Ellis", "Evans", "Fairweather", "Fraser", "Gill", "Greenwood", "Hale", "Hughes", "Hussain", "Innes", "Jenkins",
        "Kaur", "Kerr", "Kowalski", "Lloyd", "MacLeod", "Marsh", "Mensah", "Morgan", "Nowak", "Okonkwo", "Osei",
        "Parry",
        "Patel", "Penrose", "Pritchard", "Quinn", "Ramsay", "Reid", "Rowe", "Shah", "Sinclair", "Stone", "Tate",
        "Trevithick", "Underhill", "Vaughan", "Walsh", "Whitlock", "Wood", "Yates",
    ]

    /// Streets that every town has.
    static let streets = [
        "Quay Street", "Chapel Lane", "Station Road", "Mill Rise", "Victoria Terrace", "The Green", "Harbour View",
        "Church Walk", "Orchard Close", "Castle Street", "Bridge Road", "Fore Street", "Park Avenue", "Kiln Lane",
    ]

    /// The last two letters of postcodes.
    static let postcodeLetters = ["AB", "DF", "HJ", "LN", "PQ", "RS", "TW", "XY", "BD", "EG"]

    /// People who decided before.
    static let adjusters = ["Mira Okafor", "Tom Ashdown", "Sunita Rao", "Peter Ashworth"]

    /// Reasons for paying nothing.
    static let rejections = [
        "The damage happened before the policy began.", "Wear and tear is not covered by this policy.",
        "The amount is below your excess.", "We asked twice for receipts and did not receive them.",
        "This cause is excluded by section 4 of the policy.", "The loss was already paid by another insurer.",
    ]

    /// Towns of a region with the beginning of their postcode.
    static func towns(of region: Region) -> [(String, String)] {
        switch region {
        case .scotland: [("Oban", "PA34"), ("Leith", "EH6"), ("Stonehaven", "AB39"), ("Ayr", "KA7")]
        case .north: [("Whitby", "YO21"), ("Lancaster", "LA1"), ("Hexham", "NE46"), ("Halifax", "HX1")]
        case .midlands: [("Ludlow", "SY8"), ("Derby", "DE1"), ("Stamford", "PE9"), ("Coventry", "CV1")]
        case .wales: [("Tenby", "SA70"), ("Conwy", "LL32"), ("Penarth", "CF64"), ("Brecon", "LD3")]
        case .east: [("Aldeburgh", "IP15"), ("Cromer", "NR27"), ("Ely", "CB7"), ("Maldon", "CM9")]
        case .london: [("London", "SE10"), ("London", "E14"), ("London", "N1"), ("London", "SW18")]
        case .southEast: [("Whitstable", "CT5"), ("Lewes", "BN7"), ("Cowes", "PO31"), ("Reading", "RG1")]
        case .southWest: [("Falmouth", "TR11"), ("Salcombe", "TQ8"), ("Bristol", "BS8"), ("Lyme Regis", "DT7")]
        }
    }
}

extension ExampleData {
    /// The name of the customer that the emulator's customer account may see.
    static let demoCustomerName = "Mara Lindqvist"
}
