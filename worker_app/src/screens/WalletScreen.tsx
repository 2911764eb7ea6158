import { useEffect, useState } from "preact/hooks";
import { usePages } from "@app/app/pages";
import { refreshMe, session } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { WalletLine, WorkerSummary } from "@app/app/types";
import { has, t } from "@app/i18n";
import { exactly, money, price, when } from "@app/i18n/format";
import { getKept } from "@app/outbox/outbox";
import type { Receipt } from "@app/app/types";
import { CheckPay } from "./CheckPay";
import { Icon } from "./parts/Icon";
import { PageList } from "./parts/PageList";
import { ReceiptBox } from "./parts/ReceiptBox";
import { Sum } from "./parts/Sum";
import { freeMicro, HoldCard, isHeld } from "./HoldCard";
import { Payouts } from "./Payouts";
import { PayoutSheet } from "./PayoutSheet";
import { RateNote, Statements } from "./Statements";
import { TodayIs } from "./TodayIs";

export function WalletScreen() {
  const { me } = useStore(session);
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(0);
  const worker = me!.worker!;
  const free = freeMicro(worker);
  useEffect(() => void refreshMe(), [asked]);
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="wallet">
      <h1>{t("nav.wallet")}</h1>
      <TodayIs worker={worker} />
      <Balances worker={worker} />
      <RateNote currency={worker.currency} />
      {isHeld(worker) && <HoldCard hold={worker.hold!} currency={worker.currency} />}
      <button type="button" class="button main wide" disabled={free < me!.payout_min_micro} onClick={() => setAsking(true)} data-testid="ask-payout">
        {t("payout.ask")}
      </button>
      {free < me!.payout_min_micro && (
        <p class="muted small">
          {t("payout.from", { money: money(me!.payout_min_micro, worker.currency) })} {free > 0 && t("payout.dust", { least: money(me!.payout_min_micro, worker.currency) })}
        </p>
      )}
      <Payouts key={asked} changed={() => setAsked(asked + 1)} />
      <Statements />
      <CheckPay />
      <Lines currency={worker.currency} />
      {asking && <PayoutSheet me={me!} close={() => setAsking(false)} sent={() => setAsked(asked + 1)} />}
    </div>
  );
}

function Balances({ worker }: { worker: WorkerSummary }) {
  const card = (name: "available" | "pending" | "in_flight") => (
    <div class={`card ${name}`}>
      <p class="small">{t(`wallet.${name}`)}</p>
      <p class="money">
        <Sum micro={worker[`${name}_micro`]} currency={worker.currency} testid={`balance-${name}`} />
      </p>
    </div>
  );
  return (
    <div class="balances">
      {card("available")}
      {card("pending")}
      {card("in_flight")}
    </div>
  );
}

function Lines({ currency }: { currency: string }) {
  const [account, setAccount] = useState<"available" | "pending">("available");
  const pages = usePages<WalletLine>(`/wallet/lines?account=${account}`);
  return (
    <section class="card stack tight" data-testid="wallet-lines">
      <h2>{t("wallet.lines")}</h2>
      <div class="segmented">
        {(["available", "pending"] as const).map((name) => (
          <button type="button" aria-pressed={account === name} onClick={() => setAccount(name)} data-testid={`lines-${name}`}>
            {t(`wallet.${name}`)}
          </button>
        ))}
      </div>
      <PageList pages={pages} empty={t("wallet.empty")} row={(line) => <Line line={line} currency={currency} key={line.id} />} />
    </section>
  );
}

function Line({ line, currency }: { line: WalletLine; currency: string }) {
  const name = `wallet.kind.${line.kind.replaceAll(" ", "_")}`;
  const plus = line.amount_micro > 0;
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Icon name={plus ? "plus" : "minus"} />
          <span class="grow">
            <strong>{has(name) ? t(name) : line.kind}</strong>
            <br />
            <span class="muted small">{when(line.at)}</span>
          </span>
          <span class="amount numbers">
            <span class={plus ? "money plus" : "money"}>
              {plus && "+"}
              {price(line.amount_micro, currency)}
            </span>
            <br />
            <span class="muted small">{t("wallet.balance", { money: money(line.balance_micro, currency) })}</span>
          </span>
        </summary>
        {open && <p class="muted small">{t("money.exact", { money: exactly(line.amount_micro, currency) })}</p>}
        {open && <Proof line={line} />}
      </details>
    </li>
  );
}

/** The receipt behind a line, from this phone; the ledger's own key when the work was done on another phone. */
function Proof({ line }: { line: WalletLine }) {
  const id = line.key.split(":")[1] ?? "";
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  useEffect(() => void getKept(id).then((kept) => setReceipt(kept?.result?.receipt ?? null)), [id]);
  if (receipt) return <ReceiptBox receipt={receipt} id={id} />;
  return (
    <dl class="receipt">
      <dt>{t("wallet.key")}</dt>
      <dd>{line.key}</dd>
      {line.note && (
        <>
          <dt>{t("wallet.note")}</dt>
          <dd>{typeof line.note === "string" ? line.note : JSON.stringify(line.note)}</dd>
        </>
      )}
    </dl>
  );
}
