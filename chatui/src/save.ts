/** Saves what is on the page as files. */

/** A map, so that no name is found which every object has. */
const ENDINGS = new Map(
  Object.entries({
    bash: "sh",
    shell: "sh",
    csharp: "cs",
    haskell: "hs",
    javascript: "js",
    kotlin: "kt",
    markdown: "md",
    perl: "pl",
    powershell: "ps1",
    python: "py",
    ruby: "rb",
    rust: "rs",
    typescript: "ts",
    yaml: "yml",
  }),
);

/** A name for a file of code in a language as it is written after a fence. */
export function fileName(language: string): string {
  const name = language.toLowerCase();
  if (name === "dockerfile" || name === "makefile") return name === "dockerfile" ? "Dockerfile" : "Makefile";
  const plain = /^[a-z0-9]{1,8}$/.test(name) ? name : "txt";
  return `code.${ENDINGS.get(name) ?? plain}`;
}

/** Lets the browser save a file. */
export function saveFile(name: string, content: string | ArrayBuffer, type = "text/plain"): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
