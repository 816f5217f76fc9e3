// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The look of all pages.
enum StyleSheet {
    /// The style sheet: no fonts, images or colours from elsewhere, light and dark.
    static let text = """
        :root { color-scheme: light dark; --ink: #1b1f27; --soft: #565f6e; --paper: #fff; --line: #c3c9d4;
          --accent: #0b5cad; --accent-ink: #fff; --wash: #eef2f8; --bad: #b3261e; --tag: #7a4d00; --tag-wash: #fff1d6; }
        @media (prefers-color-scheme: dark) { :root { --ink: #eef1f6; --soft: #aab3c2; --paper: #1d222b; --line: #4a5362;
          --accent: #74b3f5; --accent-ink: #0a1a2b; --wash: #12161d; --bad: #ff9a90; --tag: #ffd89a; --tag-wash: #3a2d14; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; color: var(--ink);
          background: linear-gradient(160deg, var(--wash), var(--paper) 70%);
          font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        .card, .wide { background: var(--paper); width: 100%; padding: 2rem 1.5rem; }
        .card { max-width: 27.5rem; margin: auto auto 0; }
        .wide { max-width: 60rem; margin: 0 auto; }
        @media (min-width: 36rem) { .card { padding: 2.75rem; border-radius: .5rem; box-shadow: 0 2px 24px rgb(15 30 60 / 18%); } }
        @media (min-width: 62rem) { .wide { margin: 2rem auto; padding: 2.75rem; border-radius: .5rem;
          box-shadow: 0 2px 24px rgb(15 30 60 / 12%); } }
        .brand { display: flex; align-items: center; gap: .5rem; margin: 0 0 1rem; color: var(--soft); font-weight: 600; }
        .brand em { font-style: normal; font-size: .75rem; padding: .05rem .45rem; border-radius: 1rem; color: var(--tag);
          background: var(--tag-wash); }
        .mark { width: 1.25rem; height: 1.25rem; border-radius: 50%; border: .3rem solid var(--accent); position: relative; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .35rem; font-weight: 600; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; } h4 { margin: 0; }
        p { margin: .35rem 0; overflow-wrap: anywhere; }
        .sub, .hint, .uri { color: var(--soft); } .hint, .uri { font-size: .875rem; }
        .identity { font-weight: 500; border-left: .2rem solid var(--accent); padding-left: .5rem; }
        form { margin: 0; }
        label { display: block; margin: 1.25rem 0 .25rem; font-weight: 500; }
        input[type=email], input[type=password], input[type=text] { width: 100%; font: inherit; color: inherit; background: transparent;
          border: 1px solid var(--line); border-radius: .25rem; padding: .55rem .7rem; }
        input.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: .15em;
          text-transform: uppercase; }
        input[aria-invalid=true] { border-color: var(--bad); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .error { color: var(--bad); margin: 1rem 0 -.75rem; }
        .buttons { display: flex; flex-direction: row-reverse; gap: .6rem; margin-top: 1.5rem; }
        button { font: inherit; cursor: pointer; min-width: 6.5rem; min-height: 2.5rem; padding: .35rem 1rem; color: inherit;
          background: var(--wash); border: 1px solid var(--line); border-radius: .25rem; }
        button.primary { color: var(--accent-ink); background: var(--accent); border-color: var(--accent); font-weight: 600; }
        button:hover { filter: brightness(.95); }
        button.link { background: none; border: 0; padding: 0; margin-top: 1rem; min-height: 2rem; color: var(--accent);
          text-align: left; text-decoration: underline; overflow-wrap: anywhere; }
        .tiles { list-style: none; margin: 1.25rem -.5rem 0; padding: 0; }
        .tile { display: block; width: 100%; text-align: left; padding: .7rem .5rem; background: none; border: 0;
          border-bottom: 1px solid var(--line); border-radius: 0; }
        .tile:hover { background: var(--wash); }
        .tile span { display: block; overflow-wrap: anywhere; } .tile .upn { color: var(--soft); font-size: .875rem; }
        a { color: var(--accent); }
        code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        th { color: var(--soft); font-size: .875rem; font-weight: 500; }
        td code { white-space: nowrap; }
        @media (max-width: 36rem) { thead { position: absolute; left: -999rem; } tr { display: block; padding: .5rem 0;
          border-bottom: 1px solid var(--line); } td { display: block; border: 0; padding: .1rem 0; } }
        .badge { font-size: .75rem; padding: .1rem .45rem; border-radius: 1rem; background: var(--wash); color: var(--soft);
          white-space: nowrap; }
        .client { border: 1px solid var(--line); border-radius: .35rem; padding: .75rem 1rem; margin: .6rem 0; }
        .details dt { color: var(--soft); font-size: .875rem; margin-top: .6rem; }
        .details dd { margin: 0; overflow-wrap: anywhere; }
        footer { margin: 1.25rem auto auto; padding: 0 1.5rem 1.5rem; max-width: 30rem; text-align: center; font-size: .8125rem;
          color: var(--soft); }

        """
}
