import { createStore, useStore } from "@app/app/store";
import { t } from "@app/i18n";
import { useEffect } from "preact/hooks";
import { Icon } from "./Icon";

/** What a screen reader says and, when `show`n, everybody sees for a moment. */
type Word = { text: string; show: boolean; n: number };
const word = createStore<Word>({ text: "", show: false, n: 0 });
/** What went wrong: it stays until she has read it; what `passes`, until she goes on with what it asks for. */
const trouble = createStore({ text: "", passes: false });
const SHOWN_MS = 2600;

export function announce(text: string, show = false): void {
  word.set((now) => ({ text, show, n: now.n + 1 }));
  if (show) forgive();
}

export const complain = (text: string, passes = false): void => trouble.set({ text, passes });
export const forgive = (): void => trouble.set((now) => (now.passes ? { text: "", passes: false } : now));

/** What everybody sees now, for a screen that has a place of its own for it; "" when there is nothing to say. */
export function useShownWord(): string {
  const { text, show } = useStore(word);
  return show ? text : "";
}

/** Red, near the thumb, in a place of its own: it covers nothing. */
export function Trouble() {
  const { text } = useStore(trouble);
  if (!text) return null;
  return (
    <p class="trouble" role="alert" data-testid="trouble">
      <Icon name="warn" />
      <span class="grow">{text}</span>
      <button type="button" class="button square" aria-label={t("sheet.close")} onClick={() => complain("")} data-testid="trouble-read">
        <Icon name="close" />
      </button>
    </p>
  );
}

export function Announcer() {
  const { text, show, n } = useStore(word);
  useEffect(() => {
    const timer = setTimeout(() => word.set((now) => (now.n === n ? { ...now, show: false } : now)), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [n]);
  return (
    <>
      <div class="visually-hidden" aria-live="polite" role="status" data-testid="announcer">
        {text}
      </div>
      {show && (
        <div class="toast" aria-hidden="true" key={n}>
          <span>{text}</span>
        </div>
      )}
    </>
  );
}
