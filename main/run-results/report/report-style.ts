/** The look of a report: for screens of both themes and for paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --bg: #fff; --text: #161c22; --muted: #56626d; --line: #d5dbe1; --accent: #00737f; --faint: #8d98a3; }
@media (prefers-color-scheme: dark) { :root { --bg: #14181c; --text: #e8ecf0; --muted: #a9b4be; --line: #333c45; --accent: #35bcc8; --faint: #66727e; } }
@media print { :root { color-scheme: light; --bg: #fff; --text: #000; --muted: #444; --line: #bbb; --accent: #00737f; --faint: #888; } section { break-inside: avoid; } }
* { box-sizing: border-box; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem; background: var(--bg); color: var(--text); font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2.2rem 0 .6rem; font-size: 1.05rem; }
.state, .note, footer { color: var(--muted); } .note { font-size: .85rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .6rem; font-size: .85rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .4rem 2rem; margin: 0; }
dl div { display: flex; gap: .8rem; border-bottom: 1px solid var(--line); padding: .2rem 0; } dt { min-width: 6rem; color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; } th { color: var(--muted); font-weight: 500; }
svg { display: block; width: 100%; height: auto; margin: .4rem 0; } svg text { fill: var(--muted); font: 11px system-ui, sans-serif; }
.grid { stroke: var(--line); } .axis { stroke: var(--muted); } .steps { fill: none; stroke: var(--accent); stroke-width: 2; }
.dot { fill: var(--faint); fill-opacity: .75; } circle.best { fill: var(--accent); } .bar { fill: var(--accent); }
.line { fill: none; stroke: var(--faint); stroke-opacity: .35; } .line.best { stroke: var(--accent); stroke-opacity: .9; stroke-width: 1.6; }
`;
