import { useEffect, useState } from "preact/hooks";
import { api, ApiError } from "@app/app/api";
import { usePages } from "@app/app/pages";
import { dataSaver, owner } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { HistoryLine, HistoryTold } from "@app/app/types";
import { loadTaskType, type LoadedMedia, type Question, type TaskType } from "@app/app/widget";
import { t } from "@app/i18n";
import { price, when } from "@app/i18n/format";
import type { Kept } from "@app/outbox/db";
import { waiting } from "@app/outbox/outbox";
import { sync } from "@app/outbox/sync";
import { Covered } from "./content/Covered";
import { Answer } from "./parts/Answer";
import { AppealMiss, MissAppealState } from "./parts/AppealMiss";
import { chooseFor, loadMedia, release } from "@app/prefetch/media";
import { wordsOf } from "./parts/faults";
import { Icon } from "./parts/Icon";
import { ItemShown } from "./parts/ItemShown";
import { PageList } from "./parts/PageList";
import { ReceiptBox } from "./parts/ReceiptBox";
import { questionOf } from "./task/asked";

const HISTORY_PX = 640;

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

export function Line({ line }: { line: HistoryLine }) {
  const [open, setOpen] = useState(false);
  const paid = line.base_micro + (line.bonus_micro ?? 0) + line.top_up_micro;
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)} data-testid={`line-${line.answer}`}>
        <summary>
          <span class="grow">
            <strong>{line.title}</strong>
            <br />
            <span class="muted small">{when(line.at)}</span> <Outcome line={line} />
          </span>
          <span class="amount">
            <span class="money">{price(paid, line.currency)}</span>
            <br />
            <span class="muted small">{t(`history.${line.state}`)}</span>
          </span>
        </summary>
        <div class="stack tight">
          {open && <WhatItWas line={line} />}
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
      {line.bonus_micro === null ? t("history.bonus_later") : t("history.bonus", { money: price(line.bonus_micro, line.currency) })} ·{" "}
      {line.top_up_micro > 0 && `${t("history.top_up", { money: price(line.top_up_micro, line.currency) })} · `}
      {t("history.fee", { fee: price(line.fee_micro, line.currency) })}
    </p>
  );
}

function Outcome({ line }: { line: HistoryLine }) {
  if (line.appeal) return <span class={line.appeal.outcome === "lost" ? "chip warm" : "chip good"}>{t(`history.appeal_${line.appeal.outcome || "waits"}`)}</span>;
  if (line.taught) return <span class="chip">{t("history.taught")}</span>;
  if (line.gold_right !== null) return <span class={line.gold_right ? "chip good" : "chip warm"}>{t(line.gold_right ? "history.gold_right" : "history.gold_missed")}</span>;
  if (line.agreed === null) return null;
  return <span class={line.agreed ? "chip good" : "chip"}>{t(line.agreed ? "history.agreed" : "history.differed")}</span>;
}

/** The picture, sound or text, her answer, and the right one where it is known: fetched when she opens the line. */
function WhatItWas({ line }: { line: HistoryLine }) {
  const [was, setWas] = useState<Was | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let gone = false;
    load(line).then(
      (loaded) => (gone ? release(loaded?.media ?? null) : setWas(loaded)),
      (error: unknown) => setProblem(error instanceof ApiError ? wordsOf(error) : t("error.no_network")),
    );
    return () => {
      gone = true;
    };
  }, []);
  useEffect(() => () => release(was?.media ?? null), [was]);
  if (problem) return <p class="note">{problem}</p>;
  if (!was) return <p class="muted">{t("task.loading")}</p>;
  return (
    <Covered warnings={was.told.warnings}>
      <div class="stack tight" data-testid="what-it-was">
        <ItemShown question={was.question} media={was.media} />
        {was.told.truth !== undefined && (
          <div class="note good" data-testid="right-answer">
            <p class="small">{t("gold.right_answer")}</p>
            <Answer type={was.type} value={was.told.truth} question={was.question} media={was.media} />
            {was.told.explanation && <p>{was.told.explanation}</p>}
          </div>
        )}
        <div class="note">
          <p class="small">{t("gold.your_answer")}</p>
          <Answer type={was.type} value={was.told.value} question={was.question} media={was.media} />
        </div>
      </div>
    </Covered>
  );
}

type Was = { told: HistoryTold; question: Question; media: LoadedMedia; type: TaskType<unknown, unknown> };

async function load(line: HistoryLine): Promise<Was | null> {
  const told = await api<HistoryTold>(`/work/history/${line.answer}`);
  const type = await loadTaskType(line.task_type, told.config);
  if (!type) return null;
  const chosen = chooseFor(told.item, HISTORY_PX, dataSaver.get());
  return { told, type, question: questionOf({ config: told.config }, told.item), media: await loadMedia(told.item, chosen) };
}
