import { useEffect, useState } from "preact/hooks";
import { api, failureOf } from "@app/app/api";
import type { KindRow, ScoreRow, Scores, Worked } from "@app/app/types";
import { t } from "@app/i18n";
import { BeltNow } from "./BeltNow";
import { DataPriceField, DayAfterData, useDataCost, type DataCost } from "./DataCost";
import { wordsOf } from "./parts/faults";
import { finePercent, money, number, roundMoney, weekday } from "@app/i18n/format";

const TOLD_MS = 30_000; // less of an hour is no minute

/** What her pay is made of: the counts, the score, what raises it, and the rule word for word. Never a secret number. */
export function ScoreScreen() {
  const cost = useDataCost();
  const [scores, setScores] = useState<Scores | null>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    api<Scores>("/work/scores").then(setScores, (error: unknown) => setTrouble(failureOf(error).mayPass ? t("error.no_network") : wordsOf(error)));
  }, []);
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="my-scores">
      <h1>{t("scores.title")}</h1>
      <p>{t("scores.lead")}</p>
      {trouble && <p class="note">{trouble}</p>}
      {!scores && !trouble && <div class="spinner" role="progressbar" aria-label={t("task.loading")} />}
      <a class="button wide" href="#/my-certificate" data-testid="to-certificate">
        {t("scores.certificate")}
      </a>
      {scores?.results.length === 0 && <p class="card">{t("scores.none")}</p>}
      {scores && scores.days.length > 0 && <Days days={scores.days} cost={cost} />}
      {scores && scores.days.length > 0 && <DataPriceField cost={cost} currency={scores.days[0]!.currency} key={cost.price?.micro ?? "none"} />}
      {scores && scores.kinds.length > 0 && <Kinds kinds={scores.kinds} />}
      {scores?.results.map((row) => (
        <ProjectScore row={row} key={row.project} />
      ))}
      {scores && (
        <details class="card">
          <summary>{t("scores.rule")}</summary>
          <p class="small said" lang="en">
            {scores.rule.text}
          </p>
        </details>
      )}
    </div>
  );
}

function ProjectScore({ row }: { row: ScoreRow }) {
  const score = finePercent(row.score_bps / 1e4);
  return (
    <section class="card stack tight" data-testid={`score-${row.project}`} data-bps={row.score_bps}>
      <h2>{row.title}</h2>
      <p class="money score-now" aria-label={t("scores.score", { score })}>
        {score}
      </p>
      <p>{t("scores.share", { score })}</p>
      <ul class="small">
        <li>{t("scores.gold", { right: row.gold_right, n: row.gold_seen })}</li>
        {row.taught && <li>{t("scores.taught")}</li>}
        <li>{t("scores.agreed", { agreed: row.agreed, n: row.decided })}</li>
        <li>{t("scores.start")}</li>
      </ul>
      <p class="small">{t("scores.raises", { gold: finePercent(row.score_after_gold_bps / 1e4), agreed: finePercent(row.score_after_agreed_bps / 1e4) })}</p>
      <p class="muted small">{worked(row)}</p>
    </section>
  );
}

/** Her wage by kind of task, and between which wages half of her answers lie; nothing is said of less than ten minutes. */
function Kinds({ kinds }: { kinds: KindRow[] }) {
  return (
    <section class="card stack tight" data-testid="kinds">
      <h2>{t("scores.kinds")}</h2>
      <p class="small">{t("mastery.rule")}</p>
      <ul class="lines">
        {kinds.map((kind) => (
          <li class="line" data-testid={`kind-${kind.task_type}-${kind.medium}`}>
            <span class="grow">
              <strong>{t("scores.kind", { what: t(`${kind.task_type}.what`), medium: t(`medium.${kind.medium}`) })}</strong>
              <br />
              <span class="muted small">{kind.wage_micro_per_hour === null ? t("scores.too_short", { said: worked(kind) }) : worked(kind)}</span>
              <br />
              <BeltNow kind={kind} />
              {kind.wage_low_micro_per_hour !== null && kind.wage_high_micro_per_hour !== null && (
                <>
                  <br />
                  <span class="muted small">
                    {t("scores.spread", { low: roundMoney(kind.wage_low_micro_per_hour, kind.currency), high: roundMoney(kind.wage_high_micro_per_hour, kind.currency) })}
                  </span>
                </>
              )}
            </span>
            <span class="amount money">{money(kind.earned_micro, kind.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Days({ days, cost }: { days: Scores["days"]; cost: DataCost }) {
  return (
    <section class="card stack tight" data-testid="days">
      <h2>{t("scores.days")}</h2>
      <ul class="lines">
        {days.map((day) => (
          <li class="line">
            <span class="grow">
              <strong>{weekday(day.day)}</strong>
              <br />
              <span class="muted small">{worked(day)}</span>
              <DayAfterData day={day} cost={cost} />
            </span>
            <span class="amount money">{money(day.earned_micro, day.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const inMinutes = (ms: number): string => number(Math.max(1, Math.round(ms / 60_000)));

/** All her time, and what of it was not on answers. */
function worked({ answers, active_ms, reading_ms, returned_ms, wage_micro_per_hour, currency }: Worked): string {
  const said = [t("scores.worked", { n: answers, minutes: inMinutes(active_ms) })];
  if (reading_ms >= TOLD_MS) said.push(t("scores.reading", { minutes: inMinutes(reading_ms) }));
  if (returned_ms >= TOLD_MS) said.push(t("scores.returned", { minutes: inMinutes(returned_ms) }));
  if (wage_micro_per_hour !== null) said.push(t("scores.wage", { money: roundMoney(wage_micro_per_hour, currency) }));
  return said.join(" · ");
}
