import { useEffect, useState } from "preact/hooks";
import { api, failureOf } from "@app/app/api";
import { refreshBatches } from "@app/app/offers";
import { go } from "@app/app/router";
import { owner } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { ExamResult } from "@app/app/types";
import { t } from "@app/i18n";
import { price } from "@app/i18n/format";
import { sync } from "@app/outbox/sync";
import { ExamRule } from "./ExamRule";
import { Line } from "./HistoryScreen";
import { complain } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Icon } from "./parts/Icon";
import { useSending } from "./parts/sending";

/** The exam of a project: what it asks, how each sitting went, and why each miss was one. */
export function ExamScreen({ id }: { id: string }) {
  const [exam, setExam] = useState<ExamResult | null>(null);
  const [trouble, setTrouble] = useState("");
  const { unsent } = useStore(sync); // her last answers may still be on their way
  useEffect(() => {
    api<ExamResult>(`/work/exams/${id}`).then(setExam, (error: unknown) => setTrouble(failureOf(error).mayPass ? t("error.no_network") : wordsOf(error)));
  }, [id, unsent]);
  return (
    <div class="stack" style={{ paddingTop: "10px" }} data-testid="exam">
      <a class="button quiet" style={{ alignSelf: "flex-start", paddingInline: "4px" }} href="#/work">
        <Icon name="back" />
        {t("nav.work")}
      </a>
      <h1 dir="auto">{exam ? t("exam.of", { title: exam.title }) : t("exam.title")}</h1>
      {trouble && <p class="note">{trouble}</p>}
      {!exam && !trouble && <div class="spinner" role="progressbar" aria-label={t("task.loading")} />}
      {exam && <Told exam={exam} show={setExam} />}
    </div>
  );
}

function Told({ exam, show }: { exam: ExamResult; show(exam: ExamResult): void }) {
  const last = exam.sittings.at(-1);
  return (
    <>
      {!exam.sittings.some((one) => one.ended_at) && <ExamRule tasks={exam.tasks} needed={exam.needed} pay={price(exam.base_micro, exam.currency)} />}
      {exam.sittings.map((sitting) => (
        <Sitting sitting={sitting} key={sitting.number} />
      ))}
      <Next exam={exam} begun={last !== undefined && last.ended_at === null} show={show} />
      {exam.missed.length > 0 && (
        <section class="card flush">
          <h2>{t("exam.missed")}</h2>
          <ul class="lines">
            {exam.missed.map((line) => (
              <Line line={line} key={line.answer} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Sitting({ sitting }: { sitting: ExamResult["sittings"][number] }) {
  const { right, counted, needed } = sitting;
  return (
    <section class={sitting.passed ? "note good" : "note"} data-testid={`sitting-${sitting.number}`} data-right={right}>
      <p class="small">{t("exam.try", { n: sitting.number })}</p>
      {right === null || counted === null || needed === null ? (
        <p>{t("exam.on_the_way")}</p>
      ) : (
        <p>
          <strong>{t("exam.right", { right, n: counted })}</strong> {sitting.passed ? t("exam.passed") : t("exam.failed", { needed })}
        </p>
      )}
    </section>
  );
}

/** Begin, go on, sit again, or go and work: whichever is next. */
function Next({ exam, begun, show }: { exam: ExamResult; begun: boolean; show(exam: ExamResult): void }) {
  const { busy, send } = useSending();
  const again = async () => {
    try {
      show(await api<ExamResult>(`/work/exams/${exam.batch}/again`, { method: "POST" }));
      go(`task/${exam.batch}`);
    } catch (error) {
      complain(failureOf(error).mayPass ? t("error.no_network") : wordsOf(error));
    }
  };
  const toWork = () => void refreshBatches(owner()).finally(() => go("work"));
  if (exam.passed)
    return (
      <button type="button" class="button main wide" onClick={toWork} data-testid="exam-to-work">
        {t("exam.to_work")}
      </button>
    );
  if (exam.may_retry)
    return (
      <button type="button" class="button main wide" disabled={busy} onClick={() => void send(again)} data-testid="exam-again">
        {t("exam.again")}
      </button>
    );
  if (exam.open && (begun || exam.sittings.length === 0))
    return (
      <a class="button main wide" href={`#/${begun ? "task" : "batch"}/${exam.batch}`} data-testid="exam-go">
        {t(begun ? "exam.go_on" : "exam.begin")}
      </a>
    );
  return exam.why_not ? <p class="card">{exam.why_not}</p> : null;
}
