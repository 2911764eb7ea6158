import type { Batch } from "@app/app/types";
import { t } from "@app/i18n";
import { Icon } from "./parts/Icon";

/** What an offer asks for that she has not yet, and how far it is; nothing where she may begin. */
export function BeltMissing({ batch }: { batch: Batch }) {
  if (!batch.missing) return null;
  const { belt, right_needed: n } = batch.missing;
  return (
    <p class="note" data-testid="belt-missing" data-belt={belt}>
      <Icon name="star" /> {t("belt.for", { belt: t(`belt.${belt}`) })} {n === null ? t("belt.far") : t("belt.needs", { n })}
    </p>
  );
}
