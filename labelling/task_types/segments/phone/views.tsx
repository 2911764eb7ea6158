import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Labels } from "@app/app/looks";
import type { LoadedMedia } from "@app/app/widget";
import { sizeCanvas } from "@app/canvas/size_canvas";
import { t } from "@app/i18n";
import type { Playback } from "./playback";
import { clock, type SegmentTool, type Side } from "./tool";
import { AROUND_MS, msOf, paintBands, paintHandles, paintOffers, paintPlayhead, paintStrip, paintWave, SCREEN_MS, windowAt, xOf, type Band, type Colours, type Window } from "./wave";

export type Shown = { tool: SegmentTool; playback: Playback; media: LoadedMedia; labels: Labels; strip: HTMLImageElement | null };
type Pen = CanvasRenderingContext2D;
const HANDLE_PX = 24; // on either side: a handle is 48 px wide to the finger
const TAP_PX = 8;

/** The sound moves under the playhead in the middle: slid by a finger, or by playing. A tap on a segment chooses it, elsewhere it goes there. */
export function Wave(shown: Shown) {
  const { tool, playback, media } = shown;
  const canvas = usePainted((pen, size) => {
    const view = windowAt(playback.atMs, SCREEN_MS, size.width, size.height);
    paintAll(pen, view, shown);
    paintOffers(pen, view, tool.activity, coloursOf());
    const band = bandsOf(shown)[tool.selected];
    if (band) paintHandles(pen, view, band, coloursOf());
    paintPlayhead(pen, view, playback.atMs, coloursOf());
  });
  const viewNow = () => windowAt(playback.atMs, SCREEN_MS, canvas.current!.clientWidth, 120);
  const slide = useSlide({
    begin: (x) => {
      const view = viewNow();
      const side = sideAt(tool, view, x);
      if (!side) playback.pause();
      return side ? { side, view, atMs: 0 } : { side, view, atMs: playback.atMs };
    },
    move: (x, begun) => {
      if (begun.side) return tool.put(msOf(begun.view, x), begun.side);
      const by = (x - begun.x) / begun.view.width;
      playback.seek(begun.atMs - by * SCREEN_MS);
    },
    tap: (x) => {
      const ms = msOf(viewNow(), x);
      tool.select(tool.at(ms));
      playback.stopAt(tool.chosen ? tool.chosen.start_ms : ms);
    },
  });
  return (
    <div class={media.strip ? "seg-canvas seg-wave filmed" : "seg-canvas seg-wave"} dir="ltr">
      <canvas ref={canvas} role="img" aria-label={t("segments.wave", { n: tool.draft.segments.length })} {...slide} data-testid="wave" data-at={Math.round(playback.atMs)} data-ms={media.durationMs} />
    </div>
  );
}

/** Which handle of the chosen segment lies under the finger. */
function sideAt({ chosen }: SegmentTool, view: Window, x: number): Side | null {
  if (!chosen) return null;
  const [start, end] = [Math.abs(xOf(view, chosen.start_ms) - x), Math.abs(xOf(view, chosen.end_ms) - x)];
  if (Math.min(start, end) > HANDLE_PX) return null;
  return start < end ? "start" : "end";
}

/** All of it, small: where the segments lie, and a slider to go anywhere, also by keys and for screen readers. */
export function Whole(shown: Shown) {
  const { playback, media } = shown;
  const canvas = usePainted((pen, size) => {
    const view = { fromMs: 0, toMs: media.durationMs, ...size };
    paintAll(pen, view, shown);
    paintPlayhead(pen, view, playback.atMs, coloursOf());
  });
  return (
    <div class="seg-canvas seg-all" dir="ltr">
      <canvas ref={canvas} aria-hidden="true" />
      <input
        type="range"
        min={0}
        max={media.durationMs}
        step={100}
        value={playback.atMs}
        aria-label={t("segments.position")}
        aria-valuetext={clock(playback.atMs)}
        onInput={(event) => playback.seek(Number(event.currentTarget.value))}
        data-testid="position"
      />
    </div>
  );
}

/** Half a second on either side of an end, over the whole width: a slide moves the end by thousandths. */
export function CloseLook(shown: Shown) {
  const { tool, playback } = shown;
  const held = useRef<number | null>(null); // while a finger slides, the strip stands still and the end moves
  const middle = () => held.current ?? tool.edge ?? 0;
  const canvas = usePainted((pen, size) => {
    const view = windowAt(middle(), 2 * AROUND_MS, size.width, size.height);
    paintAll(pen, view, shown);
    if (playback.playing) paintPlayhead(pen, view, playback.atMs, coloursOf());
    pen.fillStyle = coloursOf().ink;
    pen.fillRect(xOf(view, tool.edge ?? 0) - 1.5, 0, 3, size.height);
  });
  const slide = useSlide({
    begin: () => {
      held.current = tool.edge ?? 0;
      return { side: tool.side, atMs: held.current, view: windowAt(held.current, 2 * AROUND_MS, canvas.current!.clientWidth, 76) };
    },
    move: (x, begun) => tool.put(begun.atMs + ((x - begun.x) / begun.view.width) * 2 * AROUND_MS),
    tap: (x) => tool.put(msOf(windowAt(held.current ?? 0, 2 * AROUND_MS, canvas.current!.clientWidth, 76), x)),
    done: () => {
      held.current = null;
      playback.seek(tool.edge ?? playback.atMs);
    },
  });
  return (
    <div class="seg-canvas seg-close" dir="ltr">
      <canvas ref={canvas} role="img" aria-label={t("segments.close_look")} {...slide} data-testid="close-look" />
    </div>
  );
}

/** The film strip, once it can be drawn. */
export function useStrip(media: LoadedMedia): HTMLImageElement | null {
  const [strip, setStrip] = useState<HTMLImageElement | null>(null);
  useLayoutEffect(() => {
    if (!media.strip) return;
    const picture = new Image();
    picture.onload = () => setStrip(picture);
    picture.src = media.strip.url;
    return () => (picture.onload = null);
  }, [media]);
  return strip;
}

// --- painting ---------------------------------------------------------------------------------------------------------
function paintAll(pen: Pen, view: Window, shown: Shown): void {
  const { media, strip } = shown;
  paintWave(pen, view, media.peaks ?? [], media.durationMs, coloursOf());
  // With a sound the wave is seen below the pictures, without one there are only they.
  if (strip && media.strip) paintStrip(pen, view, strip, media.strip, media.peaks?.some((peak) => peak > 0) ? view.height * 0.6 : view.height);
  paintBands(pen, view, bandsOf(shown), coloursOf());
}

/** The segments, and the one that lasts until now. */
function bandsOf({ tool, labels, playback }: Shown): Band[] {
  const { segments, begun } = tool.draft;
  const look = (label: string) => labels.get(label) ?? { name: label, colour: "#888888" };
  const bands = segments.map((one, k) => ({ startMs: one.start_ms, endMs: one.end_ms, ...look(one.label), chosen: k === tool.selected }));
  if (begun === null) return bands;
  const at = playback.atMs;
  return [...bands, { startMs: Math.min(begun, at), endMs: Math.max(begun, at), ...look(tool.label), chosen: true }];
}

let colours: Colours | null = null;
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => (colours = null));

/** Of the page, as they are now. */
function coloursOf(): Colours {
  if (colours) return colours;
  const of = getComputedStyle(document.documentElement);
  const read = (name: string) => of.getPropertyValue(`--${name}`).trim();
  return (colours = { paper: read("card"), wave: read("line-strong"), heard: read("clay"), line: read("sunk"), ink: read("ink") });
}

/** A canvas as sharp as the screen, painted at every change. */
function usePainted(paint: (pen: Pen, size: { width: number; height: number }) => void) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const sharp = useRef(1);
  const latest = useRef(paint);
  latest.current = paint;
  const draw = useMemo(
    () => () => {
      const { current } = canvas;
      if (!current?.clientWidth) return;
      const pen = current.getContext("2d", { alpha: false })!;
      pen.setTransform(sharp.current, 0, 0, sharp.current, 0, 0);
      latest.current(pen, { width: current.clientWidth, height: current.clientHeight });
    },
    [],
  );
  useLayoutEffect(() => {
    const { current } = canvas;
    const fit = new ResizeObserver(() => {
      sharp.current = sizeCanvas(current!, { width: current!.clientWidth, height: current!.clientHeight });
      draw();
    });
    fit.observe(current!);
    return () => fit.disconnect();
  }, []);
  useLayoutEffect(draw);
  return canvas;
}

// --- fingers ----------------------------------------------------------------------------------------------------------
type Begun = { side: Side | null; view: Window; atMs: number };
type Slide = { begin(x: number): Begun; move(x: number, begun: Begun & { x: number }): void; tap(x: number): void; done?(): void };

/** One finger at a time: a slide, or a tap when it hardly moved. */
function useSlide({ begin, move, tap, done }: Slide) {
  const now = useRef<(Begun & { x: number; moved: boolean; id: number }) | null>(null);
  const xIn = (event: PointerEvent) => event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left;
  return {
    onPointerDown: (event: PointerEvent) => {
      if (now.current) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      const x = xIn(event);
      now.current = { ...begin(x), x, moved: false, id: event.pointerId };
    },
    onPointerMove: (event: PointerEvent) => {
      const begun = now.current;
      if (!begun || event.pointerId !== begun.id) return;
      const x = xIn(event);
      begun.moved ||= Math.abs(x - begun.x) > TAP_PX;
      if (begun.moved) move(x, begun);
    },
    onPointerUp: (event: PointerEvent) => {
      const begun = now.current;
      if (!begun || event.pointerId !== begun.id) return;
      now.current = null;
      if (!begun.moved) tap(xIn(event));
      done?.();
    },
    onPointerCancel: () => {
      now.current = null;
      done?.();
    },
  };
}
