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
let reader: object | undefined;

async function show(): Promise<void> {
  if (!isShared()) {
    mount(App, { target });
    void app.start();
    fetchPartsWhenIdle();
    return;
  }
  try {
    const { default: Reader } = await import("./share/Reader.svelte");
    reader = mount(Reader, { target });
  } catch {
    target.textContent = settings.texts.couldNot;
  }
}

await show();
addEventListener("hashchange", () => {
  if (isShared() === (reader !== undefined)) return;
  // The app ends with its page only.
  if (!reader) location.reload();
  else {
    void unmount(reader);
    reader = undefined;
    void show();
  }
});
