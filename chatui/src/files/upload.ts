/** Hands files to the server. The browser reads them from the disk by itself, so the page's thread does not wait. */
import { startSession } from "../api";

export interface Note {
  readonly conversation: string;
  /** In English. */
  readonly what: string;
  /** What it is, and what it is called where it comes from, for a sentence in another language. */
  readonly code?: string;
  readonly detail?: string;
  readonly count: number;
}

export interface Report {
  readonly imported: number;
  readonly unchanged: number;
  /** Saved prompts that are new. */
  readonly prompts: number;
  readonly refused: number;
  readonly notes: readonly Note[];
}

export type Failure = "tooLarge" | "notUnderstood" | "busy" | "brokenOff";

/** A file that was not imported, or not wholly. */
export class ImportFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure);
    this.failure = failure;
  }
}

const FAILURES = new Map<number, Failure>([
  [400, "notUnderstood"],
  [413, "tooLarge"],
  [415, "notUnderstood"],
  [429, "busy"],
]);

/** What servers take that were not told otherwise, in bytes. */
const USUAL_LIMIT = 50 * 1024 * 1024;

async function isArchive(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x50 && second === 0x4b;
}

/** Unlike `fetch` this tells how far it has come. */
function post(file: Blob, type: string, onSent: (share: number) => void): Promise<XMLHttpRequest> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", new URL("api/conversations/import", document.baseURI));
    request.setRequestHeader("Content-Type", type);
    request.upload.onprogress = ({ loaded, total }) => onSent(total ? loaded / total : 1);
    request.onloadend = () => resolve(request);
    request.send(file);
  });
}

function decode(text: string): Report {
  const { imported, unchanged, prompts, refused, notes } = JSON.parse(text) as Report;
  return { imported, unchanged, prompts: prompts || 0, refused, notes: Array.isArray(notes) ? notes : [] };
}

/**
 * Sends a file.
 *
 * @param onSent told what share of it is sent, from 0 to 1
 * @throws ImportFailed if it was not imported, or only in part: to send it again is safe
 */
export async function upload(file: File, onSent: (share: number) => void): Promise<Report> {
  try {
    const type = (await isArchive(file)) ? "application/zip" : "application/json";
    let request = await post(file, type, onSent);
    if (request.status === 401) {
      await startSession();
      request = await post(file, type, onSent);
    }
    if (request.status === 200) return decode(request.responseText);
    // A server that does not want the rest may break the connection before its answer is read.
    const cutOff = request.status === 0 && file.size > USUAL_LIMIT;
    throw new ImportFailed(cutOff ? "tooLarge" : (FAILURES.get(request.status) ?? "brokenOff"));
  } catch (problem) {
    throw problem instanceof ImportFailed ? problem : new ImportFailed("brokenOff");
  }
}
