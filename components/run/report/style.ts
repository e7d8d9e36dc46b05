/**
 * The page's style. Colours of data are Okabe and Ito's, which colour-blind people can tell apart (jfly.uni-koeln.de/color), lighter in the dark; text has
 * a contrast of at least 4.5 to its ground in both schemes.
 */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --card: #ffffff; --text: #1c2126; --faint: #5b646e; --rule: #e6e8ea; --axis: #b9c0c7; --code: #f2f4f5;
  --blue: #0072b2; --orange: #d98200; --purple: #a3487d; --vermilion: #c84f00; --green: #00815f; --bound: #5b646e;
  --pass: #00694d; --pass-ground: #e3f4ee; --fail: #a83a00; --fail-ground: #fdebe1; --invalid: #7a5200; --invalid-ground: #fdf3d7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --card: #1b1f23; --text: #e6e9ec; --faint: #9aa5b0; --rule: #2b3137; --axis: #4a535c; --code: #242a2f;
    --blue: #56b4e9; --orange: #f0ab2e; --purple: #dd94bd; --vermilion: #f2813f; --green: #2bc096; --bound: #9aa5b0;
    --pass: #4bd6ac; --pass-ground: #12332a; --fail: #ff9d66; --fail-ground: #3d2014; --invalid: #f3c55c; --invalid-ground: #372c10;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 40px 32px 56px; }
h1, h2, h3, p, dl, dd, figure, ul { margin: 0; }
h1 { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { font-size: 18px; font-weight: 650; letter-spacing: -0.005em; }
h3 { font-size: 14px; font-weight: 600; }
section { margin-top: 40px; }
code, pre { font: 0.9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.overline { color: var(--faint); font-size: 13px; letter-spacing: 0.04em; margin-bottom: 4px; }
.facts { color: var(--faint); margin-top: 6px; }
.facts span + span::before { content: "\\00b7"; margin: 0 8px; }
.note, .empty { color: var(--faint); font-size: 14px; margin-top: 2px; }
.faint { color: var(--faint); }
.verdict { display: flex; gap: 24px; align-items: flex-start; margin-top: 24px; padding: 20px 24px; border-radius: 10px; }
.badge { flex: none; font-size: 24px; line-height: 1.25; font-weight: 700; }
.meaning { font-weight: 600; line-height: 30px; }
.verdict ul { padding: 0; list-style: none; overflow-wrap: anywhere; }
.verdict li { margin-top: 6px; max-width: 105ch; }
.verdict li::first-letter, .cause td::first-letter { text-transform: uppercase; }
.pass .verdict { background: var(--pass-ground); } .pass .badge, .mark.pass { color: var(--pass); }
.fail .verdict { background: var(--fail-ground); } .fail .badge, .mark.fail { color: var(--fail); }
.invalid .verdict { background: var(--invalid-ground); } .invalid .badge, .mark.invalid { color: var(--invalid); }
.mark { font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(8, 1fr); background: var(--card); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.tiles div { padding: 14px 16px; box-shadow: 1px 1px 0 0 var(--rule); }
.tiles dt { color: var(--faint); font-size: 13px; }
.tiles dd { font-size: 21px; font-weight: 600; letter-spacing: -0.01em; white-space: nowrap; font-variant-numeric: tabular-nums; }
section[aria-label] { margin-top: 20px; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; margin-top: 14px; }
.panel { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 14px 8px; min-width: 0; break-inside: avoid; }
.panel figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; padding: 0 4px 4px; }
.panel h3 { margin-right: auto; }
.panel svg { display: block; width: 100%; height: auto; font-variant-numeric: tabular-nums; }
.key { color: var(--faint); font-size: 13px; }
.key i { display: inline-block; width: 18px; margin-right: 6px; vertical-align: middle; }
.narrow { display: none; }
.scroll { overflow-x: auto; margin-top: 14px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 9px 14px; text-align: left; vertical-align: baseline; white-space: nowrap; }
th { color: var(--faint); font-size: 13px; font-weight: 500; }
tbody tr { border-top: 1px solid var(--rule); }
.number { text-align: right; }
tr.cause { border-top: 0; }
tr.cause td { padding-top: 0; white-space: normal; color: var(--fail); }
.subject { display: grid; grid-template-columns: 1fr 1fr; column-gap: 40px; margin-top: 10px; }
.subject div { display: grid; grid-template-columns: 130px 1fr; padding: 7px 0; border-bottom: 1px solid var(--rule); font-size: 14px; }
.subject dt { color: var(--faint); }
.subject dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
details { margin-top: 12px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
summary { padding: 10px 14px; cursor: pointer; font-size: 14px; }
summary:focus-visible { outline: 2px solid var(--blue); border-radius: 10px; }
pre { margin: 0; padding: 12px 14px; background: var(--code); overflow-x: auto; border-radius: 0 0 10px 10px; font-size: 13px; }
a { color: var(--blue); }
footer { margin-top: 48px; color: var(--faint); font-size: 13px; }
@media (max-width: 1100px) { .tiles { grid-template-columns: repeat(4, 1fr); } }
@media (max-width: 820px) { .charts, .subject { grid-template-columns: 1fr; } }
@media (max-width: 520px) {
  main { padding: 20px 16px 40px; }
  h1 { font-size: 23px; }
  .verdict { flex-direction: column; gap: 4px; padding: 16px; }
  .meaning { line-height: 1.5; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .wide { display: none; } .narrow { display: block; }
  .subject div { grid-template-columns: 110px 1fr; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; }
  body { font-size: 11pt; }
  main { padding: 0; max-width: none; }
  section, .panel, tr, .verdict { break-inside: avoid; }
  h2 { break-after: avoid; }
  .scroll { overflow: visible; }
  th, td { padding: 5px 8px; white-space: normal; }
  .verdict, .tiles, .panel { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
