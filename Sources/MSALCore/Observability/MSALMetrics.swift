// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// One metric of the library: what a dashboard or a view has to know of it.
public struct MSALMetric: Sendable, Hashable {
    /// Its name.
    public let name: String

    /// What it is to swift-metrics.
    public let kind: Kind

    /// In what it counts.
    public let unit: Unit

    /// The tags that it comes with, always all of them and in this order.
    public let tags: [Tag]

    /// The metric of MSAL.NET that tells the same; nil where there is none.
    public let counterpart: String?

    /// What a metric is to swift-metrics.
    @nonexhaustive
    public enum Kind: String, Sendable, Hashable {
        /// Goes up alone.
        case counter
        /// Is what it was last.
        case gauge
        /// Lengths of time.
        case timer
    }

    /// In what a metric counts.
    @nonexhaustive
    public enum Unit: String, Sendable, Hashable {
        /// Calls of the application.
        case calls
        /// Users and tenants.
        case partitions
        /// Bytes of memory.
        case bytes
        /// Entries of a cache or a store.
        case entries
        /// Lines of a file.
        case lines
        /// Time; a system shows it in its own unit.
        case time
    }

    /// What tells the values of a metric apart.
    ///
    /// Each has a handful of values, none of which a caller can choose.
    @nonexhaustive
    public enum Tag: String, Sendable, Hashable {
        /// The application, by its client ID.
        case clientID = "client_id"
        /// What was asked for: `client`, `silent`, `onBehalfOf`, `authorizationCode` and so on.
        case api
        /// Where the token came from: `cache` or `identityProvider`; `none` for a failure.
        case source
        /// Why the provider was asked, as ``AuthenticationResult/RefreshReason`` names it; `none` where it was not.
        case refreshReason = "refresh_reason"
        /// How it went.
        case outcome
        /// The error's ``AuthenticationError/Kind-swift.enum``; `other` for an error of somebody else's.
        case errorKind = "error_kind"
        /// The error's ``AuthenticationError/Code-swift.enum``; `other` for an error of somebody else's.
        case errorCode = "error_code"
        /// The provider's `error` where OAuth or the platform defines it; `other` for a word of its own, `none` without.
        case serverError = "server_error"
        /// The first AADSTS number where it is one that the library explains; `other` or `none` else.
        case aadsts
        /// The HTTP status; `none` where there was no answer.
        case status
        /// The HTTP method.
        case method
        /// What a store was asked for: `read`, `write`, `list`, `sweep`, `takeLease` or `releaseLease`.
        case operation
    }
}

/// Every metric of the library, so that dashboards, views and alerts need not guess at names.
public enum MSALMetrics {
    /// Tokens that were handed out, hits of the cache among them; these come in batches.
    public static let success = MSALMetric(
        name: "msal.acquire.success",
        kind: .counter,
        unit: .calls,
        tags: [.clientID, .api, .source, .refreshReason],
        counterpart: "MsalSuccess"
    )

    /// Calls that threw.
    public static let failure = MSALMetric(
        name: "msal.acquire.failure",
        kind: .counter,
        unit: .calls,
        tags: [.clientID, .api, .errorKind, .errorCode, .serverError, .aadsts, .status],
        counterpart: "MsalFailure"
    )

    /// How long calls took, failures too; of the hits a sample.
    public static let duration = MSALMetric(
        name: "msal.acquire.duration",
        kind: .timer,
        unit: .time,
        tags: [.clientID, .api, .source, .outcome],
        counterpart: "MsalTotalDurationV2"
    )

    /// How long calls looked into memory and the store, and waited for others that renewed the same; of the hits a sample.
    public static let cacheDuration = MSALMetric(
        name: "msal.acquire.cache_duration",
        kind: .timer,
        unit: .time,
        tags: [.clientID, .api, .source],
        counterpart: "MsalDurationInL1CacheInUs"
    )

    /// How long calls that asked the provider spent with it.
    public static let httpDuration = MSALMetric(
        name: "msal.acquire.http_duration",
        kind: .timer,
        unit: .time,
        tags: [.clientID, .api],
        counterpart: "MsalDurationInHttpV2"
    )

    /// How long tokens are good for when they are handed out; of the hits a sample.
    public static let remainingLifetime = MSALMetric(
        name: "msal.acquire.remaining_lifetime",
        kind: .timer,
        unit: .time,
        tags: [.clientID, .api, .source],
        counterpart: "MsalRemainingTokenLifetime"
    )

    /// How long single requests took; a second try is one of its own.
    public static let requestDuration = MSALMetric(
        name: "msal.http.duration",
        kind: .timer,
        unit: .time,
        tags: [.clientID, .method, .status],
        counterpart: nil
    )

    /// How long the token store took for one operation.
    public static let storeDuration = MSALMetric(
        name: "msal.store.duration",
        kind: .timer,
        unit: .time,
        tags: [.clientID, .operation, .outcome],
        counterpart: "MsalDurationInL2Cache"
    )

    /// Renewals ahead of a token's end.
    public static let backgroundRefreshes = MSALMetric(
        name: "msal.background_refreshes",
        kind: .counter,
        unit: .calls,
        tags: [.clientID, .outcome],
        counterpart: nil
    )

    /// Users and tenants in memory.
    public static let partitions = MSALMetric(
        name: "msal.cache.partitions",
        kind: .gauge,
        unit: .partitions,
        tags: [.clientID],
        counterpart: nil
    )

    /// About how many bytes they take.
    public static let bytes = MSALMetric(
        name: "msal.cache.bytes",
        kind: .gauge,
        unit: .bytes,
        tags: [.clientID],
        counterpart: nil
    )

    /// How often something left memory because a limit was reached.
    public static let evictions = MSALMetric(
        name: "msal.cache.evictions",
        kind: .counter,
        unit: .entries,
        tags: [.clientID],
        counterpart: nil
    )

    /// How often a store did not answer.
    public static let storeFailures = MSALMetric(
        name: "msal.store.failures",
        kind: .counter,
        unit: .calls,
        tags: [.clientID],
        counterpart: nil
    )

    /// Entries of a store that did not open or could not be read.
    public static let rejectedEntries = MSALMetric(
        name: "msal.store.rejected_entries",
        kind: .counter,
        unit: .entries,
        tags: [.clientID],
        counterpart: nil
    )

    /// Lines of token files that were skipped or missing.
    public static let damagedLines = MSALMetric(
        name: "msal.store.damaged_lines",
        kind: .counter,
        unit: .lines,
        tags: [],
        counterpart: nil
    )

    /// All of them.
    public static let all = [
        success, failure, duration, cacheDuration, httpDuration, remainingLifetime, requestDuration, storeDuration,
        backgroundRefreshes, partitions, bytes, evictions, storeFailures, rejectedEntries, damagedLines,
    ]
}
