import { pick, t } from "@app/i18n";
import { byDigit, useKeys } from "@app/app/keys";
import type { WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { useFound } from "@app/screens/parts/labels";
import { answer, isCard, type Draft } from "./answer";
import { Grid } from "./Grid";
import { gridRules } from "./grid";
import { Swipe } from "./Swipe";

function Widget(props: WidgetProps<Draft>) {
  return isCard(props.question) ? <Swipe {...props} /> : <List {...props} />;
}

function List({ question, media, draft, change, announce, finish, quick }: WidgetProps<Draft>) {
  const choose = (label: string, name: string) => {
    if (quick) return finish({ label });
    change({ label });
    announce(t("choice.chosen", { label: name }));
  };
  const { field, found, none } = useFound(question.labels);
  useKeys(({ key, target }) => {
    const label = byDigit(key, question.labels);
    const looksForOne = (target as HTMLElement).matches("input");
    if (label && !looksForOne) choose(label.id, pick(label.name));
  });

  return (
    <>
      <ItemShown question={question} media={media} />
      <div class="dock">
        {field}
        {none}
        <div class="answers" role="radiogroup" aria-label={t("choice.question")}>
          {found.map((label) => (
            <button type="button" class="button" role="radio" aria-checked={draft.label === label.id} data-testid={`choice-${label.id}`} onClick={() => choose(label.id, pick(label.name))}>
              {label.colour && <span class="swatch" style={{ backgroundColor: label.colour }} />}
              {pick(label.name)}
              <KeyHint k={question.labels.indexOf(label)} />
            </button>
          ))}
        </div>
      </div>
    </>
  );
}

function KeyHint({ k }: { k: number }) {
  if (k > 8) return null;
  return (
    <span class="key-hint" aria-hidden="true">
      {k + 1}
    </span>
  );
}

export default { ...answer, together: { ...gridRules, Widget: Grid }, Widget };
