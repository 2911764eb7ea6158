import type { ComponentType } from "preact";
import { t, useParts, type Part } from "@app/i18n";

/** A screen that speaks of more than the first screens do: its part of her language comes with it. */
export function worded<Props extends object>(parts: readonly Part[], Screen: ComponentType<Props>): ComponentType<Props> {
  return function Worded(props: Props) {
    const { state, again } = useParts(parts);
    if (state === "here") return <Screen {...props} />;
    if (state === "coming") return <div class="spinner" role="progressbar" aria-label="Ilima" />;
    return (
      <div class="stack" style={{ padding: "14px" }}>
        <p class="note" role="alert">
          {t("error.no_network")}
        </p>
        <button type="button" class="button wide" onClick={again}>
          {t("list.again")}
        </button>
      </div>
    );
  };
}
