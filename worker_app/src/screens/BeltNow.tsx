import type { KindRow } from "@app/app/types";
import { t } from "@app/i18n";
import { finePercent } from "@app/i18n/format";

/** Her belt in one kind of work, what it is made of, and what raises it. */
export function BeltNow({ kind }: { kind: KindRow }) {
  return (
    <span class="small" data-testid="belt" data-belt={kind.belt}>
      <span class="chip good">{t("mastery.now", { belt: t(`belt.${kind.belt}`) })}</span>{" "}
      <span>{kind.known > 0 ? t("mastery.made_of", { right: kind.right, n: kind.known, sure: finePercent(kind.sure_bps / 1e4) }) : t("mastery.no_known")}</span>{" "}
      {kind.waiting > 0 && <span>{t("mastery.waiting", { n: kind.waiting })} </span>}
      {kind.next_belt && kind.right_needed !== null && <span>{t("mastery.next", { belt: t(`belt.${kind.next_belt}`), n: kind.right_needed })}</span>}
    </span>
  );
}
