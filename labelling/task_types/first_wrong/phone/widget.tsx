import "./style.css";
import { useEffect } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import type { Question, WidgetProps } from "@app/app/widget";
import { pick, t } from "@app/i18n";
import { PartBody } from "@app/screens/parts/Parts";
import { nameOf } from "@app/screens/parts/part_words";
import { answer, isStep, meaningOf, moved, nameOfStep, partsOf, settingsOf, tapped, type Draft } from "./answer";

function Widget({ question, media, draft, change, announce }: WidgetProps<Draft>) {
  const say = (next: Draft) => {
    change(next);
    announce(next.step === null ? t("first_wrong.taken_back") : t("first_wrong.chosen", { name: nameOfStep(question, next.step) }));
  };
  const sayNone = () => {
    change({ ...answer.empty, none: !draft.none });
    announce(draft.none ? t("first_wrong.taken_back") : t("first_wrong.none"));
  };
  const tap = (id: string) => (event: Event) => {
    if (!(event.target as HTMLElement).closest("summary, audio, video, a, input, button:not(.step-key)")) say(tapped(draft, id));
  };
  useKeys(({ key }) => press(key, question, draft, { say, sayNone, change }));
  useEffect(() => document.querySelector(".step-card.wrong")?.scrollIntoView({ block: "nearest" }), [draft.step]);
  return (
    <>
      <ol class="look steps" tabIndex={0} data-testid="steps">
        {partsOf(question).map((one) => {
          const { id } = one.part;
          const body = <PartBody part={one.part} media={media} name={nameOf(one)} />;
          if (!isStep(one))
            return (
              <li class="step-beside" key={id}>
                <span class="part-role">{nameOf(one)}</span>
                {body}
              </li>
            );
          return (
            <li class={draft.step === id ? "step-card wrong" : "step-card"} onClick={tap(id)} data-testid={`step-${id}`} key={id}>
              <button type="button" class="step-key" aria-pressed={draft.step === id} data-testid={`step-key-${id}`}>
                {nameOfStep(question, id)}
                <span class="step-flag">{t("first_wrong.here")}</span>
              </button>
              {body}
            </li>
          );
        })}
      </ol>
      <div class="dock">
        {draft.step === null ? <p class="muted small">{t("first_wrong.question")}</p> : <About question={question} draft={draft} change={change} />}
        <button type="button" class="button wide" aria-pressed={draft.none} onClick={sayNone} data-testid="none-wrong">
          {t("first_wrong.none")}
          <span class="key-hint" aria-hidden="true">
            0
          </span>
        </button>
      </div>
    </>
  );
}

/** Of what kind the mistake is, and how bad, where that is asked. */
function About({ question, draft, change }: { question: Question; draft: Draft; change(next: Draft): void }) {
  const { severity: most } = settingsOf(question);
  return (
    <>
      {question.labels.length > 1 && (
        <div class="answers" role="radiogroup" aria-label={t("first_wrong.kind")}>
          {question.labels.map(({ id, name }, k) => (
            <button type="button" class="button" role="radio" aria-checked={draft.label === id} onClick={() => change({ ...draft, label: id })} data-testid={`kind-${id}`} key={id}>
              {pick(name)}
              {k < 9 && (
                <span class="key-hint" aria-hidden="true">
                  {k + 1}
                </span>
              )}
            </button>
          ))}
        </div>
      )}
      {most && (
        <div class="step-severity" role="radiogroup" aria-label={t("first_wrong.severity")}>
          {Array.from({ length: most }, (_, k) => k + 1).map((n) => (
            <button
              type="button"
              class="button"
              role="radio"
              aria-checked={draft.severity === n}
              aria-label={`${n} / ${most} ${meaningOf(n, question)}`.trim()}
              onClick={() => change({ ...draft, severity: n })}
              data-testid={`severity-${n}`}
              key={n}
            >
              {n}
            </button>
          ))}
          <p class="step-ends small" aria-hidden="true">
            <span>{endOf(1, question)}</span>
            <span>{endOf(most, question)}</span>
          </p>
        </div>
      )}
    </>
  );
}

/** What an end of the scale means, by its number: the words of neither end stand apart from it, however narrow the screen. */
function endOf(n: number, question: Question): string {
  const meant = meaningOf(n, question);
  return meant && `${n} = ${meant}`;
}

type Acts = { say(next: Draft): void; sayNone(): void; change(next: Draft): void };

/** j and k go down and up, a digit is a kind, + and - are how bad, 0 says that nothing is wrong. */
function press(key: string, question: Question, draft: Draft, { say, sayNone, change }: Acts): void {
  const label = byDigit(key, question.labels);
  const most = settingsOf(question).severity;
  if (key === "j" || key === "k") say(moved(draft, key === "j" ? 1 : -1, question));
  else if (key === "0") sayNone();
  else if (draft.step !== null && label) change({ ...draft, label: label.id });
  else if (draft.step !== null && most && (key === "+" || key === "-")) change({ ...draft, severity: Math.max(1, Math.min(most, (draft.severity ?? 0) + (key === "+" ? 1 : -1))) });
}

export default { ...answer, Widget };
