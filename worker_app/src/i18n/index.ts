import { createStore, useStore } from "@app/app/store";
import { formatMessage, type Values } from "./message";

type Catalogue = Record<string, string>;
const loaders = import.meta.glob<{ default: Catalogue }>("../../locales/*.json");

/** A new language is a new file in locales/ with its own name under "language.name", and nothing else. */
export const LANGUAGES = Object.keys(loaders)
  .map((path) => /([\w-]+)\.json$/.exec(path)![1]!)
  .sort();

/** Names in the language itself, for the first screen, before any catalogue is loaded. */
export function nameOf(language: string): string {
  const known: Record<string, string> = { en: "English", zu: "isiZulu" };
  return known[language] ?? new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
}

const current = createStore<{ language: string; catalogue: Catalogue }>({ language: "en", catalogue: {} });

export function guessLanguage(wanted: readonly string[] = navigator.languages): string {
  for (const tag of wanted) {
    const match = LANGUAGES.find((name) => name === tag) ?? LANGUAGES.find((name) => name === tag.split("-")[0]);
    if (match) return match;
  }
  return "en";
}

export async function setLanguage(language: string): Promise<void> {
  const known = LANGUAGES.includes(language) ? language : "en";
  const { default: catalogue } = await loaders[`../../locales/${known}.json`]!();
  document.documentElement.lang = known;
  current.set({ language: known, catalogue });
}

export const language = (): string => current.get().language;

/** A message of the catalogue in her language. A missing key shows itself: the key is what the tests look for. */
export function t(key: string, values: Values = {}): string {
  const { language: locale, catalogue } = current.get();
  const message = catalogue[key];
  return message === undefined ? key : formatMessage(message, values, locale);
}

export const has = (key: string): boolean => key in current.get().catalogue;

/** Redraws the calling component when the language changes. */
export function useLanguage(): string {
  return useStore(current).language;
}

/** The text of a label or instruction in her language, else English, else any. */
export function pick(texts: Record<string, string> | undefined): string {
  return texts?.[language()] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? "";
}
