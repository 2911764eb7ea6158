import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import type { Statements as Told } from "@app/app/types";
import { t } from "@app/i18n";
import { exactly, month, rateOf, weekday } from "@app/i18n/format";
import { Sum } from "./parts/Sum";
import { Problem, useSending } from "./parts/sending";

/** Month by month what came in and went out, and the same as files that a bank or a tax office reads. Asked for when she opens it. */
export function Statements() {
  const [told, setTold] = useState<Told | null>(null);
  const { problem, send } = useSending();
  const ask = async () => setTold(await api<Told>("/wallet/statements"));
  return (
    <details class="card" data-testid="statements" onToggle={(event) => event.currentTarget.open && void send(ask)}>
      <summary>{t("statements.title")}</summary>
      <div class="stack tight">
        <p class="small">{t("statements.text")}</p>
        <Problem text={problem} />
        {told?.results.length === 0 && <p>{t("wallet.empty")}</p>}
        <ul class="lines">
          {told?.results.map((one) => (
            <Row one={one} currency={told.currency} key={one.month} />
          ))}
        </ul>
      </div>
    </details>
  );
}

function Row({ one, currency }: { one: Told["results"][number]; currency: string }) {
  const name = month(one.month);
  const file = (kind: "pdf" | "csv") => (
    <a class="button" href={`/api/v1/wallet/statements/${one.month}?as=${kind}`} download aria-label={t(`statements.${kind}_of`, { month: name })} data-testid={`statement-${one.month}-${kind}`}>
      {kind.toUpperCase()}
    </a>
  );
  return (
    <li class="stack tight">
      <strong>{name}</strong>
      <dl class="facts-list small">
        <div class="row apart">
          <dt>{t("statements.in")}</dt>
          <dd>
            <Sum micro={one.in_micro} currency={currency} testid={`in-${one.month}`} />
          </dd>
        </div>
        <div class="row apart">
          <dt>{t("statements.out")}</dt>
          <dd>
            <Sum micro={one.out_micro} currency={currency} />
          </dd>
        </div>
        <div class="row apart">
          <dt>{t("statements.closing")}</dt>
          <dd>
            <Sum micro={one.closing_micro} currency={currency} testid={`closing-${one.month}`} />
          </dd>
        </div>
      </dl>
      <p class="row">
        {file("pdf")}
        {file("csv")}
      </p>
    </li>
  );
}

/** Where sums are shown in her own currency: by which rate, of which day, from where; and that the ledger counts in its own. */
export function RateNote({ currency }: { currency: string }) {
  const rate = rateOf(currency);
  if (!rate) return null;
  const said = { one: exactly(1_000_000, currency), local: exactly(rate.rate_micro, rate.currency), day: weekday(rate.day), source: rate.source, currency };
  return (
    <p class="muted small" data-testid="rate">
      {t("money.rate", said)}
    </p>
  );
}
