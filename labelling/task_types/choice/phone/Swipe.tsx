import { useRef } from "preact/hooks";
import { pick, t } from "@app/i18n";
import { useKeys } from "@app/app/keys";
import type { LabelDef } from "@app/app/types";
import type { WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { Icon } from "@app/screens/parts/Icon";
import { pushedTo, SIDES, type Draft, type Side } from "./answer";
import "./style.css";

const KEYS: Record<string, Side> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up" };

/** A card: pushed to a side it is answered, and so by the key of that side, for whoever does not drag. Undo takes it back. */
export function Swipe({ question, media, finish, announce }: WidgetProps<Draft>) {
  const labels = question.labels.slice(0, SIDES.length);
  const give = (side: Side | null) => {
    const label = side && labels[SIDES.indexOf(side)];
    if (!label) return;
    announce(t("choice.chosen", { label: pick(label.name) }));
    finish({ label: label.id });
  };
  useKeys(({ key, target }) => {
    if (!(target as HTMLElement).matches("input")) give(KEYS[key] ?? null); // there it is the place in a sound
  });
  const isRead = question.text.length > 400 || question.parts !== undefined; // up and down is its own way, then
  const hasUp = labels.length > 2 && !isRead;
  const card = usePush(give, hasUp);
  return (
    <>
      <div class={hasUp ? "look swipe-card every-way" : "look swipe-card"} {...card} data-testid="swipe-card">
        <ItemShown question={question} media={media} />
      </div>
      <div class="dock">
        {labels[2] && <SideKey side="up" label={labels[2]} give={give} />}
        <div class="swipe-keys">
          <SideKey side="left" label={labels[0]!} give={give} />
          <SideKey side="right" label={labels[1]!} give={give} />
        </div>
        <p class="small muted swipe-how">{t("choice.push")}</p>
      </div>
    </>
  );
}

function SideKey({ side, label, give }: { side: Side; label: LabelDef; give(side: Side): void }) {
  return (
    <button type="button" class={`button swipe-key ${side}`} onClick={() => give(side)} data-testid={`choice-${label.id}`}>
      <Icon name={side} />
      <span>{pick(label.name)}</span>
    </button>
  );
}

/** The card goes with the finger sideways; up and down are for reading, unless it was caught moving clearly. */
function usePush(give: (side: Side | null) => void, hasUp: boolean) {
  const from = useRef<{ x: number; y: number } | null>(null);
  const put = (card: HTMLElement, dx: number, dy: number) => {
    card.style.transform = dx || dy ? `translate(${dx}px, ${dy}px) rotate(${dx / 30}deg)` : "";
  };
  const end = (event: PointerEvent, counts: boolean) => {
    if (!from.current) return;
    const card = event.currentTarget as HTMLElement;
    const [dx, dy] = [event.clientX - from.current.x, event.clientY - from.current.y];
    from.current = null;
    put(card, 0, 0);
    if (counts) give(pushedTo(dx, dy, card.clientWidth, hasUp));
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      if (!event.isPrimary) return end(event, false); // two fingers enlarge
      if ((event.target as HTMLElement).closest("input, audio, video, dialog")) return; // in these a finger does something else
      from.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      if (!from.current) return;
      const [dx, dy] = [event.clientX - from.current.x, event.clientY - from.current.y];
      if (Math.hypot(dx, dy) < 10) return; // a tap that enlarges the picture
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      put(event.currentTarget as HTMLElement, dx, hasUp ? Math.min(dy, 0) : 0);
    },
    onPointerUp: (event: PointerEvent) => end(event, true),
    onPointerCancel: (event: PointerEvent) => end(event, false),
  };
}
