import { sheetIsOpen } from "@app/app/keys";

/** Where she is, for who does not see it: the page is called what its heading says, and reading goes on at that heading. */
let waitsForHeading = false;

const heading = (): HTMLElement | null => document.querySelector<HTMLElement>("main h1");

export function followHeading(): void {
  let due = 0;
  const look = () => {
    due = 0;
    const title = heading()?.textContent?.trim();
    document.title = title && title !== "Ilima" ? `${title} · Ilima` : "Ilima";
    if (waitsForHeading) focusHeading();
  };
  new MutationObserver(() => (due ||= requestAnimationFrame(look))).observe(document.body, { childList: true, subtree: true, characterData: true });
}

/** Another screen: its heading takes the focus as soon as it is there. */
export function arrived(): void {
  waitsForHeading = true;
  requestAnimationFrame(() => waitsForHeading && focusHeading());
}

export function focusHeading(): void {
  const found = heading();
  if (!found || sheetIsOpen()) return;
  waitsForHeading = false;
  found.tabIndex = -1;
  found.focus({ preventScroll: true });
}

/** What had the focus has gone, with a sheet or a task: it is not left at the top of the page. */
export function mendFocus(): void {
  const now = document.activeElement;
  if (!now || now === document.body) focusHeading();
}
