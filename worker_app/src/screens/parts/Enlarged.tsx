import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useEveryKey } from "@app/app/keys";
import { Looking } from "@app/canvas/looking";
import { listen } from "@app/canvas/pointers";
import { sizeCanvas } from "@app/canvas/size_canvas";
import { useSharper } from "@app/canvas/use_sharper";
import type { Size } from "@app/geometry/box";
import { t } from "@app/i18n";
import type { TileSource } from "@app/prefetch/tiles";
import { Icon, type IconName } from "./Icon";
import { useModal } from "./modal";

const ZOOM = 1.6;
/** More of it than `children` show, which are `shownPx` wide. */
export type Detail = { tiles: TileSource; shownPx: number };
type Props = { size: Size; label: string; detail?: Detail; close(): void; children: ComponentChildren };

/** Something over the whole screen, as near as she likes: pinch, drag, double tap, keys. Closed by its key, Escape or the phone's back. */
export function Enlarged({ size, label, detail, close, children }: Props) {
  const dialog = useModal(close);
  const stage = useRef<HTMLDivElement>(null);
  const [, redraw] = useState({});
  const [looking] = useState(() => new Looking(size, () => redraw({})));
  useLayoutEffect(() => {
    const frame = stage.current!;
    const watch = new ResizeObserver(() => looking.setScreen({ width: frame.clientWidth, height: frame.clientHeight }));
    watch.observe(frame);
    const deafen = listen(frame, looking);
    return () => {
      watch.disconnect();
      deafen();
    };
  }, [looking]);
  useEveryKey(({ key }) => press(looking, key));
  const { scale, x, y } = looking.view;
  const place = { width: `${size.width}px`, height: `${size.height}px`, transform: `translate(${x}px, ${y}px) scale(${scale})` };
  return (
    <dialog class="enlarged" ref={dialog} aria-label={label} data-testid="enlarged" data-scale={scale}>
      <div class="stage" ref={stage} data-testid="enlarged-stage">
        <div style={place}>{children}</div>
        {detail && <Tiles detail={detail} size={size} looking={looking} />}
      </div>
      <div class="keys">
        <Key icon="minus" label={t("stage.zoom_out")} press={() => looking.zoom(1 / ZOOM)} />
        <Key icon="plus" label={t("stage.zoom_in")} press={() => looking.zoom(ZOOM)} />
        <Key icon="close" label={t("sheet.close")} press={close} testid="enlarged-close" />
      </div>
    </dialog>
  );
}

/** Painted over the picture, where it is too small for this view. */
function Tiles({ detail, size, looking }: { detail: Detail; size: Size; looking: Looking }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [, redraw] = useState({});
  const sharper = useSharper({ tiles: detail.tiles, widthPx: size.width, heightPx: size.height }, () => redraw({}));
  useLayoutEffect(() => {
    const { clientWidth: width, clientHeight: height } = canvas.current!.parentElement!;
    const sharp = sizeCanvas(canvas.current!, { width, height });
    const pen = canvas.current!.getContext("2d")!;
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    sharper?.paint(pen, looking.view, { x: 0, y: 0, width, height }, detail.shownPx);
  });
  return <canvas ref={canvas} class="tiles" data-testid="tiles" />;
}

function Key({ icon, label, press, testid }: { icon: IconName; label: string; press(): void; testid?: string }) {
  return (
    <button type="button" class="button square" aria-label={label} onClick={press} data-testid={testid}>
      <Icon name={icon} />
    </button>
  );
}

/** Arrows move, + and - zoom. */
function press(looking: Looking, key: string): boolean {
  const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[key];
  if (step) looking.pan(step[0]!, step[1]!);
  else if (key === "+" || key === "=") looking.zoom(ZOOM);
  else if (key === "-") looking.zoom(1 / ZOOM);
  else return false;
  return true;
}
