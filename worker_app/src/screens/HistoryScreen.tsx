import { useEffect, useState } from "preact/hooks";
import { batches } from "@app/app/offers";
import { usePages } from "@app/app/pages";
import { owner } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { HistoryLine } from "@app/app/types";
import { loadTaskType, type LoadedMedia } from "@app/app/widget";
import { t } from "@app/i18n";
import { price, when } from "@app/i18n/format";
import type { Kept } from "@app/outbox/db";
import { waiting } from "@app/outbox/outbox";
import { sync } from "@app/outbox/sync";
import { AppealMiss, MissAppealState } from "./parts/AppealMiss";
import { Icon } from "./parts/Icon";
import { PageList } from "./parts/PageList";
import { ReceiptBox } from "./parts/ReceiptBox";
import { questionOf } from "./task/next_task";

const NO_MEDIA: LoadedMedia = { kind: null, url: null, widthPx: 0, heightPx: 0, durationMs: 0, peaks: null };

export function HistoryScreen() {
  const pages = usePages<HistoryLine>("/work/history");
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="history">
      <h1>{t("nav.history")}</h1>
      <OnThisPhone />
      <PageList pages={pages} empty={t("history.empty")} row={(line) => <Line line={line} key={line.answer} />} />
    </div>
  );
}

/** What was kept and not yet acknowledged: never out of sight. */
function OnThisPhone() {
  const { unsent } = useStore(sync);
  const [entries, setEntries] = useState<Kept[]>([]);
  useEffect(() => void waiting(owner()).then(setEntries), [unsent]);
  if (!entries.length) return null;
  return (
    <section class="card" data-testid="on-this-phone">
      <h2>{t("history.on_phone", { n: entries.length })}</h2>
      <ul class="lines">
        {entries.map((kept) => (
          <li class="line">
            <Icon name="phone" />
            <span>{t(`history.${kept.kind}`)}</span>
            <span class="amount muted">{when(new Date(kept.keptAtMs).toISOString())}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ line }: { line: HistoryLine }) {
  const paid = line.base_micro + (line.bonus_micro ?? 0);
  return (
    <li>
      <details>
        <summary>
          <span class="grow">
            <strong>{line.title}</strong>
            <br />
            <span class="muted small">{when(line.at)}</span>{" "}
            <Outcome line={line} />
          </span>
          <span class="amount">
            <span class="money">{price(paid, line.currency)}</span>
            <br />
            <span class="muted small">{t(`history.${line.state}`)}</span>
          </span>
        </summary>
        <div class="stack tight">
          <AnswerShown line={line} />
          <Pay line={line} />
          {line.appeal && <MissAppealState appeal={line.appeal} currency={line.currency} />}
          {line.may_appeal && <AppealMiss missed={line} />}
          {line.receipt && <ReceiptBox receipt={line.receipt} id={line.answer} />}
        </div>
      </details>
    </li>
  );
}

/** What the amount is made of: the base at once, the bonus when the answer is checked. */
function Pay({ line }: { line: HistoryLine }) {
  return (
    <p class="muted small">
      {t("history.base", { money: price(line.base_micro, line.currency) })} ·{" "}
      {line.bonus_micro === null ? t("history.bonus_later") : t("history.bonus", { money: price(line.bonus_micro, line.currency) })}
    </p>
  );
}

function Outcome({ line }: { line: HistoryLine }) {
  if (line.appeal) return <span class={line.appeal.outcome === "lost" ? "chip warm" : "chip good"}>{t(`history.appeal_${line.appeal.outcome || "waits"}`)}</span>;
  if (line.gold_right !== null) return <span class={line.gold_right ? "chip good" : "chip warm"}>{t(line.gold_right ? "history.gold_right" : "history.gold_missed")}</span>;
  if (line.agreed === null) return null;
  return <span class={line.agreed ? "chip good" : "chip"}>{t(line.agreed ? "history.agreed" : "history.differed")}</span>;
}

function AnswerShown({ line }: { line: HistoryLine }) {
  const [type, setType] = useState<Awaited<ReturnType<typeof loadTaskType>>>(null);
  useEffect(() => void loadTaskType(line.task_type).then((loaded) => setType(loaded)), []);
  const batch = batches.get()?.find((one) => one.project === line.project);
  const question = batch ? questionOf(batch, { id: 0 }) : { labels: [], kind: "", language: "", text: "", widthPx: 0, heightPx: 0 };
  return type && <type.Shown value={line.value} question={question} media={NO_MEDIA} />;
}
