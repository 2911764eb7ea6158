import { useEffect, useState } from "preact/hooks";
import { api, failureOf } from "@app/app/api";
import type { Ban } from "@app/app/types";
import { t } from "@app/i18n";
import { moment } from "@app/i18n/format";
import { deleteMeta, getMeta, setMeta } from "@app/outbox/db";
import { announce } from "../parts/announce";
import { wordsOf } from "../parts/faults";
import { Problem, useSending } from "../parts/sending";
import { Sheet } from "../parts/Sheet";

const MAX_WORDS = 2000;

/** Her words are on the phone before they leave: without signal nothing is lost, and the same words twice are one appeal. */
export function AppealSheet({ ban, close, sent }: { ban: Ban; close(): void; sent(ban: Ban): void }) {
  const [words, setWords] = useState("");
  const { busy, problem, send } = useSending();
  const stored = `appeal:${ban.ban}`;
  useEffect(() => void getMeta<string>(stored).then((kept) => setWords(kept ?? "")), [stored]);

  const appeal = async () => {
    await setMeta(stored, words);
    const now = await api<Ban>(`/bans/${ban.ban}/appeal`, { body: { words } });
    await deleteMeta(stored);
    announce(t("appeal.sent", { at: moment(now.appeal!.answer_by) }), true);
    sent(now);
    close();
  };
  const refused = (error: unknown) => (failureOf(error).mayPass ? t("appeal.kept") : wordsOf(error));
  const submit = (event: Event) => {
    event.preventDefault();
    void send(appeal, refused);
  };
  return (
    <Sheet title={t("appeal.ask")} onClose={close} testid="appeal-sheet">
      <form class="stack" onSubmit={submit}>
        <p>{t("appeal.how")}</p>
        <label class="field">
          {t("appeal.words")}
          <textarea required rows={5} maxLength={MAX_WORDS} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="appeal-words" />
        </label>
        <Problem text={problem} />
        <button type="submit" class="button main wide" disabled={busy || !words.trim()} data-testid="appeal-send">
          {t("appeal.send")}
        </button>
        <button type="button" class="button quiet wide" onClick={close}>
          {t("sheet.close")}
        </button>
      </form>
    </Sheet>
  );
}
