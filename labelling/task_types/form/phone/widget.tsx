import { useEffect, useState } from "preact/hooks";
import { t } from "@app/i18n";
import type { WidgetProps } from "@app/app/widget";
import { AnswerInWords } from "@app/screens/parts/Answer";
import { Icon } from "@app/screens/parts/Icon";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { answer, draftOf, onward, path, placeOf, type Draft } from "./answer";
import { titleOf } from "./questions";
import "./style.css";

const TOO_EARLY_MS = 350; // a second tap that comes with the first must not answer a question that she has not seen

const NO_MEDIA = { kind: null, url: null, widthPx: 0, heightPx: 0, durationMs: 0, peaks: null };

/** One question a screen; at the end all answers under each other, each a tap away from being changed. */
function Widget(props: WidgetProps<Draft>) {
  const { question, media, draft, change, announce } = props;
  const steps = path(draft, question);
  const at = placeOf(draft, question);
  const place = steps.findIndex(({ asked }) => asked.id === at);
  const title = steps[place] ? titleOf(steps[place].asked) : t("form.all");
  const early = useEarly(at);
  useEffect(() => announce(title), [at]);
  const before = place < 0 ? steps.at(-1) : steps[place - 1];
  return (
    <>
      <header class="form-head" data-ready={early ? undefined : "1"}>
        {before && (
          <button type="button" class="button quiet square" onClick={() => change({ ...draft, at: before.asked.id })} aria-label={t("form.back")} data-testid="form-back">
            <Icon name="back" />
          </button>
        )}
        <div class="grow">
          <h2 dir="auto" data-testid="form-title">
            {title}
          </h2>
          <Dots steps={steps.map(({ value, left }) => value !== undefined || left)} place={place} />
        </div>
      </header>
      {place < 0 ? (
        <>
          <ItemShown question={question} media={media} />
          <Summary {...props} steps={steps} />
        </>
      ) : (
        <One key={at} {...props} step={steps[place]!} early={early} />
      )}
    </>
  );
}

type Step = ReturnType<typeof path>[number];

/** A question in the widget of its own type. What one tap can answer is answered by it: nothing is sent before the end. */
function One({ question, media, draft, change, announce, finish, step: { asked }, early }: WidgetProps<Draft> & { step: Step; early: boolean }) {
  const { id, type, required } = asked;
  const { Widget: Inner } = type;
  const withDraft = (inner: unknown): Draft => ({ ...draft, at: id, drafts: { ...draft.drafts, [id]: inner }, left: draft.left.filter((other) => other !== id) });
  const leaveOut = () => change(onward({ ...draft, left: [...draft.left, id] }, question, id));
  return (
    <>
      <Inner
        question={asked.question}
        media={asked.part ? { ...NO_MEDIA, ...media.parts?.[asked.part.id], parts: media.parts } : media}
        draft={draftOf(asked, draft)}
        change={(inner, how) => change(withDraft(inner), how)}
        announce={announce}
        finish={(inner) => early || finish(inner === undefined ? undefined : withDraft(inner))}
        quick={type.oneTap === true}
      />
      {!required && (
        <button type="button" class="button quiet leave-out" onClick={leaveOut} data-testid="leave-out">
          {t("form.leave_out")}
        </button>
      )}
    </>
  );
}

function Summary({ draft, change, steps }: WidgetProps<Draft> & { steps: Step[] }) {
  return (
    <div class="dock">
      <ul class="form-rows">
        {steps.map(({ asked, value }) => (
          <li key={asked.id}>
            <button type="button" class="button wide" onClick={() => change({ ...draft, at: asked.id })} data-testid={`row-${asked.id}`}>
              <span class="asked" dir="auto">
                {titleOf(asked)}
              </span>
              {value === undefined ? <span class="muted">{t("form.left_out")}</span> : <AnswerInWords type={asked.type} value={value} question={asked.question} />}
              <span class="visually-hidden">{t("form.change")}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Dots({ steps, place }: { steps: boolean[]; place: number }) {
  return (
    <p class="form-dots">
      {steps.map((done, k) => (
        <i class={k === place ? "here" : done ? "done" : ""} aria-hidden="true" key={k} />
      ))}
      <span class="small muted">{place < 0 ? t("form.check") : t("form.place", { n: place + 1, of: steps.length })}</span>
    </p>
  );
}

function useEarly(at: string): boolean {
  const [seen, setSeen] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSeen(at), TOO_EARLY_MS);
    return () => clearTimeout(timer);
  }, [at]);
  return seen !== at;
}

export default { ...answer, Widget };
