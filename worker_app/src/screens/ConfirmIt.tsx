import { useEffect, useState } from "preact/hooks";
import { api, ApiError } from "@app/app/api";
import * as auth from "@app/app/auth";
import { t } from "@app/i18n";
import { wordsOf } from "./parts/faults";
import { Problem, useSending } from "./parts/sending";

/**
 * Before money goes to a new number: is it she who holds the phone? A code to her own address, or her passkey. What she asked for is
 * kept meanwhile, and goes on by itself once she has shown it.
 */
export function ConfirmIt({ done, go = "confirm.go" }: { done(): void; go?: string }) {
  const [sentTo, setSentTo] = useState("");
  const [code, setCode] = useState("");
  const { busy, problem, send } = useSending();
  const attempt = (act: () => Promise<unknown>, then: () => void) => send(async () => (await act(), then()), sentence);
  const ask = () =>
    attempt(
      async () => setSentTo((await api<{ sent_to: string }>("/me/confirm", { body: {} })).sent_to),
      () => {},
    );
  useEffect(() => void ask(), []);
  return (
    <section class="note stack tight" data-testid="confirm-it">
      <p>{t(sentTo ? "confirm.sent" : "confirm.why", { to: sentTo })}</p>
      <label class="field">
        {t("confirm.code")}
        <input class="code-input" autocomplete="one-time-code" autoCapitalize="characters" value={code} onInput={(event) => setCode(event.currentTarget.value)} data-testid="confirm-code" />
      </label>
      <Problem text={problem} />
      <button
        type="button"
        class="button main wide"
        disabled={busy || !code.trim()}
        onClick={() => void attempt(() => api("/me/confirm", { body: { code: code.trim() } }), done)}
        data-testid="confirm-send"
      >
        {t(go)}
      </button>
      {auth.hasPasskeys() && (
        <button type="button" class="button wide" disabled={busy} onClick={() => void attempt(auth.confirmWithPasskey, done)}>
          {t("sign_in.passkey")}
        </button>
      )}
      <button type="button" class="button quiet wide" disabled={busy} onClick={() => void ask()}>
        {t("confirm.again")}
      </button>
    </section>
  );
}

function sentence(error: unknown): string {
  if (!(error instanceof ApiError)) return t("sign_in.not_right"); // a passkey that was cancelled
  return wordsOf(error);
}
