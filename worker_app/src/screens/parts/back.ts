import { useEffect, useRef } from "preact/hooks";

type State = { over?: number } | null;
const live = new Set<number>();
let count = 0;

/**
 * The phone's back key closes what lies over the screen, and does not leave the screen.
 * Each thing that is open has a step of its own in the history; a step whose thing is gone is used again by the next.
 */
export function useBack(close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const mine = ++count;
    const before = (history.state as State)?.over;
    live.add(mine);
    if (before !== undefined && !live.has(before)) history.replaceState({ over: mine }, "");
    else history.pushState({ over: mine }, "");
    const onPop = () => {
      const now = (history.state as State)?.over ?? 0;
      if (live.has(mine) && now < mine) latest.current();
    };
    addEventListener("popstate", onPop);
    return () => {
      removeEventListener("popstate", onPop);
      live.delete(mine);
      // Later: what follows at once (another sheet, another screen) has taken its own step by then.
      setTimeout(() => stepOut(mine));
    };
  }, []);
}

/** Out of the step of what was closed. The browser takes a while over it: where she has gone meanwhile she stays. */
function stepOut(mine: number): void {
  const isHere = () => (history.state as State)?.over === mine;
  if (!isHere()) return;
  addEventListener("popstate", () => isHere() && history.forward(), { once: true });
  history.back();
}
