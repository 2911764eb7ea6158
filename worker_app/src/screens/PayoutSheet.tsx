import { useEffect, useState } from "preact/hooks";
import { api, ApiError, failureOf } from "@app/app/api";
import type { Me, PayoutTerms } from "@app/app/types";
import { t } from "@app/i18n";
import { inLedger, money, rateOf } from "@app/i18n/format";
import { deleteMeta, getMeta, setMeta } from "@app/outbox/db";
import { uuid7 } from "@app/outbox/uuid7";
import { ConfirmIt } from "./ConfirmIt";
import { freeMicro } from "./HoldCard";
import { inCents, microOf } from "./micro";
import { announce } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Problem, useSending } from "./parts/sending";
import { Sheet } from "./parts/Sheet";

type Ask = { id: string; amount_micro: number; destination: { phone: string } };

/**
 * Asks for money. The request and its id are on the phone before it leaves, so after a lost connection the very same request is
 * repeated and can never be paid twice.
 */
function usePayout(pseudonym: string, onSent: () => void) {
  const [open, setOpen] = useState<Ask | null>(null);
  const { busy, problem, send } = useSending();
  const [asksAgain, setAsksAgain] = useState(false);
  const stored = "payout:" + pseudonym;
  useEffect(() => void getMeta<Ask>(stored).then((ask) => setOpen(ask ?? null)), [stored]);

  const request = (fresh: Omit<Ask, "id">) => {
    const ask = open ?? { id: uuid7(), ...fresh };
    return send(
      () => post(ask),
      (error) => refused(failureOf(error), ask),
    );
  };
  const post = async (ask: Ask) => {
    setAsksAgain(false);
    await setMeta(stored, ask);
    await api("/wallet/payouts", { body: ask });
    await deleteMeta(stored);
    onSent();
  };
  const refused = async (failure: ApiError, ask: Ask) => {
    const again = failure.refusal.code === "sign_in_again";
    const waits = again || failure.mayPass || failure.signedOut;
    if (!waits) await deleteMeta(stored); // refused in so many words: nothing has left
    setOpen(waits ? ask : null);
    setAsksAgain(again);
    return again ? "" : waits ? t("payout.not_heard") : wordsOf(failure);
  };
  return { open, busy, problem, asksAgain, request };
}

export function PayoutSheet({ me, close, sent }: { me: Me; close(): void; sent(): void }) {
  const worker = me.worker!;
  const [amount, setAmount] = useState(inCents(freeMicro(worker)));
  const [phone, setPhone] = useState(me.phone ?? "");
  const [terms, setTerms] = useState<PayoutTerms | null>(null);
  useEffect(() => void api<PayoutTerms>("/wallet/terms").then(setTerms, console.info), []);
  const waitS = terms?.new_number_wait_s ?? 0;
  const { open, busy, problem, asksAgain, request } = usePayout(worker.pseudonym, () => {
    announce(t("payout.asked"), true);
    sent();
    close();
  });
  const [looking, setLooking] = useState(false);
  const [unread, setUnread] = useState(false);
  const micro = microOf(amount);
  const ask = () => request({ amount_micro: open?.amount_micro ?? micro!, destination: { phone: phone.trim() } });
  const submit = (event: Event) => {
    event.preventDefault();
    setUnread(!open && micro === null);
    if (!open && micro === null) return;
    if (!open && !looking) return setLooking(true);
    setLooking(false);
    void ask();
  };
  if (open && asksAgain)
    return (
      <Sheet title={t("payout.ask")} onClose={close} testid="payout-sheet">
        <div class="stack">
          <p>{t("confirm.for", { money: inLedger(open.amount_micro, worker.currency), phone: open.destination.phone })}</p>
          <ConfirmIt done={() => void ask()} />
          <button type="button" class="button quiet wide" onClick={close}>
            {t("sheet.close")}
          </button>
        </div>
      </Sheet>
    );
  return (
    <Sheet title={t("payout.ask")} onClose={close} testid="payout-sheet">
      <form class="stack" onSubmit={submit}>
        {open ? (
          <p class="note">{t("payout.open", { money: inLedger(open.amount_micro, worker.currency), phone: open.destination.phone })}</p>
        ) : looking ? (
          <Look micro={micro ?? 0} currency={worker.currency} phone={phone} operator={terms?.operator ?? ""} change={() => setLooking(false)} />
        ) : (
          <>
            <label class="field">
              {t("payout.amount", { currency: worker.currency })}
              <input required inputMode="decimal" value={amount} onInput={(event) => setAmount(event.currentTarget.value)} data-testid="payout-amount" />
              <span class="hint small muted">{t("payout.limits", { least: inLedger(me.payout_min_micro, worker.currency), most: inLedger(freeMicro(worker), worker.currency) })}</span>
            </label>
            <label class="field">
              {t("payout.phone")}
              <input required type="tel" autocomplete="tel" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} data-testid="payout-phone" />
              {waitS > 0 && <span class="hint small muted">{t("payout.new_number", { hours: Math.ceil(waitS / 3600) })}</span>}
            </label>
          </>
        )}
        <Problem text={unread ? t("payout.unread") : problem} />
        <button type="submit" class="button main wide" disabled={busy} data-testid="payout-send">
          {t(open ? "payout.repeat" : looking ? "payout.send" : "payout.check")}
        </button>
        <button type="button" class="button quiet wide" onClick={close}>
          {t("sheet.close")}
        </button>
      </form>
    </Sheet>
  );
}

type LookProps = { micro: number; currency: string; phone: string; operator: string; change(): void };

/** What will happen, before it does: how much, to where, by whom, what it costs, what arrives. */
function Look({ micro, currency, phone, operator, change }: LookProps) {
  const arrives = inLedger(micro, currency);
  const facts: [string, string][] = [
    [t("payout.to"), phone],
    ...(operator ? ([[t("payout.operator"), operator]] as [string, string][]) : []),
    [t("payout.fee"), t("payout.free")],
    [t("payout.arrives"), rateOf(currency) ? `${arrives} (${t("payout.about", { money: money(micro, currency) })})` : arrives],
  ];
  return (
    <>
      <dl class="facts-list" data-testid="payout-look">
        {facts.map(([name, value]) => (
          <div class="row apart">
            <dt>{name}</dt>
            <dd>
              <strong>{value}</strong>
            </dd>
          </div>
        ))}
      </dl>
      <button type="button" class="button quiet wide" onClick={change} data-testid="payout-change">
        {t("payout.change")}
      </button>
    </>
  );
}
