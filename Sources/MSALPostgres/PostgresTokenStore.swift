// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CMSALPostgres
import MSALCore
import MSALWeb
