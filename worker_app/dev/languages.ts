import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const LIST = "virtual:languages";
const WORDS = "virtual:words/";

/** In the name of a built file a language is one word (zh_Hant): what follows it there is its part. */
export const inFileNames = (language: string): string => language.replaceAll("-", "_");

/** Whose first words this module is; undefined where it is another. */
export const languageOfWords = (module: string): string | undefined => new RegExp(`${WORDS}([\\w-]+)$`).exec(module)?.[1];

const messagesIn = (file: string): Record<string, string> => JSON.parse(readFileSync(file, "utf8"));
const byName = (list: string[]): string => `{${list.join(", ")}}`;
const fetched = (name: string, module: string): string => `${JSON.stringify(name)}: () => import(${JSON.stringify(module)})`;

/**
 * The languages that lie in `locales`. The app begins with the name of each and the address of its first words (virtual:languages); those
 * know where the other parts of that language are, and say what each task type asks of her ("<type>.what"), which the list of work shows
 * before any file of the type is fetched. So one more language costs whoever does not read it a hundred bytes.
 */
export function languages(locales: string, taskTypes: string): Plugin {
  const found = readdirSync(locales).sort();
  const nameOf = (language: string): string => messagesIn(join(locales, language, "first.json"))["language.name"] ?? language;

  function list(): string {
    const names = found.map((language) => [language, nameOf(language)] as const).sort((a, b) => a[1].localeCompare(b[1], "en"));
    const named = names.map(([language, name]) => `${JSON.stringify(language)}: ${JSON.stringify(name)}`);
    return `export const NAMES = ${byName(named)};\nexport const WORDS = ${byName(found.map((one) => fetched(one, WORDS + one)))};`;
  }

  function words(language: string): string {
    const own = readdirSync(join(locales, language))
      .sort()
      .map((file) => [file.replace(".json", ""), join(locales, language, file)] as const);
    const ofTypes = readdirSync(taskTypes)
      .sort()
      .map((type) => [type, join(taskTypes, type, "phone", `${language}.json`)] as const);
    const types = ofTypes.filter(([, file]) => existsSync(file));
    const said = messagesIn(join(locales, language, "first.json"));
    for (const [type, file] of types) said[`${type}.what`] = messagesIn(file)[`${type}.what`]!;
    const others = [...own.filter(([part]) => part !== "first"), ...types].map(([part, file]) => fetched(part, file));
    return `export default ${JSON.stringify(said)};\nexport const others = ${byName(others)};`;
  }

  return {
    name: "languages",
    resolveId: (source) => (source === LIST || source.startsWith(WORDS) ? `\0${source}` : null),
    load(id) {
      if (id === `\0${LIST}`) return list();
      const language = id.startsWith("\0") ? languageOfWords(id) : undefined;
      return language === undefined ? null : words(language);
    },
  };
}
