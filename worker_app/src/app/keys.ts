import { useLayoutEffect, useRef } from "preact/hooks";

/** What a key does here. True: it meant something, and the browser does nothing else with it. */
export type Press = (event: KeyboardEvent) => boolean | void;

/** Every key that is pressed while this is on the screen, wherever the focus is. */
export function useEveryKey(press: Press): void {
  const latest = useRef(press); // what was drawn last answers: a key right after a choice must see that choice
  latest.current = press;
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => answered(event, latest.current);
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** Keys that mean something by themselves: those with Ctrl, Alt or Meta are the browser's, and what lies behind an open sheet hears none. */
export function useKeys(press: Press): void {
  useEveryKey((event) => isPlain(event) && press(event));
}

export function answered(event: KeyboardEvent, press: Press): void {
  if (press(event)) event.preventDefault();
}

export const isPlain = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.metaKey && !event.altKey && !sheetIsOpen();

export const sheetIsOpen = (): boolean => document.querySelector("dialog[open]") !== null;

/** The digit keys are the first nine of a list. */
export const byDigit = <T>(key: string, list: readonly T[]): T | undefined => (/^[1-9]$/.test(key) ? list[Number(key) - 1] : undefined);

/** A task's own keys: Ctrl+Z takes back; Enter finishes, except where Enter already means something. */
export function useTaskKeys(undo: () => void, done: () => void): void {
  useEveryKey((event) => !sheetIsOpen() && pressTaskKey(event, undo, done));
}

export function pressTaskKey(event: KeyboardEvent, undo: () => void, done: () => void): boolean {
  const on = (which: string) => (event.target as HTMLElement).matches(which);
  if (on("textarea, input")) return false;
  if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
  else if (event.key === "Enter" && !on("button:not([role=radio]), a, [role=button]")) done();
  else return false;
  return true;
}
