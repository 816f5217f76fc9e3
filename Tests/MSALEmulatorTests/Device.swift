// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// A program without a browser, and the requests it makes.
struct Device {
    static let client = "3e5a7c91-2b4d-4f60-8a1c-d3e5f7a9b1c4"
    static let endpoint = "/\(Harbour.tenant)/oauth2/v2.0/devicecode"
    static let telemetry = HTTPField.Name("x-ms-clitelem") ?? .cookie

    /// The built-in directory, whose public client is changed.
    static func seed(_ change: (inout EmulatorSeed.Application) -> Void) throws -> EmulatorSeed {
        var seed = EmulatorSeed.insurance
        let index = try #require(seed.applications.firstIndex { $0.clientID == client })
        change(&seed.applications[index])
        return seed
    }

    /// What the program keeps.
    let deviceCode: String
    /// What it shows.
    let userCode: String

    /// The form that asks for codes; nil takes a parameter out.
    static func request(_ changes: [String: String?] = [:]) -> [(String, String)] {
        var values = ["client_id": client, "scope": "User.Read openid profile offline_access"]
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }

    /// The form that asks for tokens; nil takes a parameter out.
    static func poll(_ device: Device, _ changes: [String: String?] = [:]) -> [(String, String)] {
        var values = [
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": client,
            "device_code": device.deviceCode, "client_info": "1",
        ]
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }
}

extension TestBrowser {
    /// A device that has its codes.
    func device(_ changes: [String: String?] = [:], at tenant: String = Harbour.tenant) async throws -> Device {
        let json = try await post("/\(tenant)/oauth2/v2.0/devicecode", Device.request(changes)).json
        return Device(
            deviceCode: try #require(json["device_code"]?.stringValue),
            userCode: try #require(json["user_code"]?.stringValue)
        )
    }

    /// The page after a code was typed.
    func type(_ code: String) async throws -> Page {
        try await submit(try await get("/devicelogin"), ["otc": code], action: "code")
    }

    /// The page that asks whether the device may have it.
    func confirmation(_ device: Device) async throws -> Page {
        let page = try await type(device.userCode)
        return try await signIn(page, as: Harbour.adjuster, password: "Adjuster-Pass-1")
    }

    /// Goes all the way.
    func approve(_ device: Device) async throws -> Page {
        try await submit(try await confirmation(device), [:], action: "approve")
    }
}
