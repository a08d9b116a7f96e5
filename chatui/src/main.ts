import { mount } from "svelte";
import { app } from "./app.svelte";
import App from "./components/App.svelte";
import { fetchPartsWhenIdle } from "./parts.svelte";
import { settings } from "./settings.svelte";
import "./styles/index.css";

await settings.start();
const target = document.getElementById("app");
if (!target) throw new Error("The page has no place for the app");
mount(App, { target });
void app.start();
fetchPartsWhenIdle();
