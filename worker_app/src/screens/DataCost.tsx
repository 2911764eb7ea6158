import { useEffect, useState } from "preact/hooks";
import { costMicro, dataPrice, setDataPrice, usedByDay, wageAfterMicro, type DataPrice, type Used } from "@app/app/data_cost";
import type { Worked } from "@app/app/types";
import { t } from "@app/i18n";
import { asShown, bytes, inLedger } from "@app/i18n/format";

export type DataCost = { price: DataPrice | null; used: Used; say(price: DataPrice | null): void };

export function useDataCost(): DataCost {
  const [price, setPrice] = useState<DataPrice | null>(null);
  const [used, setUsed] = useState<Used>({});
  useEffect(() => void Promise.all([dataPrice().then(setPrice), usedByDay().then(setUsed)]), []);
  const say = (next: DataPrice | null) => void setDataPrice(next).then(() => setPrice(next));
  return { price, used, say };
}

/** Of a day, when she has said what her data cost, in the currency in which her money is shown now. */
export function DayAfterData({ day, cost: { price, used } }: { day: Worked & { day: string }; cost: DataCost }) {
  const fetched = used[day.day];
  const [earned, currency] = asShown(day.earned_micro, day.currency);
  if (!fetched || price?.currency !== currency) return null;
  const cost = costMicro(fetched, price);
  const wage = wageAfterMicro(earned, day.active_ms, cost);
  return (
    <span class="muted small" data-testid={`data-${day.day}`}>
      <br />
      {t("data.day", { size: bytes(fetched), money: inLedger(cost, currency) })}
      {wage !== null && <> · {t("data.after", { money: inLedger(wage, currency) })}</>}
    </span>
  );
}

const PLAIN = /^\d{1,7}([.,]\d{1,2})?$/;

/** Empty: nothing is said of data. */
export function DataPriceField({ cost: { price, say }, currency: paidIn }: { cost: DataCost; currency: string }) {
  const [, currency] = asShown(0, paidIn);
  const said = price?.currency === currency ? String(price.micro / 1e6) : "";
  const change = (text: string) => {
    const given = text.trim();
    if (given === "") say(null);
    else if (PLAIN.test(given)) say({ micro: Math.round(Number(given.replace(",", ".")) * 1e6), currency });
  };
  return (
    <section class="card stack tight">
      <label class="field">
        {t("data.ask", { currency })}
        <input inputMode="decimal" value={said} onChange={(event) => change(event.currentTarget.value)} data-testid="data-price" />
      </label>
      <p class="muted small">{t("data.text")}</p>
    </section>
  );
}
