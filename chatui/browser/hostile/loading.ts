/** What makes a browser load or go without a script: all of it is text. */
import { type Group, plain } from "./payload";

export const LOADING: Group = {
  name: "loading and going",
  verbatim: true,
  payloads: plain({
    "a refresh": '<meta http-equiv="refresh" content="0;url=https://hostile.example/">',
    "a refresh that runs": '<meta http-equiv="refresh" content="0;javascript:pwned()">',
    "another policy": '<meta http-equiv="Content-Security-Policy" content="script-src * \'unsafe-inline\'">',
    "a cookie": '<meta http-equiv="Set-Cookie" content="parley=x">',
    "a referrer": '<meta name="referrer" content="unsafe-url">',
    "a name that is looked up": '<link rel="dns-prefetch" href="https://hostile.example/">',
    "names that are looked up": '<meta http-equiv="x-dns-prefetch-control" content="on">',
    "a connection": '<link rel="preconnect" href="https://hostile.example/" crossorigin>',
    "a page before it is asked for": '<link rel="prefetch" href="https://hostile.example/next">',
    "a page that is drawn before": '<link rel="prerender" href="https://hostile.example/next">',
    "a script before it is needed": '<link rel="modulepreload" href="https://hostile.example/m.js">',
    "rules of speculation":
      '<script type="speculationrules">{"prefetch":[{"source":"list","urls":["https://hostile.example/"]}]}</script>',
    "an icon": '<link rel="icon" href="https://hostile.example/favicon.ico">',
    "a manifest": '<link rel="manifest" href="https://hostile.example/m.json">',
    "an import of HTML": '<link rel="import" href="https://hostile.example/i.html">',
    "a ping": '<a href="https://hostile.example/" ping="https://hostile.example/p">x</a>',
    frames: '<frameset><frame src="https://hostile.example/"></frameset>',
    "a portal": '<portal src="https://hostile.example/"></portal>',
    "a map": '<map name=m><area shape=default href="https://hostile.example/"></map>',
    "a key": '<keygen autofocus onfocus="pwned()">',
  }),
};
