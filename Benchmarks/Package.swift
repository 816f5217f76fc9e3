// swift-tools-version: 6.2
import PackageDescription

/// The settings of the library's own targets: what is measured is called as the library calls itself.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "swift-msal-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // The stores that are measured, and no framework.
        .package(name: "swift-msal", path: "..", traits: ["SQLite", "PostgreSQL"]),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "JWTBenchmark",
            dependencies: [
                .product(name: "MSALJWT", package: "swift-msal"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]
        ),
        // Takes the places of malloc and its kin, in C as they are.
        .target(name: "AllocationCounter"),
        .executableTarget(
            name: "CacheBenchmark",
            dependencies: [
                "AllocationCounter",
                .product(name: "MSALCore", package: "swift-msal"),
                .product(name: "MSALJWT", package: "swift-msal"),
                .product(name: "MSALPostgres", package: "swift-msal"),
                .product(name: "MSALSQLite", package: "swift-msal"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
    ]
)
