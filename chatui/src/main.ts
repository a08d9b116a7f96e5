import { mount, unmount } from "svelte";
import { app } from "./app.svelte";
import App from "./components/App.svelte";
import { fetchPartsWhenIdle } from "./parts.svelte";
import { settings } from "./settings.svelte";
import "./styles/index.css";

await settings.start();
const target = document.getElementById("app") ?? document.body;
/** What others have shared is read without the app: no session, no socket, nothing of the person's own. */
const isShared = () => location.hash.startsWith("#/s/");
/** The reader's page is shown, or about to be. */
let reading = false;
let reader: object | undefined;

async function show(): Promise<void> {
  reading = isShared();
  if (!reading) {
    mount(App, { target });
    void app.start();
    fetchPartsWhenIdle();
    return;
  }
  try {
    const { default: Reader } = await import("./share/Reader.svelte");
    if (reading) reader = mount(Reader, { target });
  } catch {
    if (reading) target.textContent = settings.texts.couldNot;
  }
}

addEventListener("hashchange", () => {
  if (isShared() === reading) return;
  // The app ends with its page only.
  if (!reading) location.reload();
  else {
    if (reader) void unmount(reader);
    target.replaceChildren();
    void show();
  }
});
// Not awaited: the reader's page is made of pieces of this file, and would wait until it has run.
void show();
