import { pick, t } from "@app/i18n";
import { byDigit, useKeys } from "@app/app/keys";
import type { LabelDef } from "@app/app/types";
import type { WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { useFound } from "@app/screens/parts/labels";
import { answer, groupsOf, mostOf, settingsOf, toggled, type Draft, type Group } from "./answer";
import "./style.css";

function Widget({ question, media, draft, change, announce }: WidgetProps<Draft>) {
  const most = mostOf(question);
  const toggle = ({ id, name }: LabelDef) => {
    const next = toggled(draft, id, most);
    const taken = next.labels.length - draft.labels.length;
    if (taken === 0) return announce(t("choices.enough", { n: most }), true);
    change(next);
    announce(t(taken > 0 ? "choices.taken" : "choices.left_out", { label: pick(name), n: next.labels.length }));
  };
  const sayNone = () => {
    change(draft.none ? answer.empty : { labels: [], none: true });
    announce(t(draft.none ? "choices.none_left_out" : "choices.none"));
  };
  const { field, found, none } = useFound(question.labels);
  const mayBeNone = settingsOf(question).none !== false;
  useKeys((event) => press(event, question.labels, toggle, mayBeNone ? sayNone : null));
  const chosen = question.labels.filter(({ id }) => draft.labels.includes(id));
  const shown = new Set(found);
  const groups = groupsOf(question).map(({ name, labels }) => ({ name, labels: labels.filter((label) => shown.has(label)) }));

  return (
    <>
      <ItemShown question={question} media={media} />
      {field && chosen.length > 0 && <Pinned chosen={chosen} toggle={toggle} />}
      <div class="dock">
        {field}
        {none}
        {groups.map((group) => group.labels.length > 0 && <Tags group={group} draft={draft} labels={question.labels} toggle={toggle} />)}
        {mayBeNone && (
          <button type="button" class="button wide tags-none" role="checkbox" aria-checked={draft.none} data-testid="tags-none" onClick={sayNone}>
            {t("choices.none")}
          </button>
        )}
      </div>
    </>
  );
}

/** What she has chosen of a long list stays in sight; a tap leaves it out again. */
function Pinned({ chosen, toggle }: { chosen: LabelDef[]; toggle(label: LabelDef): void }) {
  return (
    <div class="tags-pinned" role="group" aria-label={t("choices.chosen")} data-testid="tags-pinned">
      {chosen.map((label) => (
        <button type="button" class="button" onClick={() => toggle(label)} aria-label={t("choices.leave_out", { label: pick(label.name) })}>
          {pick(label.name)}
          <span aria-hidden="true">×</span>
        </button>
      ))}
    </div>
  );
}

type TagsProps = { group: Group; draft: Draft; labels: LabelDef[]; toggle(label: LabelDef): void };

function Tags({ group: { name, labels: own }, draft, labels, toggle }: TagsProps) {
  return (
    <div role="group" aria-label={name ? pick(name) : t("choices.question")}>
      {name && <p class="tags-group small muted">{pick(name)}</p>}
      <div class="answers">
        {own.map((label) => (
          <button type="button" class="button" role="checkbox" aria-checked={draft.labels.includes(label.id)} data-testid={`tag-${label.id}`} onClick={() => toggle(label)} key={label.id}>
            <span class="tick" aria-hidden="true" />
            {pick(label.name)}
            {labels.indexOf(label) < 9 && (
              <span class="key-hint" aria-hidden="true">
                {labels.indexOf(label) + 1}
              </span>
            )}
          </button>
        ))}
      </div>
    </div>
  );
}

/** 1 to 9 are the first labels, 0 is none of them. */
function press({ key, target }: KeyboardEvent, labels: LabelDef[], toggle: (label: LabelDef) => void, sayNone: (() => void) | null): void {
  if ((target as HTMLElement).matches("input")) return; // she types what she looks for
  const label = byDigit(key, labels);
  if (label) toggle(label);
  else if (key === "0") sayNone?.();
}

export default { ...answer, Widget };
