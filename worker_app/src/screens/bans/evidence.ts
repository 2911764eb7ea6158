import type { Evidence } from "@app/app/types";
import { pick, t } from "@app/i18n";
import { moment, number, percent } from "@app/i18n/format";

const SHARES = new Set(["attention", "before", "after"]);

/** What was counted, as a sentence to her, in her language. */
export function evidenceInWords(entry: Evidence): string {
  const values = Object.entries(entry.numbers).map(([name, value]) => [name, written(name, value, entry)]);
  return t(`evidence.${entry.kind}`, Object.fromEntries(values));
}

function written(name: string, value: number | string, entry: Evidence): string {
  if (name === "label") return pick(entry.label_names) || String(value);
  if (name === "from") return moment(String(value));
  if (typeof value === "string") return value;
  if (SHARES.has(name)) return percent(value);
  return number(value >= 10 ? Math.round(value) : value);
}
