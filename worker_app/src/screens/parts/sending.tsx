import { useRef, useState } from "preact/hooks";
import { wordsOf } from "./faults";

/**
 * What a key sends: while it is on its way a second tap sends nothing (give the key `disabled={busy}`), and what went wrong stands in
 * `problem`. said: other words for it; "" where something else tells her.
 */
export function useSending() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const underWay = useRef(false); // two taps may come before the key is drawn as off
  const send = async (act: () => Promise<unknown>, said: (error: unknown) => string | Promise<string> = wordsOf): Promise<void> => {
    if (underWay.current) return;
    underWay.current = true;
    setBusy(true);
    setProblem("");
    try {
      await act();
    } catch (error) {
      setProblem(await said(error));
    } finally {
      underWay.current = false;
      setBusy(false);
    }
  };
  return { busy, problem, send };
}

export function Problem({ text, testid }: { text: string; testid?: string }) {
  if (!text) return null;
  return (
    <p class="note sorry" role="alert" data-testid={testid}>
      {text}
    </p>
  );
}
