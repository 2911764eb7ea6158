import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { pick, t } from "@app/i18n";
import { byDigit, useKeys } from "@app/app/keys";
import type { Cell, TogetherProps } from "@app/app/widget";
import { Icon } from "@app/screens/parts/Icon";
import { Closer } from "./Closer";
import { allOf, sidesOf, stepFrom, toggled, type GridDraft } from "./grid";
import "./style.css";

/** Up to nine pictures: she taps all that are one thing. Held, or by its own key, one is looked at closely, left out or reported. */
export function Grid({ question, cells, draft, change, worth, leave }: TogetherProps<GridDraft>) {
  const [closer, setCloser] = useState<string | null>(null);
  const [at, setAt] = useState(0); // where the arrow keys are
  const box = useSeen(cells, draft, () => change({ ...draft, seen: allOf(question) }, "silent"));
  const toggle = (lease: string) => change(toggled(draft, lease));
  useKeys((event) => {
    const { key } = event;
    const cell = byDigit(key, cells);
    if (cell) toggle(cell.lease);
    else if (key === "+") setCloser(cells[at]?.lease ?? null);
    else return move(box.current!, key, setAt);
    return true;
  });
  const shown = cells.findIndex(({ lease }) => lease === closer);
  const close = () => setCloser(null);
  return (
    <div class="look grid-look" ref={box} data-testid="grid">
      <p class="grid-ask" id="grid-ask">
        <span>
          {t("choice.grid_ask")} <strong dir="auto">{pick(sidesOf(question).tapped.name)}</strong>
        </span>
        <span class="muted small numbers">{t("choice.grid_worth", { n: cells.length, money: worth })}</span>
      </p>
      <div class={`grid-cells of-${cells.length}`} role="group" aria-labelledby="grid-ask">
        {cells.map((cell, k) => (
          <Picture
            cell={cell}
            n={k + 1}
            of={cells.length}
            chosen={draft.chosen.includes(cell.lease)}
            isAt={k === at}
            toggle={() => toggle(cell.lease)}
            open={() => setCloser(cell.lease)}
            focus={() => setAt(k)}
            key={cell.lease}
          />
        ))}
      </div>
      {shown >= 0 && (
        <Closer
          cell={cells[shown]!}
          n={shown + 1}
          of={cells.length}
          chosen={draft.chosen.includes(closer!)}
          toggle={() => (toggle(closer!), close())}
          leave={(as) => (close(), leave(closer!, as))}
          close={close}
        />
      )}
    </div>
  );
}

type PictureProps = { cell: Cell; n: number; of: number; chosen: boolean; isAt: boolean; toggle(): void; open(): void; focus(): void };

function Picture({ cell: { lease, media }, n, of, chosen, isAt, toggle, open, focus }: PictureProps) {
  return (
    <div class="grid-cell">
      <button
        type="button"
        class="grid-pick"
        role="checkbox"
        aria-checked={chosen}
        aria-label={t("choice.grid_cell", { n, of })}
        tabIndex={isAt ? 0 : -1}
        onFocus={focus}
        onClick={toggle}
        {...useHold(open)}
        data-testid={`cell-${n}`}
        data-lease={lease}
      >
        {media.url && <img src={media.url} alt="" draggable={false} />}
        <span class="grid-tick" aria-hidden="true">
          <Icon name="check" />
        </span>
      </button>
      <button type="button" class="grid-closer" tabIndex={isAt ? 0 : -1} aria-label={t("choice.grid_closer", { n })} onClick={open} data-testid={`closer-${n}`}>
        <Icon name="size" />
      </button>
    </div>
  );
}

const HOLD_MS = 500;
const AFTER_LIFT_MS = 60;

/** A finger that rests on it. */
function useHold(act: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => clearTimeout(timer.current);
  const begin = () => {
    stop();
    timer.current = setTimeout(() => {
      swallowClick();
      act();
    }, HOLD_MS);
  };
  return { onPointerDown: begin, onPointerUp: stop, onPointerLeave: stop, onPointerCancel: stop, onContextMenu: (event: Event) => event.preventDefault() };
}

/** What the finger lifts from by then is no tap, whatever lies under it now. */
function swallowClick(): void {
  const stop = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("click", stop, true);
  const lifted = () => setTimeout(() => removeEventListener("click", stop, true), AFTER_LIFT_MS);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, lifted, { once: true, capture: true });
}

/** Tells once that the last picture has been on the screen; on each new page of the draft it brings the next into view. */
function useSeen(cells: Cell[], { page, seen }: GridDraft, tell: () => void) {
  const box = useRef<HTMLDivElement>(null);
  const all = cells.map(({ lease }) => lease).join();
  useLayoutEffect(() => {
    const look = box.current!;
    const check = () => seen !== all && look.scrollTop + look.clientHeight >= look.scrollHeight - SPARE_PX && tell();
    check();
    look.addEventListener("scroll", check, { passive: true });
    return () => look.removeEventListener("scroll", check);
  });
  useLayoutEffect(() => {
    if (page) box.current!.scrollBy({ top: box.current!.clientHeight * 0.85 });
  }, [page]);
  return box;
}

const SPARE_PX = 24;

/** Arrow keys, from the picture that has the focus. */
function move(look: HTMLElement, key: string, setAt: (k: number) => void): boolean {
  const picks = [...look.querySelectorAll<HTMLElement>(".grid-pick")];
  const k = picks.findIndex((one) => one.parentElement!.contains(document.activeElement));
  const columns = picks.filter((one) => one.offsetTop === picks[0]!.offsetTop).length || 1;
  const next = stepFrom(Math.max(0, k), key, picks.length, columns, getComputedStyle(look).direction === "rtl");
  if (next === null) return false;
  setAt(next);
  picks[k < 0 ? 0 : next]!.focus();
  return true;
}
