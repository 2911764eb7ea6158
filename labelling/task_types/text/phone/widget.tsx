import { t } from "@app/i18n";
import { Unfinished, type TaskType, type WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import "./style.css";

type Draft = { text: string };
type Value = { text: string };
const MOST_CODE_POINTS = 5000;
const CONTROL = /[^\P{Cc}\n\t]|\p{Cs}/gu; // pasted in unseen; the server refuses them

function Widget({ question, media, draft, change, finish }: WidgetProps<Draft>) {
  const label = t(`text.${question.kind || "transcription"}`);
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

function Shown({ value, question }: { value: Value; question: WidgetProps<Draft>["question"] }) {
  return (
    <p class="shown-text" lang={question.language || undefined} dir="auto">
      {value.text}
    </p>
  );
}

const text: TaskType<Draft, Value> = {
  empty: { text: "" },
  guess: "before",
  start: ({ text }) => ({ text }),
  finish(draft) {
    const text = draft.text.replace(CONTROL, "").normalize("NFC").trim();
    if (!text) throw new Unfinished("text.missing");
    if ([...text].length > MOST_CODE_POINTS) throw new Unfinished("text.too_long");
    return { text };
  },
  Widget,
  Shown,
};
export default text;
