import { useRef, useState } from "preact/hooks";
import type { Labels } from "@app/app/looks";
import type { LabelDef } from "@app/app/types";
import type { Question } from "@app/app/widget";
import { pick, t } from "@app/i18n";
import { Sheet } from "./Sheet";

export const MANY_LABELS = 9; // from here on she looks for a word, not through a list

/** Capitals and accents are no part of what she looks for. */
const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function matching(labels: LabelDef[], words: string): LabelDef[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  return labels.filter(({ name }) => wanted.every((word) => folded(pick(name)).includes(word)));
}

/** The labels that match what she types, and the field to type it in; without a field where the list is short. */
export function useFound(labels: LabelDef[]) {
  const [words, setWords] = useState("");
  const many = labels.length >= MANY_LABELS;
  const field = many && (
    <input
      class="find"
      type="search"
      enterKeyHint="search"
      placeholder={t("labels.find", { n: labels.length })}
      aria-label={t("labels.find", { n: labels.length })}
      value={words}
      onInput={(event) => setWords(event.currentTarget.value)}
      data-testid="find-label"
    />
  );
  const found = many ? matching(labels, words) : labels;
  return { field, found, none: found.length === 0 && <p class="muted">{t("labels.none")}</p> };
}

type SheetProps = { labels: LabelDef[]; colourOf(id: string): string; chosen: string; pick(id: string): void; close(): void };

/** All labels, under each other, with a search. */
export function LabelSheet({ labels, colourOf, chosen, pick: take, close }: SheetProps) {
  const { field, found, none } = useFound(labels);
  const choose = (id: string) => {
    take(id);
    close();
  };
  return (
    <Sheet title={t("labels.choose")} onClose={close} testid="label-sheet">
      {field}
      {none}
      <div class="answers" role="radiogroup" aria-label={t("labels.choose")}>
        {found.map(({ id, name }) => (
          <button type="button" class="button" role="radio" aria-checked={chosen === id} onClick={() => choose(id)} data-testid={`label-${id}`}>
            <span class="swatch" style={{ backgroundColor: colourOf(id) }} />
            {pick(name)}
          </button>
        ))}
      </div>
      <button type="button" class="button quiet" onClick={close}>
        {t("sheet.close")}
      </button>
    </Sheet>
  );
}

type RowProps = { labels: Labels; question: Question; chosen: string; pick(id: string): void };
const RECENT = 3;

/** All of a short list; of a long one those used last, and a key to the rest. */
export function LabelRow({ labels, question, chosen, pick: take }: RowProps) {
  const [asking, setAsking] = useState(false);
  const recent = useRef([...labels.keys()].slice(0, RECENT));
  const used = (id: string) => (recent.current = [id, ...recent.current.filter((other) => other !== id)].slice(0, RECENT));
  const many = labels.size >= MANY_LABELS;
  if (chosen && !recent.current.includes(chosen)) used(chosen);
  const choose = (id: string) => {
    if (!recent.current.includes(id)) used(id);
    take(id);
  };
  const shown = many ? recent.current : [...labels.keys()];
  return (
    <div class="labels" role="radiogroup" aria-label={t("labels.choose")}>
      {many && (
        <button type="button" class="button" onClick={() => setAsking(true)} data-testid="all-labels">
          {t("labels.all", { n: labels.size })}
        </button>
      )}
      {shown.map((id) => (
        <button type="button" class="button" role="radio" aria-checked={chosen === id} data-testid={`label-${id}`} onClick={() => choose(id)} key={id}>
          <span class="swatch" style={{ backgroundColor: labels.get(id)?.colour }} />
          {labels.get(id)?.name ?? id}
        </button>
      ))}
      {asking && <LabelSheet labels={question.labels} colourOf={(id) => labels.get(id)!.colour} chosen={chosen} pick={choose} close={() => setAsking(false)} />}
    </div>
  );
}
