/// <reference types="../node_modules/vite/client.d.ts" />

/** Made of the folders in locales/ by dev/languages.ts. */
declare module "virtual:languages" {
  type Words = { default: Record<string, string> };
  /** Each language by its tag, in its own words. */
  export const NAMES: Record<string, string>;
  /** What fetches the first words of a language; `others` fetch its other parts, those of task types by the name of the type. */
  export const WORDS: Record<string, () => Promise<Words & { others: Record<string, () => Promise<Words>> }>>;
}
