import { useState } from "preact/hooks";
import { api, failureOf } from "@app/app/api";
import { refreshMe } from "@app/app/session";
import type { Me } from "@app/app/types";
import { t } from "@app/i18n";
import { money } from "@app/i18n/format";
import { ConfirmIt } from "./ConfirmIt";
import { wordsOf } from "./parts/faults";
import { Problem, useSending } from "./parts/sending";
import { Sheet } from "./parts/Sheet";

/** Closing the account: what is deleted, what stays, what has to be paid out first; nothing is done before she has read it. */
export function CloseAccount({ me }: { me: Me }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="button quiet wide" onClick={() => setAsking(true)} data-testid="close-account">
        {t("close.open")}
      </button>
      {asking && <CloseSheet me={me} close={() => setAsking(false)} />}
    </>
  );
}

function CloseSheet({ me, close }: { me: Me; close(): void }) {
  const [giveAway, setGiveAway] = useState(false);
  const { busy, problem, send } = useSending();
  const [asksAgain, setAsksAgain] = useState(false);
  const worker = me.worker!;
  const least = money(me.payout_min_micro, worker.currency);
  const erase = async () => {
    setAsksAgain(false);
    await api("/me/close", { body: { confirm: "erase", ...(giveAway && { give_away: true }) } });
    await refreshMe();
  };
  const refused = (error: unknown) => {
    const failure = failureOf(error);
    if (failure.refusal.code !== "sign_in_again") return wordsOf(failure);
    setAsksAgain(true);
    return "";
  };
  const hasDust = worker.available_micro > 0 && worker.available_micro < me.payout_min_micro;
  return (
    <Sheet title={t("close.open")} onClose={close} testid="close-sheet">
      <p>{t("close.text", { name: worker.pseudonym })}</p>
      <p class="muted small">{t("close.dust", { least })}</p>
      {hasDust && (
        <label class="switch">
          <input type="checkbox" role="switch" checked={giveAway} onChange={(event) => setGiveAway(event.currentTarget.checked)} data-testid="close-give" />
          <span>
            {t("close.give")} ({money(worker.available_micro, worker.currency)})
          </span>
        </label>
      )}
      <p class="row">
        <a class="button" href="/api/v1/work/certificate/file?as=pdf&name=yes" download data-testid="close-certificate">
          {t("scores.certificate")}
        </a>
        <a class="button" href="/console/account/export/" download data-testid="close-export">
          {t("settings.export")}
        </a>
      </p>
      <Problem text={problem} testid="close-problem" />
      {asksAgain && <ConfirmIt done={() => void send(erase, refused)} go="confirm.me" />}
      <button type="button" class="button main" onClick={close}>
        {t("close.keep")}
      </button>
      <button type="button" class="button" disabled={busy} onClick={() => void send(erase, refused)} data-testid="close-do">
        {t("close.do")}
      </button>
    </Sheet>
  );
}
