import { useState } from "preact/hooks";
import { go } from "@app/app/router";
import { oneTap, setOneTap } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { Batch } from "@app/app/types";
import { saidIn, t, type Sentence } from "@app/i18n";
import { money } from "@app/i18n/format";
import { announce, useShownWord } from "../parts/announce";
import { AnswerInWords } from "../parts/Answer";
import { Icon } from "../parts/Icon";
import { Sheet } from "../parts/Sheet";
import { SyncChip } from "../parts/SyncChip";
import type { Task } from "./next_task";
import { ReportSheet } from "./ReportSheet";
import { ruleOf } from "./taught";
import { HowTo } from "./Teach";

/** What lies over the task just now. */
export type Over = "more" | "report" | "instructions" | "rest" | "rest_covered" | { report: string } | { doubt: string } | { differs: unknown } | null;
export type Earned = { tasks: number; micro: number };

/** A word of the moment stands where the counter stands: nothing of the task is covered, and nothing moves. */
export function TaskTop({ batch, earned, teach }: { batch: Batch; earned: Earned; teach(): void }) {
  const said = useShownWord();
  return (
    <div class="task-top">
      <button type="button" class="button quiet square" onClick={() => go("work")} aria-label={t("task.close")} data-testid="close-task">
        <Icon name="close" />
      </button>
      <div class="title">
        <h1 class="visually-hidden">{batch.title}</h1>
        <button type="button" class="rule" dir="auto" onClick={teach} data-testid="rule" data-opens-whole>
          {ruleOf(batch)}
        </button>
        {said ? (
          <span class="counted said-now" aria-hidden="true" key={said}>
            {said}
          </span>
        ) : (
          <span class="counted numbers">{t("task.so_far", { n: earned.tasks, money: money(earned.micro, batch.currency) })}</span>
        )}
      </div>
      <SyncChip />
    </div>
  );
}

/** A model's pre-label is offered, never filled in: she starts from it or she does not. */
export function SuggestionBar({ task, take }: { task: Task; take(value: unknown): void }) {
  const [open, setOpen] = useState(true);
  const { suggestion } = task.packed;
  if (!suggestion || !open || task.type.guess === "after") return null;
  const close = (value?: unknown) => {
    if (value !== undefined) take(value);
    setOpen(false);
  };
  return (
    <aside class="suggestion" data-testid="suggestion">
      <div class="grow">
        {t("suggestion.start")} <AnswerInWords type={task.type} value={suggestion.value} question={task.question} />
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

/** Her own answer came first; now, where the computer said something else, she may look again. Neither key is the easier one. */
function DiffersSheet({ task, mine, keep, close }: { task: Task; mine: unknown; keep(): void; close(): void }) {
  return (
    <Sheet title={t("suggestion.differs")} onClose={close} testid="differs">
      <p class="muted">{t("suggestion.why")}</p>
      <div class="note">
        <p class="small">{t("suggestion.yours")}</p>
        <AnswerInWords type={task.type} value={mine} question={task.question} />
      </div>
      <div class="note">
        <p class="small">{t("suggestion.its")}</p>
        <AnswerInWords type={task.type} value={task.packed.suggestion!.value} question={task.question} />
      </div>
      <button type="button" class="button" onClick={keep} data-testid="keep-mine">
        {t("suggestion.keep")}
      </button>
      <button type="button" class="button" onClick={close} data-testid="look-again">
        {t("suggestion.change")}
      </button>
    </Sheet>
  );
}

type MoreProps = { task: Task; open(over: Over): void; skip(): void; cannotRead(): void };

/** Where several tasks are shown at once, what is to be said of one of them is said beside it. */
function MoreSheet({ task: { type, cells }, open, skip, cannotRead }: MoreProps) {
  const quick = useStore(oneTap);
  const toggle = () => {
    void setOneTap(!quick);
    open(null);
    announce(t(quick ? "quick.is_off" : "quick.is_on"), true);
  };
  return (
    <Sheet title={t("task.more")} onClose={() => open(null)}>
      <p class="muted">{t("task.free")}</p>
      <button type="button" class="button" onClick={skip} data-testid="skip">
        {cells ? t("task.skip_all", { n: cells.length }) : t("task.skip")}
      </button>
      {!cells && (
        <button type="button" class="button" onClick={cannotRead} data-testid="cannot-read">
          {t("task.cannot_read")}
        </button>
      )}
      {!cells && (
        <button type="button" class="button" onClick={() => open("report")} data-testid="report">
          {t("task.report")}
        </button>
      )}
      <button type="button" class="button" onClick={() => open("instructions")}>
        {t("task.instructions")}
      </button>
      {type.oneTap && !cells && (
        <button type="button" class="button" onClick={toggle} data-testid="one-tap" aria-pressed={quick}>
          {t(quick ? "quick.off" : "quick.on")}
        </button>
      )}
      <button type="button" class="button quiet" onClick={() => open(null)}>
        {t("task.go_on")}
      </button>
    </Sheet>
  );
}

function RestSheet({ covered, close }: { covered: boolean; close(): void }) {
  return (
    <Sheet title={t("rest.title")} onClose={close} testid="rest" unasked>
      <p>{t(covered ? "content.rest" : "rest.text")}</p>
      <button type="button" class="button main" onClick={() => go("work")}>
        {t("rest.pause")}
      </button>
      <button type="button" class="button quiet" onClick={close}>
        {t("task.go_on")}
      </button>
    </Sheet>
  );
}

type KeysProps = { canUndo: boolean; doneKey: Sentence | null; undo(): void; done(): void; more(): void };

/** The keys under the thumb. */
export function TaskKeys({ canUndo, doneKey, undo, done, more }: KeysProps) {
  return (
    <div class="task-keys">
      <button type="button" class="button undo" onClick={undo} disabled={!canUndo} aria-label={t("task.undo")} data-testid="undo">
        <Icon name="undo" />
        <span class="word">{t("task.undo")}</span>
      </button>
      <button type="button" class="button square" onClick={more} aria-label={t("task.more")} data-testid="more">
        <Icon name="more" />
      </button>
      {doneKey && (
        <button type="button" class="button main" onClick={done} data-testid="done">
          <Icon name="check" />
          {saidIn(doneKey)}
        </button>
      )}
    </div>
  );
}

type SheetsProps = {
  batch: Batch;
  task: Task;
  over: Over;
  open(over: Over): void;
  skip(): void;
  cannotRead(): void;
  report(reason: string, comment: string, only?: string): void;
  sure(): void;
  keepMine(value: unknown): void;
};

export function TaskSheets({ batch, task, over, open, skip, cannotRead, report, sure, keepMine }: SheetsProps) {
  const close = () => open(null);
  if (over === null) return null;
  if (over === "more") return <MoreSheet task={task} open={open} skip={skip} cannotRead={cannotRead} />;
  if (over === "report") return <ReportSheet send={report} close={close} />;
  if (over === "rest" || over === "rest_covered") return <RestSheet covered={over === "rest_covered"} close={close} />;
  if (over === "instructions")
    return (
      <Sheet title={batch.title} onClose={close} testid="how-to">
        <HowTo batch={batch} />
        <button type="button" class="button main" onClick={close}>
          {t("task.go_on")}
        </button>
      </Sheet>
    );
  if ("report" in over) return <ReportSheet send={(reason, comment) => report(reason, comment, over.report)} close={close} />;
  if ("differs" in over) return <DiffersSheet task={task} mine={over.differs} keep={() => keepMine(over.differs)} close={close} />;
  return (
    <Sheet title={t(over.doubt)} onClose={close} testid="doubt">
      <button type="button" class="button main" onClick={close}>
        {t("task.look_again")}
      </button>
      <button type="button" class="button" onClick={sure} data-testid="sure">
        {t("task.sure")}
      </button>
    </Sheet>
  );
}
