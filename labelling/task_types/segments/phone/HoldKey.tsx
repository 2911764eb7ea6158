import { useRef } from "preact/hooks";
import { t } from "@app/i18n";
import type { Playback } from "./playback";
import type { SegmentTool } from "./tool";

const HELD_MS = 300; // a press that is shorter is a tap: it begins, and the next one ends

/** Held, a segment lasts as long as the finger; tapped, from one tap to the next. For who presses keys, or has the screen read, it is tapped. */
export function HoldKey({ tool, playback, label }: { tool: SegmentTool; playback: Playback; label: string }) {
  const press = useRef<{ ms: number; began: boolean } | null>(null);
  const begun = tool.draft.begun !== null;
  const down = (event: PointerEvent) => {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    press.current = { ms: event.timeStamp, began: !begun };
    mark(tool, playback);
  };
  const up = (event: PointerEvent) => {
    const { current } = press;
    press.current = null;
    if (current?.began && event.timeStamp - current.ms >= HELD_MS) tool.end(playback.atMs);
  };
  return (
    <button
      type="button"
      class="button main hold"
      aria-pressed={begun}
      aria-describedby="segments-help"
      onPointerDown={down}
      onPointerUp={up}
      onPointerCancel={up}
      onContextMenu={(event) => event.preventDefault()}
      onClick={(event) => event.detail === 0 && mark(tool, playback)}
      data-testid="hold"
    >
      {begun ? t("segments.end_here") : label}
    </button>
  );
}

/** What begins must be heard. */
function mark(tool: SegmentTool, playback: Playback): void {
  const begins = tool.draft.begun === null;
  tool.mark(playback.atMs);
  if (begins && !playback.playing) playback.play();
}
