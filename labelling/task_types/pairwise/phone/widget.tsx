import "./style.css";
import { useMemo } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import type { LoadedMedia, QuestionPart, WidgetProps } from "@app/app/widget";
import { t } from "@app/i18n";
import { PartBody, Parts } from "@app/screens/parts/Parts";
import { isCompared } from "@app/screens/parts/part_words";
import { answer, compared, nameOfChoice, NEITHER, SAME, sayable, type Draft } from "./answer";
import { differing, type Stretch } from "./differing";
import { Pictures } from "./Pictures";

const KEYS: Record<string, string> = { "0": SAME, s: SAME, x: NEITHER };

function Widget({ question, media, draft, change, announce, finish, quick }: WidgetProps<Draft>) {
  const parts = compared(question);
  const choose = (chosen: string) => {
    if (quick) return finish({ chosen });
    change({ chosen });
    announce(t("pairwise.chosen", { name: nameOfChoice(question, chosen) }));
  };
  useKeys(({ key }) => {
    const chosen = KEYS[key] ?? byDigit(key, parts)?.id;
    if (chosen) choose(chosen);
  });
  const others = (question.parts ?? []).filter((part) => !isCompared(part));
  const names = parts.map(({ id }) => nameOfChoice(question, id));
  const arePictures = parts.every(({ id }) => media.parts?.[id]?.kind === "image");
  return (
    <>
      <div class="look pair" tabIndex={0}>
        {others.length > 0 && <Parts parts={others} media={media} />}
        {arePictures ? (
          <Pictures parts={parts} media={media} names={names} chosen={draft.chosen} choose={choose} />
        ) : (
          <Cards parts={parts} media={media} names={names} chosen={draft.chosen} choose={choose} />
        )}
      </div>
      <div class="dock">
        <div class="answers pair-keys" role="radiogroup" aria-label={t("pairwise.question")}>
          {sayable(question).map((id, k) => (
            <button type="button" class="button" role="radio" aria-checked={draft.chosen === id} onClick={() => choose(id)} data-testid={`pair-${id}`} key={id}>
              {nameOfChoice(question, id)}
              <span class="key-hint" aria-hidden="true">
                {id === SAME ? "0" : id === NEITHER ? "x" : k + 1}
              </span>
            </button>
          ))}
        </div>
      </div>
    </>
  );
}

type CardsProps = { parts: QuestionPart[]; media: LoadedMedia; names: string[]; chosen: string | null; choose(id: string): void };

/** Texts, sounds and films, a card each; of two texts that are nearly alike the words in which they differ are marked. */
function Cards({ parts, media, names, chosen, choose }: CardsProps) {
  const marked = useMemo(() => {
    const [a, b, more] = parts;
    return a?.text && b?.text && !more ? differing(a.text, b.text) : null;
  }, [parts.map(({ id }) => id).join()]);
  const tap = (id: string) => (event: Event) => {
    if (!(event.target as HTMLElement).closest("button, summary, audio, video, a, input")) choose(id);
  };
  return (
    <div class="pair-cards">
      {parts.map((part, k) => (
        <article class={chosen === part.id ? "candidate chosen" : "candidate"} aria-label={names[k]} onClick={tap(part.id)} data-testid={`card-${part.id}`} key={part.id}>
          <h2 class="part-role">{names[k]}</h2>
          {marked ? <Marked stretches={marked[k]!} /> : <PartBody part={part} media={media} name={names[k]!} />}
        </article>
      ))}
    </div>
  );
}

function Marked({ stretches }: { stretches: Stretch[] }) {
  return (
    <p class="shown-text" dir="auto">
      {stretches.map(({ text, own }) => (own ? <mark class="differs">{text}</mark> : text))}
    </p>
  );
}

export default { ...answer, Widget };
