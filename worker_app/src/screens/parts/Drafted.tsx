import { useStore } from "@app/app/store";
import { confirmed, language, t } from "@app/i18n";

/** Beside the choice of a language: that no speaker of it has confirmed these words. In the language itself. */
export function Drafted() {
  return useStore(confirmed).includes(language()) ? null : (
    <p class="muted small" data-testid="drafted">
      {t("language.drafted")}
    </p>
  );
}
