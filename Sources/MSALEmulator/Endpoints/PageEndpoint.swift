// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// The pages that belong to no protocol.
struct PageEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// `GET /`: what this is, and what is in it.
    func start(_ incoming: Incoming) -> Answer {
        StartPage(platform.seed, directory: platform.directory, base: incoming.base).answer(postingTo: nil)
    }

    /// `GET /error?code=n`: what a number means.
    func error(_ incoming: Incoming) -> Answer {
        let code = incoming.query["code"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return CodePage(code: code.map { "AADSTS\($0)" }, meaning: code.flatMap { ErrorCatalogue.meanings[$0] })
            .answer(postingTo: nil)
    }

    /// `GET /healthz`: whether it is there.
    func health(_ incoming: Incoming) -> Answer {
        Answer.json(OrderedJSON(["status": "ok"])).notStored()
    }

    /// The style sheet of all pages.
    func styleSheet(_ incoming: Incoming) -> Answer {
        .text(StyleSheet.text, type: "text/css; charset=utf-8").adding([.cacheControl: "max-age=300"])
    }

    /// The script that posts an answer without a click.
    func script(_ incoming: Incoming) -> Answer {
        .text(FormPostPage.script, type: "text/javascript; charset=utf-8").adding([.cacheControl: "max-age=300"])
    }

    /// No such place.
    func notFound(_ incoming: Incoming) -> Answer {
        guard incoming.headers[.accept]?.contains("text/html") == true else {
            return Answer.json(
                OrderedJSON([
                    "error": "not_found",
                    "error_description": .string(
                        "There is no such endpoint in this emulator, or not for this method. \(incoming.base)/ lists "
                            + "what is there."
                    ),
                ]),
                status: .notFound
            )
        }
        return ErrorPage(
            title: "There is nothing here",
            text: "This emulator has no such page. The start page lists what is there.",
            details: []
        )
        .answer(postingTo: nil, status: .notFound)
    }
}
