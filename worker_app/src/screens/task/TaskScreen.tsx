import { useEffect, useRef, useState } from "preact/hooks";
import { serverNowMs } from "@app/app/clock";
import { useTaskKeys } from "@app/app/keys";
import { go } from "@app/app/router";
import { oneTap } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { Batch } from "@app/app/types";
import { Doubtful, Further, Unfinished } from "@app/app/widget";
import { t } from "@app/i18n";
import { duration, price } from "@app/i18n/format";
import { getMeta, remember } from "@app/outbox/db";
import { endOf } from "@app/prefetch/pack";
import { useAgreed } from "../content/use_agreed";
import { Cover } from "../content/Covered";
import { useCover } from "../content/use_cover";
import { WarningPage } from "../content/Warning";
import { announce, complain, forgive, Trouble } from "../parts/announce";
import { mendFocus } from "../parts/place";
import { doneKeyOf } from "./done_key";
import { canUndo, latest } from "./history";
import { NothingToDo } from "./NothingToDo";
import { afterTask, COVERED_NUDGE_MS, type Stretch } from "./rest";
import { lessonOf, markRead } from "./taught";
import { Teach } from "./Teach";
import { SuggestionBar, TaskKeys, TaskSheets, TaskTop, type Earned, type Over } from "./TaskParts";
import { differs, showsGuess } from "./guess";
import { giveBackPack, rulesOf, useTask, type Source } from "./use_task";

/** First how it is done, once; then one task after the other. */
export function TaskScreen({ batch }: { batch: Batch }) {
  const [lesson, setLesson] = useState<Batch | null | "asking">("asking");
  const { agreed, agree } = useAgreed(batch);
  useEffect(() => void lessonOf(batch).then(setLesson), []);
  // The offer in full comes with the lesson, and tells what she agreed to on another phone.
  if (lesson === "asking" || agreed === undefined) return <div class="spinner" role="progressbar" aria-label={t("task.loading")} />;
  if (!agreed) return <WarningPage batch={batch} agree={() => void agree()} />;
  if (lesson) return <Teach batch={lesson} begin={() => void markRead(lesson).then(() => setLesson(null))} />;
  return <Tasks batch={batch} />;
}

/** source, over: of a requester's trial, which has tasks of its own and begins again where a pack would end. */
export function Tasks({ batch, source, over: begun }: { batch: Batch; source?: Source; over?(): void }) {
  const { task, none, leaving, drafts, change, undo, answer, leave, next, last, takeLastBack } = useTask(batch, source);
  const quick = useStore(oneTap) && task?.type.oneTap === true && !task.cells;
  const cover = useCover(batch, task?.packed.lease);
  const early = useEarly(cover.covered ? null : task) && (quick || task?.cells !== undefined);
  const [over, setOver] = useState<Over>(null);
  const [earned, setEarned] = useState<Earned>({ tasks: 0, micro: 0 });
  const compared = useRef(new Set<string>()); // leases of which she has seen the computer's guess beside her own answer
  const draft = latest(drafts);

  const done = async (sure = false, given?: unknown) => {
    if (!task || cover.covered || (early && (task.cells || given !== undefined))) return;
    try {
      const value = rulesOf(task).finish(given ?? draft, task.question, sure);
      if (differs(task, value) && !compared.current.has(task.packed.lease)) {
        compared.current.add(task.packed.lease);
        return setOver({ differs: value });
      }
      await give(value);
    } catch (error) {
      if (error instanceof Further) {
        setOver(null);
        change(error.draft);
      } else if (error instanceof Unfinished) complain(t(error.message), true);
      else if (error instanceof Doubtful) setOver({ doubt: error.message });
      else throw error;
    }
  };
  const count = (n: number) => setEarned(({ tasks, micro }) => ({ tasks: tasks + n, micro: micro + n * batch.base_micro }));
  const give = async (value: unknown) => {
    setOver(null);
    const values = task!.cells ? task!.cells.map(({ packed }) => (value as Record<string, unknown>)[packed.lease]) : [value];
    if (!(await answer(values, quick || task!.cells !== undefined, showsGuess(task!) || compared.current.has(task!.packed.lease)))) return;
    count(values.length);
    announce(t("task.saved", { money: price(values.length * batch.base_micro, batch.currency) }), true);
    const rest = await restIsDue(cover.warnings.length > 0);
    if (rest) setOver(rest);
  };
  const back = async () => {
    if (canUndo(drafts)) {
      undo();
      return announce(t("task.undone"));
    }
    const n = await takeLastBack();
    if (n === 0) return;
    count(-n);
    announce(t("task.taken_back"), true);
  };
  const skip = async (only?: string) => {
    setOver(null);
    if (await leave("skip", {}, only)) announce(t("task.skipped"), true);
  };
  const cannotRead = async () => {
    setOver(null);
    if (!(await leave("report", { reason: "language", comment: "" }))) return;
    await giveBackPack(batch);
    announce(t("task.cannot_read_done"), true);
    go("work");
  };
  const report = async (reason: string, comment: string, only?: string) => {
    setOver(null);
    if (await leave("report", { reason, comment }, only)) announce(t("task.reported"), true);
  };
  useEffect(() => {
    const leftMs = task ? endOf(task.packed) - serverNowMs() : Infinity;
    if (leftMs < ENDS_SOON_MS) announce(t("task.ends_soon", { left: duration(Math.max(0, leftMs) / 1000) }), true);
  }, [task]);
  useTaskKeys(
    () => void back(),
    () => void done(),
  );
  useEffect(forgive, [draft]); // she is at it: what was missing need not be read any more
  useEffect(() => void requestAnimationFrame(mendFocus), [task]);

  if (none) return <NothingToDo batch={batch} none={none} earned={earned} again={begun ?? next} />;
  if (!task) return <div class="spinner" role="progressbar" aria-label={t("task.loading")} />;
  const { Widget } = task.type;
  const cells = task.cells?.map(({ packed: { lease }, question, media }) => ({ lease, question, media }));
  const Together = cells && task.type.together!.Widget;
  return (
    <main class="task" data-testid="task" inert={leaving}>
      <TaskTop batch={batch} earned={earned} teach={() => setOver("instructions")} />
      <div class="task-body" key={task.packed.lease} inert={early}>
        {cover.covered ? (
          <Cover {...cover} picture={task.media.kind === "image" ? task.media.url : null} />
        ) : (
          <>
            <SuggestionBar task={task} take={(value) => change(task.type.start(value))} />
            {cells && Together ? (
              <Together
                question={task.question}
                cells={cells}
                draft={draft}
                change={change}
                announce={announce}
                worth={price(cells.length * batch.base_micro, batch.currency)}
                leave={(lease, as) => (as === "skip" ? void skip(lease) : setOver({ report: lease }))}
              />
            ) : (
              <Widget question={task.question} media={task.media} draft={draft} change={change} announce={announce} finish={(given?: unknown) => void done(false, given)} quick={quick} />
            )}
          </>
        )}
      </div>
      <Trouble />
      <TaskKeys
        canUndo={canUndo(drafts) || last !== null}
        doneKey={cover.covered ? null : doneKeyOf(rulesOf(task), draft, task.question)}
        undo={() => void back()}
        done={() => void done()}
        more={() => setOver("more")}
      />
      <TaskSheets
        batch={batch}
        task={task}
        over={over}
        open={setOver}
        skip={() => void skip()}
        cannotRead={() => void cannotRead()}
        keepMine={(value) => void give(value)}
        report={(reason, comment, only) => void report(reason, comment, only)}
        sure={() => void done(true)}
      />
    </main>
  );
}

const ENDS_SOON_MS = 5 * 60_000;
const TOO_EARLY_MS = 400;

/** A second tap that comes with the first must not answer a task that she has not seen. */
function useEarly(task: unknown): boolean {
  const [seen, setSeen] = useState<unknown>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSeen(task), TOO_EARLY_MS);
    return () => clearTimeout(timer);
  }, [task]);
  return seen !== task;
}

/** covered: of work that may disturb, which has a shorter stretch of its own. */
async function restIsDue(covered: boolean): Promise<"rest" | "rest_covered" | null> {
  const { stretch, nudge } = afterTask(await getMeta<Stretch>("stretch"), Date.now());
  remember("stretch", stretch);
  if (!covered) return nudge ? "rest" : null;
  const hard = afterTask(await getMeta<Stretch>("stretch_covered"), Date.now(), COVERED_NUDGE_MS);
  remember("stretch_covered", hard.stretch);
  return hard.nudge ? "rest_covered" : nudge ? "rest" : null;
}
