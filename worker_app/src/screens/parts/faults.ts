import { failureOf } from "@app/app/api";
import { session } from "@app/app/session";
import { has, t } from "@app/i18n";
import { moment, money } from "@app/i18n/format";
import { complain } from "./announce";

/** A fault that nobody caught is said in a sentence, never swallowed: the disk may be full, a file may be missing. */
export function tellOfFaults(): void {
  addEventListener("unhandledrejection", (event) => {
    console.error(event.reason);
    if (has("error.unexpected")) complain(t("error.unexpected"));
  });
}

/**
 * What the server refused, in her language: each code has its sentence (tests/phone/test_refusals.py). The server's own, which is
 * English, only where an older app meets a newer server.
 */
export function wordsOf(thrown: unknown): string {
  const { status, message, refusal, ofThisPhone } = failureOf(thrown);
  const { code = "", why, may_hold = 0, held = 0 } = refusal;
  if (ofThisPhone) return t("error.unexpected");
  if (status === 0) return t("error.no_network");
  if (code === "hand_full" && why) return t(`hand.${why}`, { most: String(may_hold), held: String(held) });
  if (code === "banned") return t("bans.no_work");
  if (has(`refusal.${code}`)) return t(`refusal.${code}`, sayable(refusal));
  return message || t("error.server");
}

/** Amounts and dates of a refusal as she reads them: least_micro becomes {least}, until becomes a moment. */
function sayable(refusal: object): Record<string, string | number> {
  const said: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(refusal)) {
    if (name.endsWith("_micro") && typeof value === "number") said[name.slice(0, -"_micro".length)] = money(value, currency());
    else if (name === "until" && typeof value === "string") said.until = moment(value);
    else if (typeof value === "number" || typeof value === "string") said[name] = value;
  }
  return said;
}

const currency = (): string => session.get().me?.worker?.currency ?? "USD";
