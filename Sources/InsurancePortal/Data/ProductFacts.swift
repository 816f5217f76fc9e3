// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What the example data needs to know about a product; amounts in full pounds unless said otherwise.
struct ProductFacts: Sendable {
    /// The letter in policy numbers.
    let letter: String
    /// The share among policies.
    let weight: Int
    /// How often a policy picked by chance has a claim, in per cent.
    let claimsPerCent: Int
    /// The yearly premium.
    let premium: ClosedRange<Int>
    /// The most that is paid for a claim.
    let coverLimits: [Int]
    /// What the customer bears.
    let excesses: [Int]
    /// What is claimed, in pence.
    let claimed: ClosedRange<Int>
    /// What is insured.
    let insured: [String]
    /// What happens.
    let incidents: [(ClaimCause, String)]

    /// Products by their share among policies.
    static let weights: [(element: Product, weight: Int)] = Product.allCases.map { ($0, of($0).weight) }

    /// The facts of a product.
    static func of(_ product: Product) -> ProductFacts {
        switch product {
        case .motor: motor
        case .home: home
        case .travel: travel
        case .boat: boat
        case .business: business
        case .pet: pet
        }
    }

    /// Cars and vans.
    private static let motor = ProductFacts(
        letter: "M",
        weight: 32,
        claimsPerCent: 62,
        premium: 480...1_450,
        coverLimits: [20_000, 35_000, 50_000],
        excesses: [150, 250, 350],
        claimed: 15_000...362_000,
        insured: [
            "2021 Volvo V60", "2018 Ford Fiesta", "2023 Kia Niro EV", "2019 Skoda Octavia Estate", "2016 Toyota Yaris",
            "2022 Nissan Leaf", "2020 Vauxhall Corsa", "2017 Land Rover Discovery", "2024 MINI Cooper",
            "2015 Honda Jazz",
            "2019 Volkswagen Transporter", "2021 Dacia Duster",
        ],
        incidents: [
            (.accident, "Hit from behind while waiting at a roundabout. Rear bumper and boot lid are damaged."),
            (
                .accident,
                "Scraped along a bollard when leaving a multi-storey car park. Both near-side doors are dented."
            ),
            (.accident, "Slid on black ice into a garden wall. Front wing, headlight and wheel need replacing."),
            (.theft, "Rear window smashed overnight and a laptop bag taken. Crime reference to follow."),
            (.theft, "Catalytic converter cut off outside the station between eight and six."),
            (.weather, "A branch fell on the roof in the gale. Windscreen cracked, roof dented."),
            (.breakage, "A stone thrown up by a lorry cracked the windscreen right across."),
            (.liability, "Rolled back at traffic lights and touched the car behind. Their bonnet is dented."),
        ]
    )

    /// Houses, flats and what is in them.
    private static let home = ProductFacts(
        letter: "H",
        weight: 24,
        claimsPerCent: 24,
        premium: 340...940,
        coverLimits: [60_000, 120_000, 350_000],
        excesses: [100, 200, 300],
        claimed: 12_000...520_000,
        insured: [
            "Terraced house, 3 bedrooms", "Flat with balcony, 2 bedrooms", "Cottage, 2 bedrooms", "Semi-detached house",
            "Bungalow with garage", "Converted boathouse", "Contents of a rented flat", "Farmhouse with outbuildings",
        ],
        incidents: [
            (.water, "A pipe burst behind the bath. Water came through the kitchen ceiling and ruined the floor."),
            (.water, "The washing machine hose gave way while we were out. Hall carpet and skirting are soaked."),
            (.weather, "Storm took about forty slates off the roof and rain came into the loft."),
            (.weather, "The river came over the bank. Twenty centimetres of water on the ground floor."),
            (.fire, "A pan caught fire. Cooker, extractor and two wall units are burnt, smoke in every room."),
            (.theft, "Back door forced while we were away. Television, two bicycles and jewellery are missing."),
            (.breakage, "A football went through the double glazing of the conservatory."),
        ]
    )

    /// Journeys.
    private static let travel = ProductFacts(
        letter: "T",
        weight: 16,
        claimsPerCent: 22,
        premium: 95...260,
        coverLimits: [5_000, 10_000],
        excesses: [50, 75, 100],
        claimed: 6_000...190_000,
        insured: [
            "Annual worldwide, family", "Annual Europe, couple", "Annual Europe, single", "Backpacker, 12 months",
        ],
        incidents: [
            (.cancellation, "Flight cancelled the evening before. Two nights of hotel could not be refunded."),
            (.cancellation, "Had to cancel a week's holiday because my mother was taken into hospital."),
            (.illness, "Broke a wrist on a hiking path. Clinic, X-ray and a taxi to the airport."),
            (.illness, "Food poisoning, one night in hospital on a drip."),
            (.theft, "Rucksack taken on the night train with camera and passport. Police report attached."),
            (.other, "Suitcase never arrived. The airline gave it up after three weeks."),
        ]
    )

    /// Boats, the oldest line of the house.
    private static let boat = ProductFacts(
        letter: "B",
        weight: 12,
        claimsPerCent: 30,
        premium: 310...1_420,
        coverLimits: [15_000, 40_000, 90_000],
        excesses: [250, 400, 500],
        claimed: 25_000...610_000,
        insured: [
            "Westerly Centaur 26, “Curlew”", "Drascombe Lugger, “Sandpiper”", "Hallberg-Rassy 31, “Meridian”",
            "Cornish Crabber 24, “Tern”", "Narrowboat 57 ft, “Slow Progress”", "Rigid inflatable, 6 m",
            "Sadler 29, “Isla”",
        ],
        incidents: [
            (.weather, "Mooring chain parted in the gale and she went onto the rocks. Hull scored, rudder bent."),
            (.accident, "Touched the pontoon hard when the engine failed to go astern. Bow roller and pulpit bent."),
            (.accident, "Ran onto an unmarked bar at low water. Keel bolts need to be looked at."),
            (.theft, "Outboard cut from its bracket over the winter. Serial number on the invoice."),
            (.breakage, "Forestay failed in a swell, mast came down. No one hurt."),
            (.liability, "Dragged our anchor onto a neighbour. Their guard rail and solar panel are broken."),
        ]
    )

    /// Shops, workshops, studios.
    private static let business = ProductFacts(
        letter: "S",
        weight: 9,
        claimsPerCent: 58,
        premium: 1_400...4_600,
        coverLimits: [50_000, 150_000, 500_000],
        excesses: [500, 750, 1_000],
        claimed: 30_000...800_000,
        insured: [
            "Bakery, 6 employees", "Bicycle workshop", "Dental practice", "Fish restaurant, 40 seats",
            "Joinery, 9 employees",
            "Design studio", "Garden centre", "Bookshop with café", "Chandlery",
        ],
        incidents: [
            (.fire, "Extractor fire after closing. Kitchen shut for nine days, equipment and stock lost."),
            (.water, "Sprinkler head failed over the stock room. Paper goods on two racks are ruined."),
            (.theft, "Break-in on Sunday night through the yard. Tools and a cash box are missing."),
            (.liability, "A customer slipped on the wet entrance and broke an arm. Their solicitor has written."),
            (.breakage, "The oven's control unit failed. Three days without production."),
            (.weather, "Storm tore the sign off and through the shop window."),
        ]
    )

    /// Dogs and cats.
    private static let pet = ProductFacts(
        letter: "P",
        weight: 7,
        claimsPerCent: 34,
        premium: 190...460,
        coverLimits: [4_000, 7_500, 12_000],
        excesses: [75, 95, 120],
        claimed: 7_000...220_000,
        insured: [
            "Bramble, border collie", "Otto, dachshund", "Mabel, cat", "Skipper, labrador", "Juno, whippet",
            "Pepper, cat",
        ],
        incidents: [
            (.illness, "Ate a sock. X-ray, an operation and two nights at the vet's."),
            (.illness, "Limping since Saturday. The vet found a torn ligament."),
            (.accident, "Hit by a car, broken pelvis. Emergency clinic overnight."),
            (.illness, "Dental abscess, two teeth out under anaesthetic."),
        ]
    )
}
