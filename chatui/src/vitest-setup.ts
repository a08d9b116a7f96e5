/** For the tests of each file that run without a browser. */
import { afterAll, vi } from "vitest";

// The page has a doctype and the document here has none, of which KaTeX would warn.
Object.defineProperty(document, "compatMode", { value: "CSS1Compat" });

// A part of the page that is loaded when it is needed may be on its way when the last test ends; Vitest closes the file then.
afterAll(() => vi.dynamicImportSettled());
