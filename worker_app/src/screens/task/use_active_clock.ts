import { useEffect, useRef } from "preact/hooks";
import { ActiveClock } from "@app/app/clock";

/** Her time on what is shown; it begins anew with `since`. */
export function useActiveClock(since: object): ActiveClock {
  const clock = useRef(new ActiveClock());
  useEffect(() => {
    clock.current = new ActiveClock();
    const beat = () => clock.current.beat();
    const seen = () => (document.visibilityState === "visible" ? clock.current.resume() : clock.current.beat());
    for (const sign of ["pointerdown", "pointermove", "keydown"]) addEventListener(sign, beat, { passive: true });
    document.addEventListener("visibilitychange", seen);
    return () => {
      for (const sign of ["pointerdown", "pointermove", "keydown"]) removeEventListener(sign, beat);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [since]);
  return clock.current;
}
