import { useStore } from "@app/app/store";
import { t } from "@app/i18n";
import { number } from "@app/i18n/format";
import { kick, sync } from "@app/outbox/sync";
import { Icon } from "./Icon";

/** How many answers are only on this phone: always in view; a tap tries to send them now. */
export function SyncChip() {
  const { unsent, doing } = useStore(sync);
  const key = unsent === 0 ? "sync.all_sent" : doing === "sending" ? "sync.sending" : doing === "signed_out" ? "sync.signed_out" : "sync.unsent";
  return (
    <button type="button" class="sync" onClick={kick} aria-label={t(key, { n: unsent })} data-testid="sync" data-unsent={unsent}>
      <span class={unsent === 0 ? "chip good" : "chip warm"}>
        <Icon name={unsent === 0 ? "check" : doing === "sending" ? "cloud" : "phone"} />
        <span aria-hidden="true">{unsent === 0 ? t("sync.short_sent") : t(doing === "signed_out" ? "sync.short_sign_in" : "sync.short_unsent", { n: number(unsent) })}</span>
      </span>
    </button>
  );
}
