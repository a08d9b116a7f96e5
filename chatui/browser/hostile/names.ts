/** Names that mean something to JavaScript or to the document, in every place where a text names something. */
import { type Group, type Payload, times } from "./payload";

const EVIL = "https://hostile.example/";
const OF_OBJECTS = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "prototype"];

const references: Payload[] = OF_OBJECTS.map((name) => ({
  name: `a reference to ${name}`,
  text: `[go][${name}]\n\n[${name}]: ${EVIL}${name}`,
  links: [`${EVIL}${name}`],
}));

export const NAMES: Group = {
  name: "names",
  payloads: [
    ...references,
    {
      name: "references that are not defined",
      text: OF_OBJECTS.map((name) => `[go][${name}] [${name}] ![${name}]`).join("\n\n"),
      shows: "[go]",
    },
    {
      name: "a reference after its definition",
      text: `[constructor]: ${EVIL}\n\nOne.\n\nTwo [go][constructor].\n\nThree.`,
      links: [EVIL],
    },
    {
      name: "footnotes",
      text:
        OF_OBJECTS.map((name) => `x[^${name}]`).join(" ") +
        OF_OBJECTS.map((name) => `\n\n[^${name}]: note of ${name}`).join(""),
      shows: "note of constructor",
    },
    {
      name: "character references",
      text: OF_OBJECTS.map((name) => `&${name};`).join(" "),
      shows: "&constructor; &toString;",
    },
    {
      name: "members in JSON",
      text: '```json\n{"__proto__": {"polluted": true}, "constructor": {"prototype": {}}}\n```',
      shows: "polluted",
    },
    {
      name: "headings that would be ids",
      text: "# app\n\n## composer\n\n## __proto__\n\n## location",
      shows: "location",
    },
    {
      name: "ids in HTML",
      text: '<a id="app" name="trustedTypes"></a><form id=document name=cookie><input name=body></form>',
      shows: "trustedTypes",
    },
    {
      name: "a collection of names in HTML",
      text: "<img name=currentScript><iframe name=self></iframe><object id=URL></object>",
      shows: "currentScript",
    },
    { name: "an id in braces", text: "# Title {#app}\n\n[x]{#composer .veil}", shows: "Title" },
    {
      name: "a footnote with HTML as its name",
      text: 'x[^"onclick=pwned()]\n\n[^"onclick=pwned()]: y',
      shows: "y",
    },
    {
      name: "a footnote that refers to itself",
      text: "x[^a]\n\n[^a]: y[^a] z[^b]\n\n[^b]: w[^a]",
      shows: "w",
    },
    { name: "a footnote of the page's names", text: "x[^c1-note-1]\n\n[^c1-note-1]: y", shows: "y" },
    { name: "a list with a huge start", text: "999999999. a\n1. b", shows: "a" },
    {
      name: "a table that is aligned by words",
      text: "| a |\n| :onclick=pwned(): |\n| b |",
      shows: "pwned()",
    },
    { name: "a long word", text: times("pwned", 4_000), shows: "pwnedpwned" },
  ],
};
