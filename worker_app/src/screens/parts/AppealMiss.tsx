import { useEffect, useRef, useState } from "preact/hooks";
import { owner } from "@app/app/session";
import type { MissAppeal } from "@app/app/types";
import { t } from "@app/i18n";
import { moment, money } from "@app/i18n/format";
import { keepAndSend } from "@app/outbox/sync";
import { uuid7 } from "@app/outbox/uuid7";
import { Icon } from "./Icon";

const MAX_WORDS = 1000;
type Missed = { answer: string; batch?: number };

/** "I think I was right": two taps, words if she likes, and it waits in the outbox like an answer when there is no signal. */
export function AppealMiss({ missed }: { missed: Missed }) {
  const [step, setStep] = useState<"closed" | "open" | "sent">("closed");
  const [words, setWords] = useState("");
  const opened = useRef<HTMLDivElement>(null);
  useEffect(() => opened.current?.scrollIntoView({ block: "end" }), [step]);
  const send = async () => {
    setStep("sent");
    await keepAndSend(entryOf(missed, words.trim()));
  };
  if (step === "closed")
    return (
      <button type="button" class="button quiet wide" onClick={() => setStep("open")} data-testid="miss-ask">
        {t("miss.ask")}
      </button>
    );
  if (step === "sent")
    return (
      <p class="note good" role="status" data-testid="miss-sent">
        <Icon name="check" /> {t("miss.sent")} {t("miss.how")}
      </p>
    );
  return (
    <div class="stack tight" ref={opened}>
      <p class="small">{t("miss.how")}</p>
      <label class="field">
        {t("miss.words")}
        <textarea rows={2} maxLength={MAX_WORDS} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="miss-words" />
      </label>
      <button type="button" class="button wide" onClick={() => void send()} data-testid="miss-send">
        {t("miss.send")}
      </button>
    </div>
  );
}

/** What became of it. */
export function MissAppealState({ appeal, currency }: { appeal: MissAppeal; currency: string }) {
  const { outcome, reply, words, answer_by, paid_micro } = appeal;
  const good = outcome === "won" || outcome === "silence";
  return (
    <section class={good ? "note good stack tight" : "note stack tight"} data-testid="miss-state" data-outcome={outcome || "waiting"}>
      {words && <p class="said">{words}</p>}
      <p>{outcome ? t(`miss.${outcome}`) : t("miss.waiting", { at: moment(answer_by) })}</p>
      {reply && <p class="said">{reply}</p>}
      {paid_micro > 0 && <p>{t("miss.paid", { money: money(paid_micro, currency) })}</p>}
    </section>
  );
}

function entryOf({ answer, batch = 0 }: Missed, words: string): Parameters<typeof keepAndSend>[0] {
  const about = { batch, lease: "", item: { id: 0 }, baseMicro: 0, currency: "" };
  return { ...about, id: uuid7(), owner: owner(), kind: "appeal", body: { answer, words }, keptAtMs: Date.now() };
}
