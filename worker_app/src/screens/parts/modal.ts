import { useLayoutEffect, useRef } from "preact/hooks";
import { useBack } from "./back";
import { mendFocus } from "./place";

/** A dialog over the screen for as long as its component is there. Escape and the phone's back key close it; the focus returns to where it was. */
export function useModal(close: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  const latest = useRef(close);
  latest.current = close;
  useBack(close);
  // In the layout phase: at the end the dialog must still be in the page, or the browser does not give the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current!;
    const ended = () => latest.current(); // by Escape: some browsers ask first ("cancel"), and none does the second time
    shown.showModal();
    shown.addEventListener("close", ended);
    return () => {
      shown.removeEventListener("close", ended);
      shown.close();
      setTimeout(mendFocus); // what had the focus may have gone meanwhile
    };
  }, []);
  return dialog;
}
