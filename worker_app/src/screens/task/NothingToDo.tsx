import { useEffect } from "preact/hooks";
import { go } from "@app/app/router";
import { refreshMe, session } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { Batch } from "@app/app/types";
import { t } from "@app/i18n";
import { money, number } from "@app/i18n/format";
import { sync } from "@app/outbox/sync";
import { BansNotice } from "../bans/BansNotice";
import { Mark } from "../parts/Icon";
import { SyncChip } from "../parts/SyncChip";
import type { NoTask } from "./next_task";

type Props = { batch: Batch; none: NoTask; earned: { tasks: number; micro: number }; again(): void };

/** The end of a pack: what was done and earned, and what can be done now. */
export function NothingToDo({ batch, none, earned, again }: Props) {
  const worker = useStore(session).me?.worker;
  const { unsent } = useStore(sync);
  useEffect(() => void refreshMe(), [unsent === 0]);
  return (
    <main class="welcome" data-testid={`none-${none.none}`}>
      <div class="row apart">
        <span />
        <SyncChip />
      </div>
      <Mark size={150} />
      <h1>{t(earned.tasks ? "none.thanks" : `none.${none.none}`)}</h1>
      <p class="lead">{none.message || t(`none.${none.none}_text`)}</p>
      {earned.tasks > 0 && (
        <section class="card stack tight" data-testid="earned">
          <p class="money" data-testid="earned-money">
            + {money(earned.micro, batch.currency)}
          </p>
          <p>{t("none.tasks", { n: earned.tasks })}</p>
          {worker && <p class="muted">{t("none.points", { points: number(worker.points), level: worker.level })}</p>}
        </section>
      )}
      <BansNotice n={worker?.bans ?? 0} />
      {unsent > 0 && <p class="note">{t("sync.kept_safe", { n: unsent })}</p>}
      <div class="stack tight" style={{ marginTop: "20px" }}>
        {batch.exam_tasks ? (
          <button type="button" class="button main wide" onClick={() => go(`exam/${batch.batch}`)} data-testid="to-result">
            {t("exam.result")}
          </button>
        ) : null}
        <button type="button" class={batch.exam_tasks ? "button wide" : "button main wide"} onClick={() => go("work")} data-testid="to-work">
          {t("none.to_work")}
        </button>
        <button type="button" class="button quiet wide" onClick={again}>
          {t("none.again")}
        </button>
      </div>
    </main>
  );
}
