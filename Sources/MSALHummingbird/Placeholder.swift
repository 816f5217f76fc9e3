// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Stands in until the first file of this target.
enum Placeholder {}
