import { useEffect, useMemo, useState } from "preact/hooks";
import { useStore } from "@app/app/store";
import { t, useLanguage } from "@app/i18n";
import { Announcer } from "../parts/announce";
import { AnswerInWords } from "../parts/Answer";
import { Sheet } from "../parts/Sheet";
import { worded } from "../parts/worded";
import { Tasks } from "../task/TaskScreen";
import { batchOf, loadTrial, told, trialSource, type Tried } from "./trial";

/** The task as a worker sees it, in the console's frame of a phone or alone. */
function Trial({ project }: { project: string }) {
  useLanguage();
  const [tried, setTried] = useState<Tried | null>(null);
  const [trouble, setTrouble] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => void loadTrial(project).then(setTried, (error: Error) => setTrouble(error.message)), [project]);
  const source = useMemo(() => tried && trialSource(tried), [tried]); // it knows what it has shown
  if (trouble) return <p class="note">{trouble}</p>;
  if (!tried || !source) return <div class="spinner" role="progressbar" aria-label={t("task.loading")} />;
  return (
    <>
      <Tasks batch={batchOf(tried)} source={source} over={() => setRound(round + 1)} key={round} />
      <WhatSheIsTold />
      <Announcer />
    </>
  );
}

function WhatSheIsTold() {
  const [said] = useStore(told);
  if (!said) return null;
  const { task, feedback, refused, value } = said;
  const close = () => told.set(([, ...rest]) => rest);
  return (
    <Sheet title={t(feedback ? "gold.title" : "task.more")} onClose={close} testid="trial-told" unasked key={task.packed.lease}>
      {refused && <p class="note">{refused}</p>}
      {feedback && (
        <div class="note good">
          <p class="small">{t("gold.right_answer")}</p>
          <AnswerInWords type={task.type} value={feedback.truth} question={task.question} />
        </div>
      )}
      {feedback && (
        <div class="note">
          <p class="small">{t("gold.your_answer")}</p>
          <AnswerInWords type={task.type} value={value} question={task.question} />
        </div>
      )}
      {feedback?.explanation && (
        <p>
          <strong>{t("gold.why")}</strong> {feedback.explanation}
        </p>
      )}
      <button type="button" class="button main" onClick={close}>
        {t("gold.close")}
      </button>
    </Sheet>
  );
}

export const TrialScreen = worded(["work", "content"], Trial);
