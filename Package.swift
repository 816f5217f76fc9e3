// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target: Swift 6, the upcoming features, and no warning left standing.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    // The hit path stays on its caller's executor: a hop costs a hundred times the look-up.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let inMemoryLogging: Target.Dependency = .product(name: "InMemoryLogging", package: "swift-log")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let inMemoryTracing: Target.Dependency = .product(name: "InMemoryTracing", package: "swift-distributed-tracing")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// A product that only some traits need.
func product(_ name: String, _ package: String, when trait: String) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: [trait]))
}

let package = Package(
    name: "swift-msal",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "MSALJWT", targets: ["MSALJWT"]),
        .library(name: "MSALCore", targets: ["MSALCore"]),
        .library(name: "MSALAsyncHTTPClient", targets: ["MSALAsyncHTTPClient"]),
        .library(name: "MSALSQLite", targets: ["MSALSQLite"]),
        .library(name: "MSALPostgres", targets: ["MSALPostgres"]),
        .library(name: "MSALWeb", targets: ["MSALWeb"]),
        .library(name: "MSALHummingbird", targets: ["MSALHummingbird"]),
        .library(name: "MSALEmulator", targets: ["MSALEmulator"]),
        .library(name: "MSALTesting", targets: ["MSALTesting"]),
        .executable(name: "msal", targets: ["MSALCommand"]),
        .executable(name: "insurance-portal", targets: ["InsurancePortal"]),
    ],
    traits: [
        .trait(name: "AsyncHTTPClient", description: "MSALAsyncHTTPClient: the HTTP transport on async-http-client."),
        .trait(name: "SQLite", description: "MSALSQLite: tokens and sessions in a SQLite file."),
        .trait(
            name: "PostgreSQL",
            description: "MSALPostgres: tokens and sessions in PostgreSQL; needs libpq's headers."
        ),
        .trait(name: "Hummingbird", description: "MSALHummingbird: sign-in for Hummingbird applications."),
        .trait(name: "Emulator", description: "MSALEmulator and MSALTesting: the platform on a laptop."),
        .trait(name: "Applications", description: "The msal tool and the example portal."),
        .default(
            enabledTraits: ["AsyncHTTPClient", "SQLite", "PostgreSQL", "Hummingbird", "Emulator", "Applications"]
        ),
    ],
    dependencies: [
        // Signatures, hashes, AES-GCM: the platform's own cryptography on macOS, BoringSSL on Linux.
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        // Certificates: the emulator's development CA.
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        // What keys and certificates are written in.
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        // The request and response types every server and client library shares.
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        // Logs go where the application sends its own.
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        // Sizes, evictions and outcomes go where the application sends its own figures.
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        // Spans of acquisitions, requests and stores lie among the application's own.
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.3"),
        // Settings from the environment and from files, with secrets marked as such.
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        // The HTTP client of the server ecosystem.
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        // Start-up and shutdown in order.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        // The web framework of the first integration, of the emulator and of the example.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        // Logic-less templates for pages.
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        // SQLite for the stores and the example.
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        // Command line parsing with help and completions.
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        // Documentation build.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0"),
    ],
    targets: [
        .target(name: "MSALJWT", dependencies: [crypto, cryptoExtras]),
        .target(
            name: "MSALCore",
            dependencies: [
                "MSALJWT", asn1, crypto, cryptoExtras, httpTypes, logging, metrics, tracing, configuration,
                serviceLifecycle,
            ]
        ),
        .target(
            name: "MSALSQLite",
            dependencies: [
                "MSALCore", "MSALWeb", logging, product("GRDB", "GRDB.swift", when: "SQLite"),
            ]
        ),
        // The C library of PostgreSQL, from the system.
        .systemLibrary(
            name: "CMSALPostgres",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(
            name: "MSALPostgres",
            dependencies: [
                "MSALCore", "MSALWeb", logging,
                .target(name: "CMSALPostgres", condition: .when(traits: ["PostgreSQL"])),
            ]
        ),
        .target(
            name: "MSALAsyncHTTPClient",
            dependencies: [
                "MSALCore", httpTypes,
                product("AsyncHTTPClient", "async-http-client", when: "AsyncHTTPClient"),
                product("NIOCore", "swift-nio", when: "AsyncHTTPClient"),
                product("NIOHTTP1", "swift-nio", when: "AsyncHTTPClient"),
                product("NIOPosix", "swift-nio", when: "AsyncHTTPClient"),
                product("NIOSSL", "swift-nio-ssl", when: "AsyncHTTPClient"),
                product("SwiftASN1", "swift-asn1", when: "AsyncHTTPClient"),
            ]
        ),
        .target(
            name: "MSALWeb",
            dependencies: ["MSALCore", "MSALJWT", crypto, httpTypes, logging, configuration]
        ),
        .target(
            name: "MSALHummingbird",
            dependencies: [
                "MSALCore", "MSALWeb", httpTypes, logging,
                product("Hummingbird", "hummingbird", when: "Hummingbird"),
                product("NIOCore", "swift-nio", when: "Hummingbird"),
            ]
        ),
        .target(
            name: "MSALEmulator",
            dependencies: [
                "MSALJWT", crypto, cryptoExtras, httpTypes, logging,
                product("Hummingbird", "hummingbird", when: "Emulator"),
                product("HummingbirdCore", "hummingbird", when: "Emulator"),
                product("HummingbirdTLS", "hummingbird", when: "Emulator"),
                product("Mustache", "swift-mustache", when: "Emulator"),
                product("NIOCore", "swift-nio", when: "Emulator"),
                product("NIOSSL", "swift-nio-ssl", when: "Emulator"),
                product("ServiceLifecycle", "swift-service-lifecycle", when: "Emulator"),
                product("SwiftASN1", "swift-asn1", when: "Emulator"),
                product("X509", "swift-certificates", when: "Emulator"),
            ]
        ),
        .target(
            name: "MSALTesting",
            dependencies: ["MSALCore", "MSALEmulator", "MSALWeb", crypto, httpTypes, logging]
        ),
        .executableTarget(
            name: "MSALCommand",
            dependencies: [
                "MSALAsyncHTTPClient", "MSALCore", "MSALEmulator", "MSALJWT", "MSALPostgres", "MSALSQLite", logging,
                product("ArgumentParser", "swift-argument-parser", when: "Applications"),
                product("ServiceLifecycle", "swift-service-lifecycle", when: "Applications"),
                product("UnixSignals", "swift-service-lifecycle", when: "Applications"),
            ]
        ),
        .executableTarget(
            name: "InsurancePortal",
            dependencies: [
                "MSALAsyncHTTPClient", "MSALCore", "MSALEmulator", "MSALHummingbird", "MSALJWT", "MSALPostgres",
                "MSALSQLite", "MSALWeb",
                configuration, httpTypes, logging,
                product("ArgumentParser", "swift-argument-parser", when: "Applications"),
                product("GRDB", "GRDB.swift", when: "Applications"),
                product("Hummingbird", "hummingbird", when: "Applications"),
                product("Mustache", "swift-mustache", when: "Applications"),
                product("NIOCore", "swift-nio", when: "Applications"),
                product("NIOPosix", "swift-nio", when: "Applications"),
                product("ServiceLifecycle", "swift-service-lifecycle", when: "Applications"),
                product("UnixSignals", "swift-service-lifecycle", when: "Applications"),
            ],
            resources: [.copy("Resources")]
        ),
        .testTarget(name: "MSALJWTTests", dependencies: ["MSALJWT", crypto]),
        .testTarget(
            name: "MSALCoreTests",
            dependencies: [
                "MSALCore", "MSALJWT", "MSALTesting", crypto, cryptoExtras, httpTypes, logging, inMemoryLogging,
                metrics,
                metricsTestKit, tracing, inMemoryTracing, configuration, serviceLifecycle,
            ],
            resources: [.copy("Vectors")]
        ),
        .testTarget(
            name: "MSALAsyncHTTPClientTests",
            dependencies: [
                "MSALAsyncHTTPClient", "MSALCore", "MSALEmulator", "MSALJWT", httpTypes,
                product("Hummingbird", "hummingbird", when: "Hummingbird"),
                product("HummingbirdCore", "hummingbird", when: "Hummingbird"),
                product("HummingbirdTesting", "hummingbird", when: "Hummingbird"),
                product("HummingbirdTLS", "hummingbird", when: "Hummingbird"),
                product("NIOCore", "swift-nio", when: "Hummingbird"),
                product("NIOSSL", "swift-nio-ssl", when: "Hummingbird"),
            ],
            resources: [.copy("Vectors")]
        ),
        // Writes to a store until it is killed; the tests of what a store has acknowledged run many of them.
        .executableTarget(
            name: "StoreWriter",
            dependencies: ["MSALCore", "MSALPostgres", "MSALSQLite"],
            path: "Tests/StoreWriter"
        ),
        .testTarget(
            name: "MSALSQLiteTests",
            dependencies: [
                "MSALCore", "MSALSQLite", "MSALTesting", "MSALWeb", logging,
                product("GRDB", "GRDB.swift", when: "SQLite"),
            ]
        ),
        .testTarget(
            name: "MSALPostgresTests",
            dependencies: ["MSALCore", "MSALPostgres", "MSALTesting", "MSALWeb", logging]
        ),
        // Doubles that the tests of the web layer and of its framework share; no product.
        .target(
            name: "WebTestSupport",
            dependencies: ["MSALCore", "MSALJWT", "MSALTesting", httpTypes, logging],
            path: "Tests/WebTestSupport"
        ),
        .testTarget(
            name: "MSALWebTests",
            dependencies: [
                "WebTestSupport", "MSALCore", "MSALJWT", "MSALTesting", "MSALWeb", httpTypes, logging,
                configuration,
            ]
        ),
        .testTarget(
            name: "MSALHummingbirdTests",
            dependencies: [
                "WebTestSupport",
                "MSALCore", "MSALHummingbird", "MSALJWT", "MSALTesting", "MSALWeb", httpTypes, logging,
                product("Hummingbird", "hummingbird", when: "Hummingbird"),
                product("HummingbirdTesting", "hummingbird", when: "Hummingbird"),
                product("NIOCore", "swift-nio", when: "Hummingbird"),
            ]
        ),
        .testTarget(
            name: "MSALEmulatorTests",
            dependencies: [
                "MSALEmulator", "MSALJWT", crypto, httpTypes, logging,
                product("SwiftASN1", "swift-asn1", when: "Emulator"),
                product("X509", "swift-certificates", when: "Emulator"),
            ]
        ),
        .testTarget(
            name: "InsurancePortalTests",
            dependencies: [
                "InsurancePortal", "MSALCore", "MSALTesting", "MSALWeb", configuration, httpTypes, logging,
                product("ArgumentParser", "swift-argument-parser", when: "Applications"),
                product("GRDB", "GRDB.swift", when: "Applications"),
                product("Hummingbird", "hummingbird", when: "Applications"),
                product("HummingbirdTesting", "hummingbird", when: "Applications"),
                product("NIOCore", "swift-nio", when: "Applications"),
            ]
        ),
        .testTarget(
            name: "MSALTestingTests",
            dependencies: ["MSALCore", "MSALTesting", "MSALWeb", httpTypes]
        ),
        .testTarget(
            name: "EndToEnd",
            dependencies: [
                "InsurancePortal", "MSALCore", "MSALEmulator", "MSALJWT", "MSALTesting",
                httpTypes, logging, inMemoryLogging, configuration,
                product("Hummingbird", "hummingbird", when: "Hummingbird"),
                product("HummingbirdTesting", "hummingbird", when: "Hummingbird"),
                product("NIOCore", "swift-nio", when: "Hummingbird"),
            ]
        ),
    ]
)

for target in package.targets where target.type != .plugin && target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
