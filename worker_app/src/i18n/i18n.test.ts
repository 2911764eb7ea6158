import { describe, expect, it } from "vitest";
import { categoriesOf, formatMessage, placeholdersOf } from "./message";

const files = import.meta.glob<Record<string, string>>("../../locales/*/*.json", { eager: true, import: "default" });
const ofTypes = import.meta.glob<Record<string, string>>("../../../labelling/task_types/*/phone/*.json", { eager: true, import: "default" });
const catalogues: Record<string, Record<string, string>> = {};
for (const [path, messages] of Object.entries({ ...files, ...ofTypes })) {
  const [, language] = /([\w-]+)\/\w+\.json$/.exec(path.replace(/\w+\/phone\/([\w-]+)\.json$/, "$1/words.json"))!;
  catalogues[language!] = { ...catalogues[language!], ...messages };
}
const english = catalogues.en!;

describe("messages", () => {
  it("fills in names", () => {
    expect(formatMessage("Hello {name}, {money}", { name: "Thandi", money: "R5" }, "en")).toBe("Hello Thandi, R5");
  });

  it("chooses the plural of the language and writes its number", () => {
    const message = "{n, plural, =0 {none} one {# task} other {# tasks}} left";
    expect([0, 1, 2, 12345].map((n) => formatMessage(message, { n }, "en"))).toEqual(["none left", "1 task left", "2 tasks left", "12,345 tasks left"]);
  });

  it("counts nought as one where the language does", () => {
    expect(formatMessage("{n, plural, one {a} other {b}}", { n: 0 }, "zu")).toBe("a");
    expect(formatMessage("{n, plural, one {a} other {b}}", { n: 0 }, "en")).toBe("b");
  });

  it("keeps names inside plurals", () => {
    expect(formatMessage("{n, plural, one {# from {who}} other {# from {who}}}", { n: 2, who: "Sipho" }, "en")).toBe("2 from Sipho");
  });

  it.each(["{", "{n", "{n, plural, one {x}}", "a } b {n, plural, other {x}"])("says what is wrong with %s", (message) => {
    expect(() => formatMessage(message, {}, "en")).toThrow(SyntaxError);
  });
});

describe.each(Object.keys(catalogues))("language %s", (language) => {
  const catalogue = catalogues[language]!;

  it("has exactly the keys of English", () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
  });

  it("uses the same names in each message", () => {
    const differing = Object.keys(english).filter((key) => String(placeholdersOf(catalogue[key]!)) !== String(placeholdersOf(english[key]!)));
    expect(differing).toEqual([]);
  });

  it("spells out every plural form that the language has", () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, message] of Object.entries(catalogue)) for (const categories of categoriesOf(message)) expect(categories, key).toEqual(expect.arrayContaining(needed));
  });
});
