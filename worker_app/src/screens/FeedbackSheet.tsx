import { useEffect, useState } from "preact/hooks";
import { ApiError } from "@app/app/api";
import { drawnOn } from "@app/app/drawing";
import { batches } from "@app/app/offers";
import type { Feedback } from "@app/app/types";
import { loadTaskType, type LoadedMedia, type Question, type TaskType } from "@app/app/widget";
import { has, t } from "@app/i18n";
import type { Kept } from "@app/outbox/db";
import { onSettled } from "@app/outbox/sync";
import { loadMedia, release } from "@app/prefetch/media";
import { Covered } from "./content/Covered";
import { announce, complain } from "./parts/announce";
import { Answer } from "./parts/Answer";
import { AppealMiss } from "./parts/AppealMiss";
import { wordsOf } from "./parts/faults";
import { Parts } from "./parts/Parts";
import { Photo } from "./parts/Picture";
import { Sheet } from "./parts/Sheet";
import { worded } from "./parts/worded";
import { questionOf } from "./task/asked";

type Lesson = { kept: Kept; feedback: Feedback; type: TaskType<unknown, unknown>; question: Question; media: LoadedMedia; training: boolean; warnings?: string[] };

/** What the server said of a task with a known answer. Right: a word. Missed: the right answer and why, without reproach. */
export function FeedbackSheet() {
  const [lessons, setLessons] = useState<Lesson[]>([]);
  useEffect(
    () =>
      onSettled(async (settled) => {
        for (const kept of settled) {
          if (kept.state === "refused") complain(refusalOf(kept));
          if (kept.result?.feedback?.right) announce(t("gold.right"), true);
          const lesson = await lessonOf(kept);
          if (lesson) setLessons((waiting) => [...waiting, lesson]);
        }
      }),
    [],
  );
  const lesson = lessons[0];
  if (!lesson) return null;
  const close = () => {
    release(lesson.media);
    setLessons(([, ...rest]) => rest);
  };
  return <LessonInWords lesson={lesson} close={close} key={lesson.kept.id} />;
}

const LessonInWords = worded(["work", "content"], LessonSheet);

function LessonSheet({ lesson, close }: { lesson: Lesson; close(): void }) {
  const on = drawnOn(lesson.type.show(lesson.feedback.truth, lesson.question));
  return (
    <Sheet title={t("gold.title")} onClose={close} testid="gold" unasked>
      <p>{t("gold.text")}</p>
      {lesson.feedback.teaches && <p data-testid="gold-teaches">{t(lesson.training ? "offer.training" : "gold.teaches")}</p>}
      <Covered warnings={lesson.warnings}>
        {lesson.media.kind === "image" && lesson.media.url && on !== "picture" && <Photo url={lesson.media.url} widthPx={lesson.media.widthPx} heightPx={lesson.media.heightPx} />}
        {lesson.question.parts && <Parts parts={lesson.question.parts} media={lesson.media} />}
        {lesson.question.text && on !== "text" && (
          <p class="card shown-text" dir="auto">
            {lesson.question.text}
          </p>
        )}
        <div class="note good">
          <p class="small">{t("gold.right_answer")}</p>
          <Answer type={lesson.type} value={lesson.feedback.truth} question={lesson.question} media={lesson.media} />
        </div>
        <div class="note">
          <p class="small">{t("gold.your_answer")}</p>
          <Answer type={lesson.type} value={(lesson.kept.body as { value: unknown }).value} question={lesson.question} media={lesson.media} />
        </div>
      </Covered>
      {lesson.feedback.explanation && (
        <p>
          <strong>{t("gold.why")}</strong> {lesson.feedback.explanation}
        </p>
      )}
      <button type="button" class="button main" onClick={close} data-testid="gold-close">
        {t("gold.close")}
      </button>
      <AppealMiss missed={{ answer: lesson.kept.id, batch: lesson.kept.batch }} />
    </Sheet>
  );
}

/** Why something of hers was not taken, in her language where the reason is a known one. */
function refusalOf({ kind, error }: Kept): string {
  const known = `${kind === "appeal" ? "miss" : "answer"}.${error?.code}`;
  const why = has(known) ? t(known) : wordsOf(new ApiError(400, error?.message ?? "", error));
  return kind === "appeal" ? why : t("answer.refused", { why });
}

async function lessonOf(kept: Kept): Promise<Lesson | null> {
  const feedback = kept.result?.feedback;
  const batch = batches.get()?.find((one) => one.batch === kept.batch);
  if (!feedback || feedback.right || !batch) return null;
  const type = await loadTaskType(batch.task_type, kept.config ?? batch.config);
  if (!type) return null;
  const media = await loadMedia(kept.item, { mediaUrl: kept.item.media?.kind === "image" ? kept.mediaUrl : undefined, parts: kept.parts });
  return { kept, feedback, type, question: questionOf({ ...batch, config: kept.config ?? batch.config }, kept.item), media, training: batch.training === true, warnings: batch.warnings };
}
