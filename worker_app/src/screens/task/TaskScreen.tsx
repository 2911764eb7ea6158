import { useEffect, useState } from "preact/hooks";
import { go } from "@app/app/router";
import type { Batch } from "@app/app/types";
import { Doubtful, Unfinished } from "@app/app/widget";
import { t } from "@app/i18n";
import { money, percent } from "@app/i18n/format";
import { getMeta, setMeta } from "@app/outbox/db";
import { announce } from "../parts/announce";
import { Icon } from "../parts/Icon";
import { Markdown } from "../parts/Markdown";
import { Sheet } from "../parts/Sheet";
import { SyncChip } from "../parts/SyncChip";
import { pick } from "@app/i18n";
import { canUndo, latest } from "./history";
import type { Task } from "./next_task";
import { NothingToDo } from "./NothingToDo";
import { ReportSheet } from "./ReportSheet";
import { afterTask, type Stretch } from "./rest";
import { useTask } from "./use_task";

type Over = "more" | "report" | "instructions" | "rest" | { doubt: string } | null;

export function TaskScreen({ batch }: { batch: Batch }) {
  const { task, none, leaving, drafts, change, undo, answer, leave, next } = useTask(batch);
  const [over, setOver] = useState<Over>(null);
  const [earned, setEarned] = useState({ tasks: 0, micro: 0 });
  const draft = latest(drafts);

  const done = async (sure = false) => {
    if (!task) return;
    try {
      const value = task.type.finish(draft, task.question, sure);
      setOver(null);
      if (!(await answer(value))) return;
      setEarned(({ tasks, micro }) => ({ tasks: tasks + 1, micro: micro + batch.base_micro }));
      announce(t("task.saved", { money: money(batch.base_micro, batch.currency) }), true);
      if (await restIsDue()) setOver("rest");
    } catch (error) {
      if (error instanceof Unfinished) announce(t(error.message), true);
      else if (error instanceof Doubtful) setOver({ doubt: error.message });
      else throw error;
    }
  };
  const skip = async () => {
    setOver(null);
    if (await leave("skip", {})) announce(t("task.skipped"), true);
  };
  const report = async (reason: string, comment: string) => {
    setOver(null);
    if (await leave("report", { reason, comment })) announce(t("task.reported"), true);
  };
  useTaskKeys(undo, done);

  if (none) return <NothingToDo batch={batch} none={none} earned={earned} again={next} />;
  if (!task) return <div class="spinner" role="progressbar" aria-label={t("task.loading")} />;
  const { Widget } = task.type;
  return (
    <main class="task" data-testid="task" inert={leaving}>
      <TaskTop batch={batch} earned={earned} />
      <div class="task-body" key={task.packed.lease}>
        <SuggestionBar task={task} take={(value) => change(task.type.start(value))} />
        <Widget question={task.question} media={task.media} draft={draft} change={change} announce={announce} finish={() => void done()} />
      </div>
      <div class="task-keys">
        <button type="button" class="button" onClick={undo} disabled={!canUndo(drafts)} data-testid="undo">
          <Icon name="undo" />
          {t("task.undo")}
        </button>
        <button type="button" class="button square" onClick={() => setOver("more")} aria-label={t("task.more")} data-testid="more">
          <Icon name="more" />
        </button>
        <button type="button" class="button main" onClick={() => void done()} data-testid="done">
          <Icon name="check" />
          {t(task.type.doneKey?.(draft) ?? "task.done")}
        </button>
      </div>
      {over === "more" && <MoreSheet open={setOver} skip={skip} />}
      {over === "report" && <ReportSheet send={report} close={() => setOver(null)} />}
      {over === "instructions" && (
        <Sheet title={batch.title} onClose={() => setOver(null)}>
          <Markdown text={pick(batch.instructions)} />
          <button type="button" class="button main" onClick={() => setOver(null)}>
            {t("task.go_on")}
          </button>
        </Sheet>
      )}
      {over === "rest" && <RestSheet close={() => setOver(null)} />}
      {over && typeof over === "object" && (
        <Sheet title={t(over.doubt)} onClose={() => setOver(null)} testid="doubt">
          <button type="button" class="button main" onClick={() => setOver(null)}>
            {t("task.look_again")}
          </button>
          <button type="button" class="button" onClick={() => void done(true)} data-testid="sure">
            {t("task.sure")}
          </button>
        </Sheet>
      )}
    </main>
  );
}

function TaskTop({ batch, earned }: { batch: Batch; earned: { tasks: number; micro: number } }) {
  return (
    <div class="task-top">
      <button type="button" class="button quiet square" onClick={() => go("work")} aria-label={t("task.close")} data-testid="close-task">
        <Icon name="close" />
      </button>
      <h1 class="title">
        {batch.title}
        <small class="numbers">{t("task.so_far", { n: earned.tasks, money: money(earned.micro, batch.currency) })}</small>
      </h1>
      <SyncChip />
    </div>
  );
}

/** A model's pre-label is offered, never filled in: she starts from it or she does not. */
function SuggestionBar({ task, take }: { task: Task; take(value: unknown): void }) {
  const [open, setOpen] = useState(true);
  const { suggestion } = task.packed;
  if (!suggestion || !open) return null;
  const { Shown } = task.type;
  const close = (value?: unknown) => {
    if (value !== undefined) take(value);
    setOpen(false);
  };
  return (
    <aside class="suggestion" data-testid="suggestion">
      <div class="grow">
        {t("suggestion.says", { sure: percent(suggestion.confidence_ppm / 1e6) })}{" "}
        <Shown value={suggestion.value} question={task.question} media={{ ...task.media, url: null }} />
      </div>
      <button type="button" class="button" onClick={() => close(suggestion.value)} data-testid="suggestion-take">
        {t("suggestion.take")}
      </button>
      <button type="button" class="button quiet" onClick={() => close()} data-testid="suggestion-refuse">
        {t("suggestion.refuse")}
      </button>
    </aside>
  );
}

function MoreSheet({ open, skip }: { open(over: Over): void; skip(): void }) {
  return (
    <Sheet title={t("task.more")} onClose={() => open(null)}>
      <p class="muted">{t("task.free")}</p>
      <button type="button" class="button" onClick={skip} data-testid="skip">
        {t("task.skip")}
      </button>
      <button type="button" class="button" onClick={() => open("report")} data-testid="report">
        {t("task.report")}
      </button>
      <button type="button" class="button" onClick={() => open("instructions")}>
        {t("task.instructions")}
      </button>
      <button type="button" class="button quiet" onClick={() => open(null)}>
        {t("task.go_on")}
      </button>
    </Sheet>
  );
}

function RestSheet({ close }: { close(): void }) {
  return (
    <Sheet title={t("rest.title")} onClose={close} testid="rest">
      <p>{t("rest.text")}</p>
      <button type="button" class="button main" onClick={() => go("work")}>
        {t("rest.pause")}
      </button>
      <button type="button" class="button quiet" onClick={close}>
        {t("task.go_on")}
      </button>
    </Sheet>
  );
}

async function restIsDue(): Promise<boolean> {
  const { stretch, nudge } = afterTask(await getMeta<Stretch>("stretch"), Date.now());
  await setMeta("stretch", stretch);
  return nudge;
}

/** Ctrl+Z takes back; Enter finishes, except where Enter already means something. */
function useTaskKeys(undo: () => void, done: () => Promise<void>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      const target = event.target as HTMLElement;
      const writing = target.matches("textarea, input");
      if (event.key === "z" && (event.ctrlKey || event.metaKey) && !writing) undo();
      else if (event.key === "Enter" && !writing && !target.matches("button:not([role=radio]), a")) void done();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}
