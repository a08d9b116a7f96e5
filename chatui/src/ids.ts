const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** A new id of 128 random bits. Not `crypto.randomUUID`, which plain http does not have. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Whether a text can be an id of the protocol. */
export function isId(text: string): boolean {
  return ID.test(text);
}
