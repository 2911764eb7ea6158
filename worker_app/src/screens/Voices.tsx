import { useEffect, useState } from "preact/hooks";
import { api } from "@app/app/api";
import type { Voices as Told } from "@app/app/contract";
import { t } from "@app/i18n";
import { number } from "@app/i18n/format";
import { announce } from "./parts/announce";
import { Problem, useSending } from "./parts/sending";
import { Sheet } from "./parts/Sheet";

const MARKS = ["clear", "fair", "paid"] as const;
const MOST = 1000;

/** What people say of this work, what was asked and answered, and her own word. */
export function Voices({ project }: { project: number }) {
  const [told, setTold] = useState<Told | null>(null);
  const [sheet, setSheet] = useState<"rate" | "ask" | null>(null);
  useEffect(() => void api<Told>(`/work/projects/${project}/voices`).then(setTold, console.info), [project]); // without network: not now
  if (!told) return null;
  const said = (next: Told) => {
    setTold(next);
    setSheet(null);
    announce(t("voice.thanks"), true);
  };
  return (
    <section class="card stack tight" data-testid="voices">
      <h2>{t("voice.title")}</h2>
      {told.figures ? (
        <p data-testid="voice-figures">{t("voice.figures", { n: told.figures.raters, clear: of3(told.figures.clear), fair: of3(told.figures.fair), paid: of3(told.figures.paid) })}</p>
      ) : (
        <p class="muted small">{t("voice.few")}</p>
      )}
      {told.mine?.reply && <p class="note">{t("voice.reply", { words: told.mine.reply })}</p>}
      {told.questions.length > 0 && (
        <ul class="lines" aria-label={t("voice.questions")}>
          {told.questions.map((one) => (
            <li class="stack tight">
              <strong dir="auto">{one.words}</strong>
              <span dir="auto">{one.reply || t("voice.waits")}</span>
            </li>
          ))}
        </ul>
      )}
      <a class="button wide" href={`#/thread/${project}`} data-testid="to-thread">
        {t("voice.thread")}
      </a>
      <button type="button" class="button wide" onClick={() => setSheet("ask")} data-testid="voice-ask">
        {t("voice.ask")}
      </button>
      {told.may_rate && (
        <button type="button" class="button wide" onClick={() => setSheet("rate")} data-testid="voice-rate">
          {t(told.mine ? "voice.rate_again" : "voice.rate")}
        </button>
      )}
      {sheet === "rate" && <RateSheet project={project} mine={told.mine} said={said} close={() => setSheet(null)} />}
      {sheet === "ask" && <AskSheet project={project} said={said} close={() => setSheet(null)} />}
    </section>
  );
}

const of3 = (hundredths: number): string => number(Math.round(hundredths / 10) / 10);

type SheetProps = { project: number; said(next: Told): void; close(): void };

/** Three questions with three answers each, and why. Nobody is told that it was she. */
function RateSheet({ project, mine, said, close }: SheetProps & { mine: Told["mine"] }) {
  const [marks, setMarks] = useState<Record<(typeof MARKS)[number], number>>({ clear: mine?.clear ?? 0, fair: mine?.fair ?? 0, paid: mine?.paid ?? 0 });
  const [words, setWords] = useState(mine?.words ?? "");
  const { busy, problem, send } = useSending();
  const rate = async () => said(await api<Told>(`/work/projects/${project}/rating`, { body: { ...marks, words: words.trim() } }));
  const whole = MARKS.every((name) => marks[name]);
  return (
    <Sheet title={t("voice.rate")} onClose={close} testid="rate-sheet">
      <p class="small muted">{t("voice.nobody")}</p>
      {MARKS.map((name) => (
        <div class="stack tight" role="radiogroup" aria-label={t(`voice.${name}`)}>
          <strong>{t(`voice.${name}`)}</strong>
          <div class="row">
            {[1, 2, 3].map((mark) => (
              <button type="button" class="button" role="radio" aria-checked={marks[name] === mark} onClick={() => setMarks({ ...marks, [name]: mark })} data-testid={`rate-${name}-${mark}`}>
                {t(`voice.mark_${mark}`)}
              </button>
            ))}
          </div>
        </div>
      ))}
      <label class="field">
        {t("voice.why")}
        <textarea maxLength={MOST} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="rate-words" />
      </label>
      <Problem text={problem} />
      <button type="button" class="button main wide" disabled={busy || !whole} onClick={() => void send(rate)} data-testid="rate-send">
        {t("voice.send")}
      </button>
    </Sheet>
  );
}

function AskSheet({ project, said, close }: SheetProps) {
  const [words, setWords] = useState("");
  const { busy, problem, send } = useSending();
  const ask = async () => said(await api<Told>(`/work/projects/${project}/questions`, { body: { words: words.trim() } }));
  return (
    <Sheet title={t("voice.ask")} onClose={close} testid="ask-sheet">
      <p class="small muted">{t("voice.all_read")}</p>
      <label class="field">
        {t("voice.what")}
        <textarea maxLength={MOST} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="ask-words" />
      </label>
      <Problem text={problem} />
      <button type="button" class="button main wide" disabled={busy || !words.trim()} onClick={() => void send(ask)} data-testid="ask-send">
        {t("voice.send")}
      </button>
    </Sheet>
  );
}
