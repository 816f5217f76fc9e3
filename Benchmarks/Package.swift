// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "swift-msal-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Without traits: no framework is built for a measurement that needs none.
        .package(name: "swift-msal", path: "..", traits: []),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    ],
    targets: [
        .executableTarget(
            name: "JWTBenchmark",
            dependencies: [
                .product(name: "MSALJWT", package: "swift-msal"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]
        )
    ]
)
