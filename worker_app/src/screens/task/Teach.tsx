import { useEffect, useState } from "preact/hooks";
import { drawnOn } from "@app/app/drawing";
import type { Batch, Example } from "@app/app/types";
import { loadTaskType, type TaskType } from "@app/app/widget";
import { pick, t } from "@app/i18n";
import { Covered } from "../content/Covered";
import { Answer } from "../parts/Answer";
import { Icon } from "../parts/Icon";
import { Parts } from "../parts/Parts";
import { Photo } from "../parts/Picture";
import { arrived } from "../parts/place";
import { Instructions } from "./Aloud";
import { questionOf } from "./asked";

/** Before the first task of a piece of work, and when its instructions have changed: how it is done, and tasks that were done well. */
export function Teach({ batch, begin }: { batch: Batch; begin(): void }) {
  useEffect(arrived, []);
  return (
    <main class="teach stack" data-testid="teach">
      <a class="button quiet" style={{ alignSelf: "flex-start", paddingInline: "4px" }} href="#/work">
        <Icon name="back" />
        {t("nav.work")}
      </a>
      <h1 dir="auto">{batch.title}</h1>
      <HowTo batch={batch} />
      <p class="muted small">{t("teach.always")}</p>
      <div class="start-row">
        <button type="button" class="button main wide" onClick={begin} data-testid="teach-begin">
          <Icon name="check" />
          {t("teach.begin")}
        </button>
      </div>
    </main>
  );
}

/** The instructions and the examples, here and in the sheet that is always a tap away. */
export function HowTo({ batch }: { batch: Batch }) {
  const [type, setType] = useState<TaskType<unknown, unknown> | null>(null);
  useEffect(() => void loadTaskType(batch.task_type, batch.config).then(setType, console.info), [batch.task_type]);
  return (
    <>
      <section class="card">
        <Instructions texts={batch.instructions} spoken={batch.spoken} />
      </section>
      {type && batch.examples?.map((example, k) => <Shown example={example} n={k + 1} type={type} batch={batch} />)}
    </>
  );
}

type ShownProps = { example: Example; n: number; type: TaskType<unknown, unknown>; batch: Batch };

function Shown({ example, n, type, batch }: ShownProps) {
  const { text, picture, parts, value, why } = example;
  const url = picture?.url ?? null;
  const question = { ...questionOf(batch, { id: 0, text, parts }), widthPx: picture?.width_px ?? 0, heightPx: picture?.height_px ?? 0 };
  const media = { kind: url ? ("image" as const) : null, url, widthPx: question.widthPx, heightPx: question.heightPx, durationMs: 0, peaks: null };
  const on = drawnOn(type.show(value, question));
  return (
    <section class="card example" data-testid="example">
      <h2>{t("teach.example", { n })}</h2>
      <Covered warnings={batch.warnings}>
        {url && on !== "picture" && <Photo url={url} widthPx={media.widthPx} heightPx={media.heightPx} />}
        {question.parts && <Parts parts={question.parts} media={media} />}
        {text && on !== "text" && (
          <p class="card shown-text" dir="auto">
            {text}
          </p>
        )}
        <div class="note good">
          <p class="small">{t("gold.right_answer")}</p>
          <Answer type={type} value={value} question={question} media={media} />
        </div>
        {pick(why) && <p>{pick(why)}</p>}
      </Covered>
    </section>
  );
}
