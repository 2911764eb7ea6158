import { createStore, useStore } from "@app/app/store";
import { useEffect } from "preact/hooks";

/** What a screen reader says and, when `show`n, everybody sees for a moment. */
type Word = { text: string; show: boolean; n: number };
const word = createStore<Word>({ text: "", show: false, n: 0 });
const SHOWN_MS = 2600;

export function announce(text: string, show = false): void {
  word.set((now) => ({ text, show, n: now.n + 1 }));
}

/** What everybody sees now, for a screen that has a place of its own for it; "" when there is nothing to say. */
export function useShownWord(): string {
  const { text, show } = useStore(word);
  return show ? text : "";
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
