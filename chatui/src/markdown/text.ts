/** Small readings of what a model wrote, each safe to show. */

/** A map, so that no name is found which every object has. */
const NAMED = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    copy: "©",
    reg: "®",
    trade: "™",
    hellip: "…",
    mdash: "—",
    ndash: "–",
    lsquo: "‘",
    rsquo: "’",
    ldquo: "“",
    rdquo: "”",
    laquo: "«",
    raquo: "»",
    times: "×",
    divide: "÷",
    plusmn: "±",
    deg: "°",
    micro: "µ",
    middot: "·",
    bull: "•",
    para: "¶",
    sect: "§",
    euro: "€",
    pound: "£",
    yen: "¥",
    cent: "¢",
    larr: "←",
    rarr: "→",
    uarr: "↑",
    darr: "↓",
    harr: "↔",
    le: "≤",
    ge: "≥",
    ne: "≠",
    infin: "∞",
    frac12: "½",
    frac14: "¼",
    frac34: "¾",
  }),
);

/** Character references as characters; those that are not known stay as they were written. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));/g,
    (all, ten, hex, name) => {
      if (name) return NAMED.get(name) ?? all;
      const code = ten ? Number.parseInt(ten, 10) : Number.parseInt(hex, 16);
      const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return valid ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}

const LETTER = /\p{L}/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * The direction of a block that holds others, by its first letter. `dir="auto"` would not do: it does not look into
 * elements that have a `dir` of their own, so the bar of a quotation in Arabic would stand on its left.
 */
export function directionOf(text: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.test(LETTER.exec(text)?.[0] ?? "") ? "rtl" : "ltr";
}

export interface SafeLink {
  href: string;
  /** Where it leads, to be shown beside it: a host, or whom a mail is for. Null if its text says just that already. */
  leadsTo: string | null;
}

/** An address and nothing else, of which a reader would say that it is at this host. */
function namesHost(label: string, host: string): boolean {
  // What follows the host may be of no script that is read from the right: it would stand before the host.
  const [, named] = /^(?:https?:\/\/)?(?:www\.)?([^\s/?#@\\]+)(?:[/?#][!-~]*)?$/i.exec(label.trim()) ?? [];
  return named?.toLowerCase() === host;
}

/**
 * A link that may be followed, or null: only http, https and mailto, and only whole addresses.
 *
 * @param label the words of the link, which may say anything
 */
export function safeLink(href: string, label: string): SafeLink | null {
  let url: URL;
  try {
    url = new URL(decodeEntities(href));
  } catch {
    return null;
  }
  if (url.protocol === "mailto:") {
    const mail = `${url.pathname}${url.search}`;
    return { href: url.href, leadsTo: label.trim() === mail ? null : mail };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const host = url.host.replace(/^www\./, "");
  return { href: url.href, leadsTo: namesHost(label, host) ? null : host };
}

/** What is not words, but looks as its writer wants: a formula can be drawn over what is beside it. */
const NO_WORDS: readonly string[] = ["math", "image", "footnoteReference"];
/** Stands for an object among words. */
const OBJECT = "\ufffc";

/** The text between the marks, for a label. */
export function plainText(
  tokens: readonly { type: string; text?: string; raw: string; tokens?: unknown }[],
): string {
  return tokens
    .map((token) => {
      if (NO_WORDS.includes(token.type)) return OBJECT;
      return Array.isArray(token.tokens) && token.tokens.length > 0
        ? plainText(token.tokens)
        : (token.text ?? token.raw);
    })
    .join("");
}
