import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { LoadedMedia } from "@app/app/widget";
import { listen } from "./pointers";
import { Painter } from "./painter";
import { sizeCanvas } from "./size_canvas";
import type { Stage } from "./stage";
import { useSharper } from "./use_sharper";

/** Asks for a frame. It is filled in once the canvas is there. */
export type Repaint = { current: () => void };
const AT_REST_MS = 100;
type Props = { stage: Stage; media: LoadedMedia; label: string; help: string; repaint: Repaint };

/** The canvas of a stage: as large as its place, painted once a frame at most. */
export function StageView({ stage, media, label, help, repaint }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter | null>(null);
  const picture = usePicture(media.url);
  const sharper = useSharper(media, () => repaint.current());
  const latest = useRef(() => {});
  const rest = useRef(0);
  latest.current = () => {
    clearTimeout(rest.current);
    if (picture && painter.current?.paint(picture, stage)) rest.current = setTimeout(() => repaint.current(), AT_REST_MS);
  };
  useLayoutEffect(() => {
    const element = canvas.current!;
    let frame = 0;
    repaint.current = () =>
      (frame ||= requestAnimationFrame(() => {
        frame = 0;
        latest.current();
      }));
    const watch = new ResizeObserver(() => {
      const screen = { width: element.clientWidth, height: element.clientHeight };
      painter.current = new Painter(element, sizeCanvas(element, screen), sharper);
      stage.setScreen(screen);
      latest.current(); // at once: a resized canvas is blank
    });
    watch.observe(element);
    const deafen = listen(element, stage);
    return () => {
      watch.disconnect();
      deafen();
      cancelAnimationFrame(frame);
      clearTimeout(rest.current);
    };
  }, [stage]);
  useEffect(() => repaint.current());
  return (
    <div class="stage">
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={label} aria-describedby="stage-help" data-testid="stage" />
      <p id="stage-help" class="visually-hidden">
        {help}
      </p>
    </div>
  );
}

function usePicture(url: string | null): HTMLImageElement | null {
  const [picture, setPicture] = useState<HTMLImageElement | null>(null);
  useEffect(() => {
    const image = new Image();
    image.onload = () => setPicture(image);
    image.src = url ?? "";
    return () => (image.onload = null);
  }, [url]);
  return picture;
}
