import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { evidenceInWords } from "@app/screens/bans/evidence";
import type { Evidence } from "@app/app/types";
import { bytes, duration, exactly, finePercent, inLedger, isWholeCents, moment, money, number, percent, price, rateOf, roundMoney, seconds, showMoneyBy, weekday, when } from "./format";
import { addParts, guessLanguage, LANGUAGES, nameOf, pick, setLanguage } from "./index";

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: {} });
  await setLanguage("en");
});
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("money", () => {
  it.each([
    [0, "$0.00"],
    [9_999, "$0.00"],
    [10_000, "$0.01"],
    [1_239_999, "$1.23"],
    [-15_000, "-$0.01"],
  ])("%i micro-units are never more than %s", (micro, shown) => {
    expect(money(micro, "USD", "en")).toBe(shown);
  });

  it("of a price below a cent is told as far as a hundredth of one, exactly to the micro-unit", () => {
    expect([price(4_567, "USD", "en"), exactly(4_567, "USD", "en")]).toEqual(["$0.0045", "$0.004567"]);
    expect([isWholeCents(40_000), isWholeCents(40_001)]).toEqual([true, false]);
  });

  it("is written as her language does, in its own currency", () => {
    expect(plain(money(12_345_000_000, "ZAR", "en-ZA"))).toMatch(/^R ?12.345[.,]00$/);
    expect(plain(money(1_500_000, "EUR", "de"))).toBe("1,50 €");
    expect(roundMoney(1_234_567, "USD", "en")).toBe("$1.23");
  });
});

describe("money where she lives", () => {
  const rate = (currency: string, rate_micro: number) => ({ currency, rate_micro, day: "2026-11-30", source: "SARB" });
  afterEach(() => showMoneyBy(null, "USD"));

  it("is shown by the rate that was set, towards zero, and exactly as the ledger has it", () => {
    showMoneyBy(rate("ZAR", 17_850_000), "USD");
    expect([money(2_180_000, "USD", "en"), money(-10_000, "USD", "en"), money(559, "USD", "en")].map(plain)).toEqual(["R 38.91", "-R 0.17", "R 0.00"]);
    expect([price(4_567, "USD", "en"), roundMoney(2_000_000, "USD", "en")].map(plain)).toEqual(["R 0.0815", "R 35.70"]);
    expect([exactly(4_567, "USD", "en"), inLedger(2_185_999, "USD", "en")]).toEqual(["$0.004567", "$2.18"]);
    expect(isWholeCents(10_000, "USD")).toBe(false);
  });

  it("has the decimals of its currency, and no sum is too large", () => {
    showMoneyBy(rate("XOF", 605_123_456), "USD");
    expect(plain(money(1_999_999, "USD", "en"))).toMatch(/^F\u202f?CFA ?1,210$|^CFA ?1,210$|^F CFA ?1,210$/);
    showMoneyBy(rate("VND", 26_000_000_000), "USD");
    expect(plain(money(900_000_000_000_000, "USD", "en"))).toBe("₫23,400,000,000,000");
  });

  it("is the ledger's where there is no rate, or the sum is in another currency", () => {
    showMoneyBy(rate("ZAR", 17_850_000), "EUR");
    expect(money(2_180_000, "USD", "en")).toBe("$2.18");
    expect([rateOf("USD"), rateOf("EUR")?.currency]).toEqual([null, "ZAR"]);
  });
});

describe("how long and how much", () => {
  it.each([
    [5, "5 sec"],
    [89, "89 sec"],
    [90, "2 min"],
    [3600, "60 min"],
    [5400, "1 hr"],
    [86_399, "23 hr"],
  ])("%i seconds are %s", (s, said) => {
    expect(duration(s, "en")).toBe(said);
  });

  it("is never less than a kilobyte", () => {
    expect([bytes(1), bytes(64_400), bytes(1_250_000)]).toEqual(["1 kB", "64 kB", "1.3 MB"]);
  });

  it("of a sound is told to a tenth", () => {
    expect([seconds(1.25, "en"), seconds(12, "en")]).toEqual(["1.3 sec", "12 sec"]);
  });

  it("is a share in whole or fine steps", () => {
    expect([number(1234567, "en"), percent(0.666, "en"), finePercent(0.6666, "en")]).toEqual(["1,234,567", "67%", "66.7%"]);
  });
});

describe("when", () => {
  it("is an hour today and a day before, in the phone's own zone", () => {
    const now = new Date();
    const at = (date: Date) => plain(when(date.toISOString(), "en"));
    expect(at(now)).toMatch(/^\d{2}:\d{2} [AP]M$/);
    expect(at(new Date(now.getTime() - 3 * 86_400_000))).toMatch(/^[A-Z][a-z]{2} \d+, /);
  });

  it("is nothing where there is no date", () => {
    expect([when("soon"), moment("")]).toEqual(["", ""]);
  });

  it("names a day the same in every zone", () => {
    expect(weekday("2026-11-22", "en")).toBe("Sunday, Nov 22");
  });
});

describe("her language", () => {
  it.each([
    [["zu-ZA", "en"], "zu"],
    [["ar", "en-GB"], "en"],
    [["zh-CN", "zh-HK", "en"], "zh-Hant"],
    [["en-US@posix", "zu"], "zu"],
    [["xx"], "en"],
    [[], "en"],
  ])("for a phone that wants %j: %s", (wanted, language) => {
    expect(guessLanguage(wanted)).toBe(language);
  });

  it("names itself, and stands where its name does", () => {
    const names = LANGUAGES.map(nameOf);
    expect(names).toEqual(expect.arrayContaining(["English", "isiZulu", "繁體中文"]));
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "en")));
  });

  it("picks her words, else English, else any", () => {
    expect([pick({ zu: "Yebo", en: "Yes" }), pick({ zu: "Yebo" }), pick({}), pick(undefined)]).toEqual(["Yes", "Yebo", "", ""]);
  });
});

describe("evidence, in words", () => {
  const told = async (entry: Partial<Evidence>) => {
    await addParts(["bans"]);
    return evidenceInWords({ kind: "gold", project: 1, title: "", numbers: {}, ...entry } as Evidence);
  };

  it("counts what was seen and missed", async () => {
    expect(await told({ numbers: { gold_seen: 9, gold_right: 2 } })).toMatch(/2.*9|9.*2/);
  });

  it("calls a label by its name, or by what was sent where the name is gone", async () => {
    const numbers = { label: "l1", label_answers: 40, answers: 41, label_expected: 12.4, attention: 0.031 };
    const named = await told({ kind: "one_label", numbers, label_names: { en: "Maize" } });
    expect(named).toContain("Maize");
    expect(named).toContain("3%");
    expect(named).toContain("12");
    expect(await told({ kind: "one_label", numbers })).toContain("l1");
  });
});
