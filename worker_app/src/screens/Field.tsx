import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import { refreshMe } from "@app/app/session";
import { doneShare } from "@app/app/told";
import type { WorkerSummary } from "@app/app/types";
import { t } from "@app/i18n";
import { number } from "@app/i18n/format";
import { complain } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Sheet } from "./parts/Sheet";

export const GOALS = [10, 20, 40, 80] as const;
const NEIGHBOURS = 9;

/** Today's field, as nine neighbours around the sun: they fill with her tasks up to the goal that she set, or with the way to the next level. */
export function FieldKey({ worker }: { worker: WorkerSummary }) {
  const [open, setOpen] = useState(false);
  const share = doneShare(worker.goal_tasks, worker.answers_today);
  const goal = worker.goal_tasks ?? 0;
  const label = share === null ? t("field.none") : t("field.share", { done: worker.answers_today, goal });
  const shown = share === null ? t("work.level_short", { n: worker.level }) : share < 1 ? t("field.left") : t("field.done");
  return (
    <>
      <button type="button" class="field-key" onClick={() => setOpen(true)} data-testid="field" data-share={share ?? ""}>
        <Neighbours share={share ?? worker.level_progress_bps / 10_000} middle={number(share === null ? worker.level : share < 1 ? goal - worker.answers_today : worker.answers_today)} />
        <span class="small">{shown}</span>
        <span class="visually-hidden">. {label}</span>
      </button>
      {open && <GoalSheet worker={worker} close={() => setOpen(false)} />}
    </>
  );
}

function Neighbours({ share, middle }: { share: number; middle: string }) {
  return (
    <svg class="ring" viewBox="0 0 100 100" aria-hidden="true">
      {Array.from({ length: NEIGHBOURS }, (_, k) => {
        const angle = (k * 2 * Math.PI) / NEIGHBOURS - Math.PI / 2;
        const full = (k + 1) / NEIGHBOURS <= share + 1e-9;
        return (
          <circle
            cx={50 + 42 * Math.cos(angle)}
            cy={50 + 42 * Math.sin(angle)}
            r="6.5"
            fill={full ? "var(--sun)" : "none"}
            stroke={full ? "var(--sun)" : "currentColor"}
            stroke-width="2"
            opacity={full ? 1 : 0.7}
          />
        );
      })}
      {share >= 1 && <circle cx="50" cy="50" r="30" fill="var(--sun)" />}
      <text x="50" y="62" text-anchor="middle" font-size={middle.length > 2 ? 28 : 36} font-weight="700" fill={share >= 1 ? "var(--on-sun)" : "currentColor"}>
        {middle}
      </text>
    </svg>
  );
}

function GoalSheet({ worker, close }: { worker: WorkerSummary; close(): void }) {
  const set = async (tasks: number) => {
    close();
    try {
      await api("/me", { method: "PATCH", body: { goal_tasks: tasks } });
      await refreshMe();
    } catch (error) {
      complain(wordsOf(error));
    }
  };
  return (
    <Sheet title={t("field.title")} onClose={close} testid="goal">
      <p>{t("field.text")}</p>
      <p class="muted small">{t("work.level", { n: worker.level, percent: Math.round(worker.level_progress_bps / 100) })}</p>
      <div class="goals">
        {GOALS.map((tasks) => (
          <button type="button" class="button" aria-pressed={worker.goal_tasks === tasks} onClick={() => void set(tasks)} data-testid={`goal-${tasks}`}>
            {t("field.tasks", { n: tasks })}
          </button>
        ))}
      </div>
      <button type="button" class="button quiet" onClick={() => void set(0)} data-testid="goal-0">
        {t("field.no_goal")}
      </button>
    </Sheet>
  );
}

/** Once the field is done, enough is said, and nothing more is asked of her. */
export function EnoughCard({ worker }: { worker: WorkerSummary }) {
  if (doneShare(worker.goal_tasks, worker.answers_today) !== 1) return null;
  return (
    <section class="card enough" data-testid="enough">
      <h2>{t("field.enough")}</h2>
      <p>{t("field.enough_text", { n: worker.answers_today })}</p>
    </section>
  );
}
