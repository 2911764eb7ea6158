import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import { usePages } from "@app/app/pages";
import type { Payout } from "@app/app/types";
import { t } from "@app/i18n";
import { moment, money, when } from "@app/i18n/format";
import { PageList } from "./parts/PageList";
import { Problem, useSending } from "./parts/sending";

const GOOD = new Set(["paid"]);
const SORRY = new Set(["failed", "reversed", "cancelled"]);

export function Payouts({ changed }: { changed(): void }) {
  const pages = usePages<Payout>("/wallet/payouts");
  if (!pages.rows.length && !pages.problem) return null;
  return (
    <section class="card stack tight" data-testid="payouts">
      <h2>{t("payout.list")}</h2>
      <PageList pages={pages} empty="" row={(payout) => <Row payout={payout} changed={changed} key={payout.id} />} />
    </section>
  );
}

function Row({ payout, changed }: { payout: Payout; changed(): void }) {
  return (
    <li data-testid={`payout-${payout.state}`}>
      <div class="line">
        <span class="grow">
          <span class={GOOD.has(payout.state) ? "chip good" : SORRY.has(payout.state) ? "chip sorry" : "chip warm"}>{t(`payout.${payout.state}`)}</span>
          <br />
          <span class="muted small">
            {when(payout.at)} · {payout.destination} {payout.receipt && `· ${payout.receipt}`}
          </span>
        </span>
        <span class="amount money">{money(payout.amount_micro, payout.currency)}</span>
      </div>
      {payout.wait && <Waits payout={payout} wait={payout.wait} changed={changed} />}
    </li>
  );
}

/** Why it waits and until when; she may call it back, or say why it should not wait. */
function Waits({ payout, wait, changed }: { payout: Payout; wait: NonNullable<Payout["wait"]>; changed(): void }) {
  const [words, setWords] = useState("");
  const { busy, problem, send } = useSending();
  const ask = (what: "cancel" | "appeal", body: object) =>
    send(async () => {
      await api(`/wallet/payouts/${payout.id}/${what}`, { body });
      changed();
    });
  return (
    <div class="note stack tight" data-testid="payout-waits">
      <p>{t(`payout.wait.${wait.reason}`, { until: moment(wait.until) })}</p>
      {wait.appealed_at ? (
        <p class="small muted">{t("payout.wait.asked")}</p>
      ) : (
        <details>
          <summary>{t("hold.ask")}</summary>
          <label class="field">
            {t("hold.words")}
            <textarea rows={3} maxLength={1000} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="wait-words" />
          </label>
          <button type="button" class="button wide" disabled={busy || !words.trim()} onClick={() => void ask("appeal", { words })} data-testid="wait-appeal">
            {t("hold.send")}
          </button>
        </details>
      )}
      <Problem text={problem} />
      <button type="button" class="button quiet wide" disabled={busy} onClick={() => void ask("cancel", {})} data-testid="payout-cancel">
        {t("payout.wait.cancel")}
      </button>
    </div>
  );
}
