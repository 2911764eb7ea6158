import { t } from "@app/i18n";
import { Icon } from "../parts/Icon";

/** A ban is never silent. */
export function BansNotice({ n }: { n: number }) {
  if (n === 0) return null;
  return (
    <a class="note sorry row" href="#/bans" data-testid="bans-notice">
      <Icon name="warn" />
      <span class="grow">{t("bans.notice", { n })}</span>
      <Icon name="right" />
    </a>
  );
}
