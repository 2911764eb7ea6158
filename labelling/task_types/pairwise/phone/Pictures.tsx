import { useRef, useState } from "preact/hooks";
import type { LoadedMedia, QuestionPart } from "@app/app/widget";
import { t } from "@app/i18n";
import { moved, transformOf, WHOLE, zoomed, type View } from "./view";

const HOLD_MS = 300;
const STILL_PX = 8;

type Props = { parts: QuestionPart[]; media: LoadedMedia; names: string[]; chosen: string | null; choose(id: string): void };

/** Pictures under one look: two fingers on one enlarge all, a held finger shows the next in its place, a tap chooses. */
export function Pictures({ parts, media, names, chosen, choose }: Props) {
  const [view, setView] = useState<View>(WHOLE);
  const [held, setHeld] = useState<string | null>(null);
  const next = (id: string) => parts[(parts.findIndex((part) => part.id === id) + 1) % parts.length]!.id;
  return (
    <>
      <div class="pair-cards" data-testid="pair-pictures">
        {parts.map((part, k) => (
          <Pane
            key={part.id}
            id={part.id}
            name={names[k]!}
            chosen={chosen === part.id}
            url={media.parts?.[held === part.id ? next(part.id) : part.id]?.url ?? ""}
            blinking={held === part.id}
            view={view}
            look={setView}
            hold={(is) => setHeld(is ? part.id : null)}
            tap={() => choose(part.id)}
          />
        ))}
      </div>
      <div class="pair-look">
        <button
          type="button"
          class="button quiet square"
          aria-label={t("pairwise.smaller")}
          disabled={view.scale === 1}
          onClick={() => setView((now) => zoomed(now, 1 / 1.6))}
          data-testid="pair-smaller"
        >
          −
        </button>
        <span class="muted small">{t("pairwise.hold")}</span>
        <button type="button" class="button quiet square" aria-label={t("pairwise.larger")} onClick={() => setView((now) => zoomed(now, 1.6))} data-testid="pair-larger">
          +
        </button>
      </div>
    </>
  );
}

type PaneProps = { id: string; name: string; chosen: boolean; url: string; blinking: boolean; view: View; look(change: (now: View) => View): void; hold(is: boolean): void; tap(): void };

function Pane({ id, name, chosen, url, blinking, view, look, hold, tap }: PaneProps) {
  const fingers = usePaneFingers(look, hold, tap);
  return (
    <figure class={chosen ? "candidate pane chosen" : "candidate pane"} {...fingers} style={{ touchAction: view.scale === 1 ? "pan-y" : "none" }} data-testid={`pane-${id}`}>
      <img src={url} alt={name} draggable={false} style={{ transform: transformOf(view) }} />
      <figcaption aria-hidden="true">{blinking ? "…" : name}</figcaption>
    </figure>
  );
}

type Finger = { x: number; y: number };

/** One finger: a tap, a hold, or a way over the picture; two: larger and smaller. */
function usePaneFingers(look: PaneProps["look"], hold: PaneProps["hold"], tap: PaneProps["tap"]) {
  const down = useRef(new Map<number, Finger>());
  const state = useRef({ timer: 0, still: true, held: false });
  const release = () => {
    clearTimeout(state.current.timer);
    if (state.current.held) hold(false);
  };
  const onPointerDown = (event: PointerEvent) => {
    down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    release();
    state.current = { timer: 0, still: down.current.size === 1, held: false };
    if (down.current.size === 1)
      state.current.timer = window.setTimeout(() => {
        state.current.held = true;
        hold(true);
      }, HOLD_MS);
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = down.current.get(event.pointerId);
    if (!before || state.current.held) return;
    const now = { x: event.clientX, y: event.clientY };
    if (state.current.still && Math.hypot(now.x - before.x, now.y - before.y) < STILL_PX) return;
    state.current.still = false;
    clearTimeout(state.current.timer);
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
    down.current.set(event.pointerId, now);
    if (!other) return look((view) => moved(view, (now.x - before.x) / box.width, (now.y - before.y) / box.height));
    const by = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    const at = { x: ((now.x + other.x) / 2 - box.left) / box.width - 0.5, y: ((now.y + other.y) / 2 - box.top) / box.height - 0.5 };
    look((view) => zoomed(view, by, at));
  };
  const onPointerUp = (event: PointerEvent) => {
    const { still, held } = state.current;
    if (!down.current.delete(event.pointerId)) return;
    release();
    if (event.type === "pointerup" && still && !held) tap();
    state.current = { timer: 0, still: false, held: false };
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onContextMenu: (event: Event) => event.preventDefault() };
}
