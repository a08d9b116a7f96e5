/** What a person has chosen for this browser. Kept in localStorage where there is one. */
import { MediaQuery } from "svelte/reactivity";
import { en, type Texts } from "./texts/en";

export type Theme = "system" | "light" | "dark";
export type SendKey = "enter" | "mod";
export type Language = "en" | "de" | "es" | "zh";

export const LANGUAGES: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  zh: "中文",
};

/** Reads what was kept under a name; null where nothing was or nothing can be. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`parley.${name}`);
  } catch {
    return null;
  }
}

/** Keeps a text under a name, or nothing with null. */
export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`parley.${name}`);
    else localStorage.setItem(`parley.${name}`, value);
  } catch {
    // A browser that keeps nothing still has a page that works.
  }
}

const LOADERS: Record<Language, () => Promise<Texts>> = {
  en: async () => en,
  de: async () => (await import("./texts/de")).de,
  es: async () => (await import("./texts/es")).es,
  zh: async () => (await import("./texts/zh")).zh,
};

function preferredLanguage(): Language {
  for (const wanted of [recall("language"), ...navigator.languages]) {
    const found = (Object.keys(LANGUAGES) as Language[]).find((code) =>
      wanted?.toLowerCase().startsWith(code),
    );
    if (found) return found;
  }
  return "en";
}

const oneOf = <T extends string>(value: string | null, allowed: readonly T[], otherwise: T): T =>
  allowed.includes(value as T) ? (value as T) : otherwise;

const systemIsDark = new MediaQuery("(prefers-color-scheme: dark)");

class Settings {
  theme = $state<Theme>(oneOf(recall("theme"), ["system", "light", "dark"], "system"));
  sendKey = $state<SendKey>(oneOf(recall("sendKey"), ["enter", "mod"], "enter"));
  language = $state<Language>("en");
  texts = $state.raw<Texts>(en);

  /** How times and numbers are written: as at home, if home speaks this language. */
  get locale(): string {
    return (
      navigator.languages.find((locale) => locale.toLowerCase().startsWith(this.language)) ?? this.language
    );
  }

  /** Whether the page is dark just now. */
  get dark(): boolean {
    return this.theme === "system" ? systemIsDark.current : this.theme === "dark";
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep("theme", theme === "system" ? null : theme);
    this.applyTheme();
  }

  applyTheme(): void {
    if (this.theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.theme;
  }

  setSendKey(sendKey: SendKey): void {
    this.sendKey = sendKey;
    keep("sendKey", sendKey);
  }

  async setLanguage(language: Language): Promise<void> {
    keep("language", language);
    await this.#use(language);
  }

  async start(): Promise<void> {
    this.applyTheme();
    // A page in English is better than none.
    await this.#use(preferredLanguage()).catch(() => {});
  }

  async #use(language: Language): Promise<void> {
    this.texts = await LOADERS[language]();
    this.language = language;
    document.documentElement.lang = language;
  }
}

export const settings = new Settings();
