import { useEffect, useState } from "preact/hooks";
import { createStore, useStore } from "@app/app/store";
import { NAMES, WORDS } from "virtual:languages";
import { formatMessage, type Values } from "./message";

type Catalogue = Record<string, string>;
/**
 * The parts of a language: what the first screens say ("first"), what is fetched with the screens that say it (worded.tsx), and, by the name
 * of a task type, the words of its own folder (app/widget.ts).
 */
export type Part = string;

async function wordsOf(language: string, part: Part): Promise<Catalogue> {
  const first = await WORDS[language]!();
  if (part === "first") return first.default;
  const found = first.others[part];
  if (!found) throw new Error(`no words of ${part} in ${language}`);
  return (await found()).default;
}

/** A new language is a new folder in locales/ with the files of English, and nothing else; in the order of their names. */
export const LANGUAGES = Object.keys(NAMES);

/** Its name in the language itself, for the first screen, before any catalogue is loaded. */
export const nameOf = (language: string): string => NAMES[language] ?? language;

const current = createStore<{ language: string; parts: Part[]; catalogue: Catalogue }>({ language: "en", parts: ["first"], catalogue: {} });

/** Language and script: who reads pt-BR reads pt, who reads zh-TW reads zh-Hant, and who reads zh-CN does not. */
function writingOf(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return tag; // what some browsers call a language ("en-US@posix") is none
  }
}

export function guessLanguage(wanted: readonly string[] = navigator.languages): string {
  for (const tag of wanted) {
    const match = LANGUAGES.find((name) => writingOf(name) === writingOf(tag));
    if (match) return match;
  }
  return "en";
}

/** A language is written the way its own words are: the first letter of them all tells. */
function isWrittenFromTheRight(catalogue: Catalogue): boolean {
  const letter = /\p{L}/u.exec(Object.values(catalogue).join(" "))?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u.test(letter);
}

async function read(language: string, parts: Part[]): Promise<Catalogue> {
  return mendedIn(language, Object.assign({}, ...(await Promise.all(parts.map((part) => wordsOf(language, part))))) as Catalogue);
}

/** What speakers of a language have mended since the app was built, and the languages of which they have confirmed every sentence. */
export type Speakers = { confirmed: string[]; mended: Catalogue };
const mended: Record<string, Catalogue> = {};
export const confirmed = createStore<string[]>(["en"]);

/** A key that this app does not have stays out: the words are of a newer one. */
function mendedIn(language: string, words: Catalogue): Catalogue {
  const said = Object.entries(mended[language] ?? {}).filter(([key]) => key in words);
  return said.length ? { ...words, ...Object.fromEntries(said) } : words;
}

export function listenTo(language: string, said: Speakers): void {
  mended[language] = said.mended;
  confirmed.set(said.confirmed);
  if (current.get().language === language) current.set((now) => ({ ...now, catalogue: mendedIn(language, now.catalogue) }));
}

export async function setLanguage(language: string): Promise<void> {
  const known = LANGUAGES.includes(language) ? language : "en";
  const { parts } = current.get();
  const catalogue = await read(known, parts);
  document.documentElement.lang = known;
  document.documentElement.dir = isWrittenFromTheRight(catalogue) ? "rtl" : "ltr";
  current.set({ language: known, parts, catalogue });
}

/** More of her language. Should she change it meanwhile, the parts come again in the new one. */
export async function addParts(parts: readonly Part[]): Promise<void> {
  const { language: locale, parts: have } = current.get();
  const missing = parts.filter((part) => !have.includes(part));
  if (!missing.length) return;
  const more = await read(locale, missing);
  if (locale !== language()) return addParts(parts);
  current.set((now) => ({ ...now, parts: [...new Set([...now.parts, ...missing])], catalogue: { ...now.catalogue, ...more } }));
}

/** Whether these parts are here; they are fetched if not. "failed": they did not come, `again` asks once more. */
export function useParts(parts: readonly Part[]): { state: "here" | "coming" | "failed"; again(): void } {
  const { language: locale, parts: have } = useStore(current);
  const [failed, setFailed] = useState(false);
  const here = parts.every((part) => have.includes(part));
  const again = () => {
    setFailed(false);
    addParts(parts).catch(() => setFailed(true));
  };
  useEffect(() => {
    if (!here) again();
  }, [here, locale]);
  return { state: here ? "here" : failed ? "failed" : "coming", again };
}

export const language = (): string => current.get().language;

/** A message of the catalogue in her language. A missing key shows itself: the key is what the tests look for. */
export function t(key: string, values: Values = {}): string {
  const { language: locale, catalogue } = current.get();
  const message = catalogue[key];
  return message === undefined ? key : formatMessage(message, values, locale);
}

/** A message key, or one with its values. */
export type Sentence = string | [key: string, values: Values];
export const saidIn = (sentence: Sentence): string => (typeof sentence === "string" ? t(sentence) : t(...sentence));

export const has = (key: string): boolean => key in current.get().catalogue;

/** Redraws the calling component when the language changes. */
export function useLanguage(): string {
  return useStore(current).language;
}

/** The text of a label or instruction in her language, else English, else any. */
export function pick(texts: Record<string, string> | undefined): string {
  return texts?.[languageOf(texts)] ?? "";
}

/** Of the text that pick() takes: hers, or else English, or else whichever there is. */
export function languageOf(texts: Record<string, string> | undefined): string {
  const all = texts ?? {};
  return [language(), "en"].find((one) => all[one] !== undefined) ?? Object.keys(all)[0] ?? "";
}
