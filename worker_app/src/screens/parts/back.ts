import { useEffect, useRef } from "preact/hooks";

/** A step of the history belongs to what lies over the screen at that step; `over` is its number. */
type Step = { over: number; hash: string };
const here = (): Step => ({ over: (history.state as { over?: number } | null)?.over ?? 0, hash: location.hash });

const live = new Set<number>();
let count = 0;
let at = here();

/**
 * One step back from the step that is here now. `history.back` counts from the step that the browser last heard of, which may still be the
 * one before: it would stay where it is. Older browsers have nothing better.
 */
function stepBack(): void {
  if (!("navigation" in globalThis)) return history.back();
  if (!navigation.canGoBack) return;
  const { committed, finished } = navigation.back();
  for (const end of [committed, finished]) end?.catch(console.info); // she went elsewhere meanwhile
}

/**
 * Back out of a step whose sheet was closed by its own key: nothing would be seen to happen, so it goes on to the step before. (Nothing is
 * taken out of the history when a sheet is closed: that takes the browser a while, and would undo where she has gone meanwhile.)
 */
addEventListener("popstate", () => {
  const left = at;
  at = here();
  const isDead = left.over > 0 && !live.has(left.over);
  if (isDead && at.over < left.over && at.hash === left.hash) stepBack();
});

/** The phone's back key closes what lies over the screen, and does not leave the screen. */
export function useBack(close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const mine = ++count;
    const { over } = here();
    live.add(mine);
    // A step whose sheet is gone is used again by the next.
    if (over > 0 && !live.has(over)) history.replaceState({ over: mine }, "");
    else history.pushState({ over: mine }, "");
    at = here();
    const onPop = () => live.has(mine) && here().over < mine && latest.current();
    addEventListener("popstate", onPop);
    return () => {
      removeEventListener("popstate", onPop);
      live.delete(mine);
    };
  }, []);
}
