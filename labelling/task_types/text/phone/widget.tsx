import { t } from "@app/i18n";
import type { WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { Changed } from "@app/screens/parts/Answer";
import { answer, originalOf, writtenOf, type Draft } from "./answer";
import { changesOf } from "./changes";
import "./style.css";

function Widget({ question, media, draft, change, finish }: WidgetProps<Draft>) {
  const [original, written] = [originalOf(question), writtenOf(draft, question)];
  const { kind = "transcription" } = question.config;
  const label = t(kind === "caption" && media.kind === "video" ? "text.caption_of_clip" : `text.${kind}`);
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
          value={written}
          onInput={(event) => change({ text: event.currentTarget.value }, "typing")}
          onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && finish()}
        />
        {original && written !== original && (
          <p class="shown-text changed" data-testid="changed" dir="auto" lang={question.language || undefined}>
            <span class="visually-hidden">{t("text.changed")}</span>
            <Changed changes={changesOf(original, written)} />
          </p>
        )}
        {media.kind === "audio" && <p class="muted small key-hint">{t("text.keys")}</p>}
      </div>
    </>
  );
}

export default { ...answer, Widget };
