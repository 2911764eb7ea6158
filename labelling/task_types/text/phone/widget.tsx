import { t } from "@app/i18n";
import type { WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { answer, type Draft } from "./answer";
import "./style.css";

function Widget({ question, media, draft, change, finish }: WidgetProps<Draft>) {
  const label = t(`text.${question.config.kind ?? "transcription"}`);
  return (
    <>
      <ItemShown question={question} media={media} />
      <div class="dock">
        <label class="field" for="writing">
          {label}
        </label>
        <textarea
          id="writing"
          class="writing"
          data-testid="writing"
          lang={question.language || undefined}
          dir="auto"
          autocomplete="off"
          value={draft.text}
          onInput={(event) => change({ text: event.currentTarget.value }, "typing")}
          onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && finish()}
        />
        {media.kind === "audio" && <p class="muted small key-hint">{t("text.keys")}</p>}
      </div>
    </>
  );
}

export default { ...answer, Widget };
