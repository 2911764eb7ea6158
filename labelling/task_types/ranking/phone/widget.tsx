import "./style.css";
import { byDigit, useKeys } from "@app/app/keys";
import type { WidgetProps } from "@app/app/widget";
import { t } from "@app/i18n";
import { PartBody, Parts } from "@app/screens/parts/Parts";
import { isCompared, nameOf, numbered } from "@app/screens/parts/part_words";
import { answer, joined, placeOf, tapped, type Draft } from "./answer";

function Widget({ question, media, draft, change, announce }: WidgetProps<Draft>) {
  const all = numbered(question.parts ?? []);
  const compared = all.filter(({ part }) => isCompared(part));
  const others = all.filter(({ part }) => !isCompared(part)).map(({ part }) => part);
  const tap = (id: string, name: string) => {
    const next = tapped(draft, id);
    change(next);
    const n = placeOf(next, id);
    announce(n === null ? t("ranking.taken_back", { name }) : t("ranking.placed", { name, n }));
  };
  const join = () => {
    change(joined(draft));
    announce(t("ranking.joined", { n: Math.max(1, draft.order.length - 1) }));
  };
  useKeys(({ key }) => {
    const one = byDigit(key, compared);
    if (one) tap(one.part.id, nameOf(one));
    else if (key === "=" && draft.order.length > 1) join();
  });
  return (
    <>
      <div class="look ranked" tabIndex={0}>
        {others.length > 0 && <Parts parts={others} media={media} />}
        {compared.map((one) => (
          <article class={placeOf(draft, one.part.id) ? "ranked-card placed" : "ranked-card"} key={one.part.id}>
            <h2 class="part-role">{nameOf(one)}</h2>
            <PartBody part={one.part} media={media} name={nameOf(one)} />
          </article>
        ))}
      </div>
      <div class="dock">
        <p class="muted small">{t("ranking.question")}</p>
        <div class="answers ranked-keys">
          {compared.map((one) => {
            const n = placeOf(draft, one.part.id);
            return (
              <button type="button" class="button" aria-pressed={n !== null} onClick={() => tap(one.part.id, nameOf(one))} data-testid={`rank-${one.part.id}`} key={one.part.id}>
                <strong class="rank-place">{n ?? "·"}</strong> {nameOf(one)}
              </button>
            );
          })}
          <button type="button" class="button" disabled={draft.order.length < 2} onClick={join} data-testid="rank-same">
            {t("ranking.same")}
          </button>
        </div>
      </div>
    </>
  );
}

export default { ...answer, Widget };
