/** Code: whatever is in it or said of it, it is shown, in the order in which it is. */
import { type Group, type Payload, times } from "./payload";

const fenced = (info: string, code: string): string => `\`\`\`${info}\n${code}\n\`\`\``;
const shown = (name: string, info: string, code: string): Payload => ({
  name,
  text: fenced(info, code),
  shows: code,
});

export const CODE: Group = {
  name: "code",
  payloads: [
    shown("a script in HTML", "html", "<script>pwned()</script><img src=x onerror=pwned()>"),
    shown("a drawing", "svg", "<svg onload=pwned()><script>pwned()</script></svg>"),
    shown("a script in a script", "js", 'document.write("<script>pwned()</" + "script>");'),
    shown(
      "a style",
      "css",
      "@import url(https://hostile.example/s.css); p { background: url(//hostile.example/b) }",
    ),
    shown("a language in a language", "xml", "<script>alert(`${pwned()}`)</script><style>p{}</style>"),
    shown("PHP in HTML", "php", "<?php echo '<script>pwned()</script>' ?><b onclick=pwned()>"),
    shown("HTML as a language", "<img/src=x/onerror=pwned()>", "let a;"),
    shown("an attribute as a language", '"onmouseover="pwned()', "let a;"),
    shown("a class as a language", "veil notice offscreen", "let a;"),
    shown("attributes of a language", "js {style=position:fixed} onclick=pwned()", "let a = 1;"),
    shown("a path as a language", "../../../etc/passwd", "let a;"),
    shown("an address as a language", "https://hostile.example/x.js", "let a;"),
    shown("a language that is a member of all objects", "constructor", "let a;"),
    shown("a language that is the parent of all objects", "__proto__", "let a;"),
    shown("a language that is a method", "toString", "let a;"),
    shown("a long name of a language", times("x", 3_000), "let a;"),
    {
      name: "a fence in a fence",
      text: fenced("md", "~~~html\n<script>pwned()</script>\n~~~"),
      shows: "~~~html",
    },
    {
      name: "a fence that stays open",
      text: "```html\n<script>pwned()</script>",
      shows: "<script>pwned()</script>",
    },
    {
      name: "a fence of waves that stays open",
      text: "~~~\n<img src=x onerror=pwned()>\n```",
      shows: "<img",
    },
    {
      name: "a fence that closes in a quotation",
      text: "> ```\n> a\n<script>pwned()</script>\n> ```",
      shows: "pwned()",
    },
    { name: "indented", text: "    <script>pwned()</script>", shows: "<script>pwned()</script>" },
    { name: "in a line", text: "`<script>pwned()</script>`", shows: "<script>pwned()</script>" },
    { name: "in a line with back-ticks", text: "`` `<img src=x onerror=pwned()>` ``", shows: "<img" },
    { name: "in a line that stays open", text: "`<img src=x onerror=pwned()>", shows: "<img" },
  ],
};

/** Characters that change the order in which others are read, written so that they can be seen here. */
const RLO = "\u202e";
const LRO = "\u202d";
const RLI = "\u2067";
const LRI = "\u2066";
const PDI = "\u2069";
const EVIL = "https://hostile.example/";

/** The tricks of the bidirectional algorithm. Where the host of a link is told it reads from left to right. */
export const DIRECTION: Group = {
  name: "direction",
  payloads: [
    { name: "an override in words", text: `a ${RLO}cod.exe`, shows: `${RLO}cod.exe` },
    { name: "an override that is never ended", text: `# ${RLO}x\n\nNext paragraph`, shows: "Next paragraph" },
    { name: "many that are never ended", text: times(RLO + LRO, 200), shows: RLO },
    { name: "an override before a link", text: `${RLO}[go](${EVIL})`, links: [EVIL] },
    { name: "an override in a link", text: `[moc.knab${RLO}](${EVIL})`, links: [EVIL] },
    { name: "an isolate that a link leaves open", text: `[go${RLI}](${EVIL}) to the bank`, links: [EVIL] },
    { name: "an isolate that a link ends", text: `${RLI}[go${PDI}](${EVIL})`, links: [EVIL] },
    {
      name: "an override in an address",
      text: `[go](${EVIL}${RLO}fdp.exe)`,
      links: [`${EVIL}%E2%80%AEfdp.exe`],
    },
    {
      name: "an override in an address in the open",
      text: `see ${EVIL}${RLO}fdp.exe now`,
      links: [`${EVIL}%E2%80%AEfdp.exe`],
    },
    { name: "Hebrew before the host", text: `[שלום](${EVIL})`, links: [EVIL] },
    { name: "Arabic around a link", text: `مرحبا [go](${EVIL}) 123 مرحبا`, links: [EVIL] },
    { name: "an override in an image's words", text: `![${RLO}gpj](${EVIL}i.png)`, links: [`${EVIL}i.png`] },
    {
      name: "code that reads otherwise (Trojan Source)",
      text: fenced("c", `/*${RLO} } ${LRI}if (isAdmin)${PDI} ${LRI} begin admins only */`),
      shows: "isAdmin",
    },
    {
      name: "a string that seems to end",
      text: fenced("js", `if (level !== "user${RLO} ${LRI}// Check if admin${PDI} ${LRI}") {}`),
      shows: "Check if admin",
    },
    {
      name: "an early return",
      text: fenced("python", `''' Subtract funds ${RLI}''' ;return\nbank()`),
      shows: ";return",
    },
    { name: "code without a language", text: fenced("", `a${RLO}b`), shows: `a${RLO}b` },
    { name: "code in a line", text: `run \`rm ${RLO}cod.txt\``, shows: "cod.txt" },
    { name: "a mark of direction", text: "a\u200e\u200f\u061cb", shows: "a\u200e\u200f\u061cb" },
    { name: "in a table", text: `| ${RLO}a | b |\n| - | - |\n| ${RLI}c | d |`, shows: "d" },
    { name: "in a list", text: `- ${RLO}a\n- b`, shows: "b" },
    { name: "in a footnote", text: `x[^${RLO}]\n\n[^${RLO}]: y`, shows: "y" },
  ],
};

/** What looks like something else. A link says its real host, as it is on the wire. */
export const LOOKALIKES: Group = {
  name: "look-alikes",
  payloads: [
    {
      name: "Cyrillic for Latin",
      text: "[apple.com](https://аррӏе.com/)",
      links: ["https://xn--80ak6aa92e.com/"],
      told: ["xn--80ak6aa92e.com"],
    },
    {
      name: "Cyrillic in the open",
      text: "see https://аррӏе.com/ now",
      shows: "https://аррӏе.com/",
    },
    { name: "another host as words", text: `[https://bank.example/login](${EVIL})`, links: [EVIL] },
    {
      name: "the host after another",
      text: `[https://bank.example/?from=hostile.example](${EVIL})`,
      links: [EVIL],
    },
    { name: "the host in other words", text: `[bank.example, not hostile.example](${EVIL})`, links: [EVIL] },
    { name: "the host as a part of another", text: `[nothostile.example](${EVIL})`, links: [EVIL] },
    {
      name: "the host as the beginning of another",
      text: `[hostile.example.bank.example](${EVIL})`,
      links: [EVIL],
    },
    {
      name: "the host with another's end",
      text: "[https://bank.example](https://bank.example.hostile.example/)",
      links: ["https://bank.example.hostile.example/"],
      told: ["bank.example.hostile.example"],
    },
    {
      name: "a person before the host",
      text: "[go](https://bank.example@hostile.example/)",
      links: ["https://bank.example@hostile.example/"],
    },
    {
      name: "a person before the host in the open",
      text: "see https://bank.example@hostile.example/ now",
      links: ["https://bank.example@hostile.example/"],
    },
    {
      name: "a person with a long name",
      text: `[https://bank.example${times("%20", 40)}@hostile.example/](https://bank.example${times("%20", 40)}@hostile.example/)`,
      links: [`https://bank.example${times("%20", 40)}@hostile.example/`],
    },
    {
      name: "a letter that looks like a slash",
      text: "[go](https://bank.example\u2044x.hostile.example/)",
      links: ["https://bank.xn--examplex-k03d.hostile.example/"],
    },
    {
      name: "a dot that is none",
      text: "[hostile.example](https://hostile。example/)",
      links: [EVIL],
      told: [],
    },
    { name: "zero-width characters in words", text: `[ho\u200bstile.example](${EVIL})`, links: [EVIL] },
    { name: "zero-width characters in a host", text: "[go](https://hos\u200btile.example/)", links: [EVIL] },
    { name: "words without a width", text: `[\u200b](${EVIL})`, links: [EVIL] },
    { name: "words of blanks", text: `[\u00a0\u2003](${EVIL})`, links: [EVIL] },
    {
      name: "a number as a host",
      text: "[go](http://2130706433:9/)",
      links: ["http://127.0.0.1:9/"],
      told: ["127.0.0.1:9"],
    },
    {
      name: "another port",
      text: "[hostile.example](https://hostile.example:8443/)",
      links: ["https://hostile.example:8443/"],
      told: ["hostile.example:8443"],
    },
    {
      name: "a mail to someone else",
      text: "[help@bank.example](mailto:a@hostile.example)",
      links: ["mailto:a@hostile.example"],
      told: ["a@hostile.example"],
    },
    {
      name: "a mail with a body",
      text: "[write](mailto:a@hostile.example?cc=b@c.example&body=secret)",
      links: ["mailto:a@hostile.example?cc=b@c.example&body=secret"],
      told: ["a@hostile.example?cc=b@c.example&body=secret"],
    },
    {
      name: "a notice of the page",
      text: "**Session ended.** Please [sign in again](https://hostile.example/).",
      links: [EVIL],
    },
    { name: "letters piled up", text: `Z${times("\u0301\u0323\u0489", 400)}algo`, shows: "algo" },
    { name: "tags without a form", text: `hi${times("\u{e0041}", 200)}there`, shows: "there" },
    { name: "half a surrogate pair", text: "a\ud800b\udc00c", shows: "c" },
    { name: "no characters", text: "a\ufffe\uffff\u0000b", shows: "b" },
  ],
};
