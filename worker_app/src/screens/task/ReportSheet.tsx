import { useState } from "preact/hooks";
import { t } from "@app/i18n";
import { HelpLines } from "../help/HelpLines";
import { Sheet } from "../parts/Sheet";

const REASONS = ["broken", "unclear", "offensive", "disturbing", "personal", "other"];

/** After these she may want somebody to talk to. */
const STAYS = ["offensive", "disturbing"];

/** Reporting costs nothing; a reason helps the next one. */
export function ReportSheet({ send, close }: { send(reason: string, comment: string): void; close(): void }) {
  const [reason, setReason] = useState("broken");
  const [words, setWords] = useState("");
  return (
    <Sheet title={t("report.title")} onClose={close} testid="report-sheet">
      <div class="stack tight" role="radiogroup" aria-label={t("report.title")}>
        {REASONS.map((name) => (
          <button type="button" class="button wide" role="radio" aria-checked={reason === name} onClick={() => setReason(name)} data-testid={`reason-${name}`}>
            {t(`report.${name}`)}
          </button>
        ))}
      </div>
      {STAYS.includes(reason) && <HelpLines />}
      <label class="field">
        {t("report.words")}
        <textarea maxLength={500} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </label>
      <button type="button" class="button main" onClick={() => send(reason, words.trim())} data-testid="report-send">
        {t("report.send")}
      </button>
      <button type="button" class="button quiet" onClick={close}>
        {t("task.go_on")}
      </button>
    </Sheet>
  );
}
