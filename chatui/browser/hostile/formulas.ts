/** LaTeX: a formula makes no links, loads nothing, and ends. What can't be set is shown as it was written. */
import { type Group, type Payload, times } from "./payload";

const formulas = (texts: Readonly<Record<string, string>>): Payload[] =>
  Object.entries(texts).map(([name, text]) => ({ name, text: `$$${text}$$` }));

export const FORMULAS: Group = {
  name: "formulas",
  payloads: [
    // It loads what sets the others.
    { name: "a good one", text: "$x^2$", shows: "x" },
    ...formulas({
      "parts with styles of their own": String.raw`\vec{x}\pmb{y}\overrightarrow{z}\cancel{w}\boxed{v}`,
      "a link": String.raw`\href{https://hostile.example/}{x}`,
      "a link that runs": String.raw`\href{javascript:pwned()}{x}`,
      "an address": String.raw`\url{javascript:pwned()}`,
      "an image": String.raw`\includegraphics[height=1em]{https://hostile.example/i.png}`,
      "data for scripts": String.raw`\htmlData{testid=message, role=user}{x}`,
      "an id": String.raw`\htmlId{app}{x}`,
      "a class": String.raw`\htmlClass{veil notice}{x}`,
      "a style": String.raw`\htmlStyle{position:fixed;inset:0;background:url(https://hostile.example/b)}{x}`,
      "a colour that is more": String.raw`\color{red;background:url(https://hostile.example/c)}x`,
      "a colour in HTML": String.raw`\textcolor{"><img src=x onerror=pwned()>}{x}`,
      "HTML in text": String.raw`\text{<img src=x onerror=pwned()><script>pwned()</script>}`,
      "HTML as a name": String.raw`\operatorname{<svg onload=pwned()>}`,
      "HTML as an unknown command": String.raw`\<script>pwned()</script>`,
      "a macro that calls itself": String.raw`\def\a{\a\a}\a`,
      "a macro that doubles": String.raw`\def\a{xx}\def\b{\a\a}\def\c{\b\b}\def\d{\c\c\c\c}\def\e{\d\d\d\d}\e\e\e\e\e\e\e\e`,
      "macros that call each other": String.raw`\def\a{\b}\def\b{\a}\a`,
      "a macro by name": String.raw`\newcommand{\constructor}[1]{#1#1}\constructor{\constructor{\constructor{x}}}`,
      "a macro for everybody": String.raw`\gdef\frac#1#2{\href{https://hostile.example/}{x}}\frac12`,
      "a character by number": String.raw`\char"3Cscript\char"3E \char"10FFFF \char"D800 \@char{9999999999}`,
      "a huge rule": String.raw`\rule{99999em}{99999em}`,
      "a huge blank": String.raw`\hspace{99999em}x\kern{99999em}`,
      "a shift out of its place": String.raw`\hspace{-99999em}\text{over the list}`,
      "a shift upwards": String.raw`\raisebox{9999em}{over the header}`,
      "a huge box": String.raw`\begin{array}{${times("c", 500)}}${times("x&", 499)}x\end{array}`,
      "exponents on exponents": `${times("x^{", 300)}x${times("}", 300)}`,
      "fractions in fractions": `${times("\\frac{1}{", 300)}x${times("}", 300)}`,
      "roots in roots": `${times("\\sqrt{", 300)}x${times("}", 300)}`,
      "braces in braces": `${times("{", 2_000)}x${times("}", 2_000)}`,
      "brackets that grow": `${times("\\left(", 300)}x${times("\\right)", 300)}`,
      "accents on accents": `${times("\\hat{\\vec{", 150)}x${times("}}", 150)}`,
      "a file": String.raw`\input{/etc/passwd}\include{x}\write18{pwned}\openin5=/etc/passwd`,
      "an equation that is labelled": String.raw`\label{__proto__}\tag{<b onclick=pwned()>}x\ref{__proto__}`,
      "a name of all objects": String.raw`\constructor \__proto__ \toString \begin{constructor}x\end{constructor}`,
    }),
    { name: "half a formula", text: String.raw`$$\href{javascript:pwned()}{x`, shows: "pwned" },
    { name: "many dollars", text: times("$a $", 300), shows: "$" },
  ],
};
