// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Calls the functions by which an application provides what it proves itself with.
enum CredentialCallback {
    /// The answer of a callback.
    ///
    /// - Parameters:
    ///   - task: what the callback does, as the rest of a sentence.
    ///   - callback: the callback.
    /// - Returns: its answer.
    /// - Throws: `CancellationError` and ``AuthenticationError`` as they come; any other error lies under one with the code
    ///   `credentialUnavailable`.
    static func value<Value>(of task: String, _ callback: () async throws -> Value) async throws -> Value {
        do {
            return try await callback()
        } catch let error as CancellationError {
            throw error
        } catch let error as AuthenticationError {
            throw error
        } catch {
            throw AuthenticationError(
                .transient,
                .credentialUnavailable,
                "The application's callback that \(task) failed. What it threw is the underlying error.",
                underlying: error
            )
        }
    }
}
