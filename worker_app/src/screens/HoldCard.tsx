import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import { refreshMe } from "@app/app/session";
import type { Hold, WorkerSummary } from "@app/app/types";
import { t } from "@app/i18n";
import { money, when } from "@app/i18n/format";
import { Problem, useSending } from "./parts/sending";

/** What she can have paid out now. */
export function freeMicro(worker: WorkerSummary): number {
  return Math.max(0, worker.available_micro - (worker.hold?.kept_micro ?? 0));
}

/** A first day that keeps nothing back yet is no news; a flag is, whatever it keeps. */
export const isHeld = (worker: WorkerSummary) => !!worker.hold && (worker.hold.reason === "flag" || worker.hold.kept_micro > 0);

/** Why some of her money waits, until when, and how to ask for it sooner. */
export function HoldCard({ hold, currency }: { hold: Hold; currency: string }) {
  const [words, setWords] = useState("");
  const { busy, problem, send } = useSending();
  const ask = (event: Event) => {
    event.preventDefault();
    void send(async () => {
      await api("/wallet/hold/appeal", { body: { words } });
      await refreshMe();
    });
  };
  return (
    <section class="card stack tight" data-testid="hold">
      <h2>{hold.kept_micro > 0 ? t("hold.title", { money: money(hold.kept_micro, currency) }) : t("hold.title_none")}</h2>
      <p>{t(`hold.${hold.reason}`, { until: when(hold.until) })}</p>
      {hold.appealed_at ? (
        <p class="muted small" data-testid="hold-appealed">
          {t("hold.appealed", { at: when(hold.appealed_at) })}
        </p>
      ) : (
        <details>
          <summary>{t("hold.ask")}</summary>
          <form class="stack tight" onSubmit={ask}>
            <label class="field">
              {t("hold.words")}
              <textarea required maxLength={1000} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="hold-words" />
            </label>
            <Problem text={problem} />
            <button type="submit" class="button" disabled={busy} data-testid="hold-send">
              {t("hold.send")}
            </button>
          </form>
        </details>
      )}
    </section>
  );
}
