/** Mermaid: its frame asks nobody, runs nothing but its own script, and leads nowhere. */
import type { Group, Payload } from "./payload";

const RUN = "pwned();parent.pwned()";
const AT = "https://hostile.example";

const fenced = (text: string): string => `\`\`\`mermaid\n${text}\n\`\`\``;
const init = (config: object, text: string): string => `%%{init: ${JSON.stringify(config)}}%%\n${text}`;
const LOOSE = { securityLevel: "loose", htmlLabels: true, flowchart: { htmlLabels: true } };
const FLOW = "flowchart TD\n  A[to go] --> B";

const diagrams = (texts: Readonly<Record<string, string>>, undrawn = false): Payload[] =>
  Object.entries(texts).map(([name, text]) => ({
    name,
    text: fenced(text),
    refused: /\bon\w+=/.test(text),
    undrawn,
  }));

export const DIAGRAMS: Group = {
  name: "diagrams",
  dear: true,
  payloads: [
    ...diagrams({
      "a click that runs": `${FLOW}\n  click A href "javascript:${RUN}"`,
      "a click that runs, in another case": `${FLOW}\n  click A "JaVaScRiPt:${RUN}" _blank`,
      "a click that calls": `${FLOW}\n  click A call pwned()`,
      "a click that calls back": `${FLOW}\n  click A pwned "tip"`,
      "a click of data": `${FLOW}\n  click A href "data:text/html,<script>${RUN}</script>"`,
      "HTML in a label": `flowchart TD\n  A["<img src=x onerror='${RUN}'><svg onload='${RUN}'>"]`,
      "HTML in a label by references": `flowchart TD\n  A["#lt;img src=x onerror=pwned()#gt; #60;script#62;"]`,
      "an iframe in a label": `flowchart TD\n  A["<iframe srcdoc='<script>${RUN}</script>'></iframe>"]`,
      "HTML on an edge": `flowchart TD\n  A -->|"<img src='${AT}/e.png' onerror=${RUN}>"| B`,
      "HTML in the name of a group": `flowchart TD\n  subgraph s["<a href='${AT}'>x</a>"]\n    A\n  end`,
      "an image by Markdown": `flowchart TD\n  A["\`![x](${AT}/md.png) **[y](javascript:${RUN})**\`"]`,
      "a directive that loosens": init(
        LOOSE,
        `flowchart TD\n  A["<img src=x onerror='${RUN}'>"]\n  click A call pwned()`,
      ),
      "a directive that reaches all objects": init(
        JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
        FLOW,
      ),
      "a directive with a sheet": init(
        { themeCSS: `@import url(${AT}/t.css); *{background:url(${AT}/b.png)}` },
        FLOW,
      ),
      "a directive with a colour that is more": init(
        { theme: "base", themeVariables: { primaryColor: `red;}*{background:url(${AT}/v.png)}` } },
        FLOW,
      ),
      "a directive with a font": init(
        { fontFamily: `x;}@font-face{font-family:x;src:url(${AT}/f.woff)}` },
        FLOW,
      ),
      "a directive that cleans otherwise": init(
        { dompurifyConfig: { ADD_TAGS: ["script", "iframe"], ADD_ATTR: ["onload"] } },
        `flowchart TD\n  A["<iframe onload=${RUN}>"]`,
      ),
      "front matter": `---\ntitle: "<img src=x onerror=pwned()>"\nconfig:\n  securityLevel: loose\n---\n${FLOW}`,
      "links of a class": `classDiagram\n  class A["<img src=x onerror=pwned()>"]\n  link A "javascript:${RUN}"\n  callback A "pwned"`,
      "a link of a task": `gantt\n  dateFormat YYYY-MM-DD\n  section <b onclick=pwned()>s\n  One :a1, 2026-01-01, 30d\n  click a1 href "javascript:${RUN}"`,
      "words of a pie": `pie title <script>${RUN}</script>\n  "<img src=x onerror=pwned()>" : 1\n  "__proto__" : 2`,
      "names of states": `stateDiagram-v2\n  state "<img src=x onerror=pwned()>" as s\n  [*] --> s\n  note right of s : <script>${RUN}</script>`,
      "names of commits": `gitGraph\n  commit id: "<img src=x onerror=pwned()>" tag: "javascript:pwned()"\n  branch __proto__`,
      "a formula in a label": `flowchart TD\n  A["$$\\\\href{javascript:${RUN}}{x}$$"]`,
      "an accessible title": `flowchart TD\n  accTitle: <img src=x onerror=pwned()> " onload="pwned()\n  A`,
      "a sheet of a node": `${FLOW}\n  style A fill:#f00,background-image:url`,
      "names of a sequence": `sequenceDiagram\n  participant A as <img src=x onerror=pwned()>\n  A->>A: hello`,
      "words of a sequence": `sequenceDiagram\n  participant A\n  A->>A: <img src=x onerror=pwned()><script>pwned()</script>`,
      "links of a sequence": `sequenceDiagram\n  participant A\n  links A: {"x": "javascript:pwned()", "y": "${AT}"}\n  A->>A: hello`,
      "a mind with HTML": `mindmap\n  root["<svg onload=pwned()>"]\n    constructor`,
      "a mind with an icon": `mindmap\n  root\n    one\n    ::icon(fa onload=pwned)`,
    }),
    ...diagrams(
      {
        "a style": `${FLOW}\n  style A fill:url(${AT}/s.svg#x),background:url(${AT}/s.png)`,
        "a class": `${FLOW}\n  classDef c fill:#fff,mask:url(${AT}/m.svg)\n  class A c`,
        "a style of lines": `${FLOW}\n  linkStyle 0 stroke:red,filter:url(${AT}/l.svg)`,
        "names and links of a sequence": `sequenceDiagram\n  participant A as <img src=x onerror=pwned()>\n  links A: {"x": "javascript:${RUN}", "y": "${AT}"}\n  A->>A: <script>${RUN}</script>`,
        "a mind": `mindmap\n  root["<svg onload=pwned()>"]\n    ::icon(fa fa-x" onload="pwned())\n    constructor`,
        "no diagram": `<script>${RUN}</script>`,
        "a diagram that is not closed": `flowchart TD\n  A["<img src=x onerror=pwned()>`,
      },
      true,
    ),
  ],
};
