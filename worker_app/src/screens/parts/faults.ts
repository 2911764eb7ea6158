import type { ApiError } from "@app/app/api";
import { has, t } from "@app/i18n";
import { announce } from "./announce";

/** A fault that nobody caught is said in a sentence, never swallowed: the disk may be full, a file may be missing. */
export function tellOfFaults(): void {
  addEventListener("unhandledrejection", (event) => {
    console.error(event.reason);
    if (has("error.unexpected")) announce(t("error.unexpected"), true);
  });
}

/** A refusal that she meets while working is said in her language; of any other the server's sentence is shown. */
export function wordsOf(error: ApiError): string {
  const { code, why, may_hold = 0, held = 0 } = error.refusal;
  if (code === "hand_full" && why) return t(`hand.${why}`, { most: String(may_hold), held: String(held) });
  return code === "banned" ? t("bans.no_work") : error.message;
}
