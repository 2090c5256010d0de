namespace YoloTune.Runs.Reports;

/// <summary>The style of a report: for narrow and wide screens, light and dark, and paper. It has no character that XML escapes.</summary>
internal static class ReportStyle
{
    public const string Text = """
        :root { color-scheme: light dark; --bg: #ffffff; --card: #f5f6f8; --ink: #1b1f24; --soft: #5b6470; --rule: #d9dde3;
          --good: 31 163 74;
          --c0: #1668c7; --c1: #d9480f; --c2: #1a8f4c; --c3: #a13bb0; --c4: #b07a00; --c5: #0f8a94; --c6: #c02653; --c7: #5b6470; }
        @media (prefers-color-scheme: dark) { :root { --bg: #14171b; --card: #1f242b; --ink: #e8eaed; --soft: #a3acb8; --rule: #39414b;
          --good: 60 190 105;
          --c0: #6cb0ff; --c1: #ff8a50; --c2: #59d185; --c3: #d68be2; --c4: #e6b93c; --c5: #4fcbd6; --c6: #ff7a9f; --c7: #a3acb8; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1360px; padding: 1rem; background: var(--bg); color: var(--ink);
          font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: .2rem 0; }
        h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; border-bottom: 1px solid var(--rule); }
        h3 { font-size: 1rem; margin: 1rem 0 .4rem; } p { margin: .3rem 0; } .soft { color: var(--soft); }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: .6rem; margin: 1rem 0; }
        .card { background: var(--card); border-radius: 8px; padding: .5rem .75rem; } .card b { display: block; font-size: 1.25rem; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 1rem; }
        figure { margin: 0; } figcaption { font-size: .9rem; }
        .chart { background: var(--card); border-radius: 8px; padding: .6rem; max-width: 660px; }
        .chart figcaption { font-weight: 600; } svg { display: block; width: 100%; height: auto; }
        .grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
        .tick { fill: var(--soft); font-size: 11px; } .mark { fill: var(--soft); font-size: 10.5px; }
        .b { fill: var(--c2); font-weight: 600; }
        .stage { stroke: var(--soft); stroke-dasharray: 3 4; } .best { stroke: var(--c2); stroke-width: 1.5; }
        .l { fill: none; stroke-width: 2; stroke-linejoin: round; } .l.d { stroke-dasharray: 6 4; stroke-width: 1.6; }
        .c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); }
        .c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); } .c6 { stroke: var(--c6); } .c7 { stroke: var(--c7); }
        .p.c0 { fill: var(--c0); } .p.c1 { fill: var(--c1); } .p.c2 { fill: var(--c2); } .p.c3 { fill: var(--c3); }
        .p.c4 { fill: var(--c4); } .p.c5 { fill: var(--c5); } .p.c6 { fill: var(--c6); } .p.c7 { fill: var(--c7); }
        .legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .82rem; color: var(--soft); }
        .legend i { display: inline-block; width: 20px; height: 0; border-top: 3px solid currentColor; margin-right: .35rem;
          vertical-align: middle; }
        .legend i.d { border-top-style: dashed; border-top-width: 2px; }
        i.c0 { color: var(--c0); } i.c1 { color: var(--c1); } i.c2 { color: var(--c2); } i.c3 { color: var(--c3); }
        i.c4 { color: var(--c4); } i.c5 { color: var(--c5); } i.c6 { color: var(--c6); } i.c7 { color: var(--c7); }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; }
        th, td { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: normal; }
        th { color: var(--soft); font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.wide { overflow-wrap: anywhere; } .matrix td { text-align: right; }
        .matrix th { max-width: 9rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .matrix td.right { background: rgb(var(--good) / var(--a)); } .matrix td.wrong { background: rgb(224 36 43 / var(--a)); }
        .images { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); gap: 1rem; }
        .images img { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--card); }
        .swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .3em; }
        details summary { cursor: pointer; color: var(--soft); } code { font-size: .85em; }
        @media print { body { max-width: none; } .chart, .images figure { break-inside: avoid; } }
        """;
}
