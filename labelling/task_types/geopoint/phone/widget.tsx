import "./style.css";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import type { WidgetProps } from "@app/app/widget";
import { language, t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { answer, opened, RADII, said, type Draft, type Here } from "./answer";
import { paint, type Colours } from "./map";
import { moved } from "./mercator";
import { kilometres } from "./words";
import type { World } from "./world";

const MOST_ZOOM = 16;
const STEP = 40; // CSS pixels of an arrow key

function Widget({ question, media, draft, change, announce }: WidgetProps<Draft>) {
  const here = draft.here ?? opened(question);
  const latest = useRef(here);
  latest.current = here;
  const go = (to: Partial<Here>, how: "step" | "typing" = "typing") => {
    latest.current = { ...latest.current, ...to };
    change({ here: latest.current }, how);
  };
  const pan = (dx: number, dy: number) => go({ ...moved(latest.current, dx, dy, latest.current.zoom), moved: true });
  const zoom = (by: number) => go({ zoom: Math.max(0, Math.min(MOST_ZOOM, latest.current.zoom + by)) });
  const sure = (radius: number) => {
    go({ radius }, "step");
    announce(t("geopoint.within", { radius: kilometres(radius) }));
  };
  useKeys((event) => press(event, pan, zoom, sure));
  return (
    <>
      <ItemShown question={question} media={media} />
      <div class="dock map-dock">
        <div class="map-frame">
          <Map here={here} pan={pan} zoom={zoom} latest={latest} go={go} />
          <div class="map-keys">
            <IconKey icon="plus" label={t("stage.zoom_in")} press={() => zoom(1)} testid="map-in" />
            <IconKey icon="minus" label={t("stage.zoom_out")} press={() => zoom(-1)} testid="map-out" />
          </div>
        </div>
        <p class="visually-hidden" aria-live="polite" data-testid="map-place">
          {said({ place: { latitude_e6: here.lat * 1e6, longitude_e6: here.lon * 1e6, radius_m: here.radius ?? RADII.at(-1)! } }).split(" ±")[0]}
        </p>
        <div class="map-sure" role="radiogroup" aria-label={t("geopoint.sure")}>
          {RADII.map((radius, k) => (
            <button
              type="button"
              class="button"
              role="radio"
              aria-checked={here.radius === radius}
              aria-label={t("geopoint.within", { radius: kilometres(radius) })}
              onClick={() => sure(radius)}
              data-testid={`sure-${k + 1}`}
              key={radius}
            >
              {kilometres(radius)}
            </button>
          ))}
        </div>
      </div>
    </>
  );
}

type MapProps = { here: Here; pan(dx: number, dy: number): void; zoom(by: number): void; latest: { current: Here }; go(to: Partial<Here>): void };

function Map({ here, pan, latest, go }: MapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [world, setWorld] = useState<World | null>(null);
  useEffect(() => void import("./world").then((map) => setWorld(map.world())), []);
  const size = useSize(canvas);
  useLayoutEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen || !world || !size.width) return;
    const frame = requestAnimationFrame(() => paint(pen, size.width, size.height, here, world, coloursOf(canvas.current!), nameOf));
    return () => cancelAnimationFrame(frame);
  }, [here.lat, here.lon, here.zoom, here.radius, world, size.width, size.height]);
  const fingers = useFingers(pan, latest, go);
  return (
    <>
      <canvas
        ref={canvas}
        class="map"
        tabIndex={0}
        role="application"
        aria-label={t("geopoint.map")}
        aria-describedby="map-help"
        data-testid="map"
        data-ready={world ? "1" : undefined}
        data-zoom={here.zoom}
        {...fingers}
      />
      <svg class="map-cross" viewBox="-20 -20 40 40" aria-hidden="true">
        <path d="M-18 0h13m10 0h13M0 -18v13m0 10v13" />
        <circle r="1.6" />
      </svg>
      <p class="visually-hidden" id="map-help">
        {t("geopoint.help")}
      </p>
    </>
  );
}

function useSize(canvas: { current: HTMLCanvasElement | null }) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const seen = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      const ratio = Math.min(devicePixelRatio || 1, 2);
      Object.assign(canvas.current!, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      setSize({ width, height });
    });
    seen.observe(canvas.current!);
    return () => seen.disconnect();
  }, []);
  return size;
}

/** One finger moves the map under the cross, two come nearer; a tap brings what lies there under it. */
function useFingers(pan: (dx: number, dy: number) => void, latest: { current: Here }, go: (to: Partial<Here>) => void) {
  const down = useRef(new globalThis.Map<number, { x: number; y: number; far: number }>());
  const apart = () => {
    const [a, b] = [...down.current.values()];
    return b ? Math.hypot(a!.x - b.x, a!.y - b.y) : 0;
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      const far = down.current.size ? Infinity : 0; // of two fingers none taps, however still it stands
      for (const other of down.current.values()) other.far = Infinity;
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY, far });
    },
    onPointerMove: (event: PointerEvent) => {
      const from = down.current.get(event.pointerId);
      if (!from) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      const before = apart();
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY, far: from.far + Math.hypot(dx, dy) });
      if (down.current.size === 1) pan(-dx, -dy);
      else if (before) go({ zoom: Math.max(0, Math.min(MOST_ZOOM, latest.current.zoom + Math.log2(apart() / before))) });
    },
    onPointerUp: (event: PointerEvent) => {
      const from = down.current.get(event.pointerId);
      const alone = down.current.size === 1;
      down.current.delete(event.pointerId);
      if (!from || !alone || from.far > 8) return;
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      pan(event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
    },
    onPointerCancel: (event: PointerEvent) => down.current.delete(event.pointerId),
    onWheel: (event: WheelEvent) => {
      event.preventDefault();
      go({ zoom: Math.max(0, Math.min(MOST_ZOOM, latest.current.zoom - Math.sign(event.deltaY) / 2)) });
    },
  };
}

/** Arrow keys move the map, plus and minus come nearer, digits say how sure she is. */
function press({ key, shiftKey, target }: KeyboardEvent, pan: (dx: number, dy: number) => void, zoom: (by: number) => void, sure: (radius: number) => void): boolean {
  if ((target as HTMLElement).matches("input")) return false; // the place in a sound
  const step = shiftKey ? STEP / 8 : STEP;
  const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key];
  const radius = byDigit(key, RADII);
  if (way) pan(way[0]!, way[1]!);
  else if (key === "+" || key === "-") zoom(key === "+" ? 1 : -1);
  else if (radius) sure(radius);
  else return false;
  return true;
}

function coloursOf(of: Element): Colours {
  const style = getComputedStyle(of);
  const said = (name: string) => style.getPropertyValue(`--map-${name}`).trim() || "#888";
  return { sea: said("sea"), land: said("land"), line: said("line"), ink: said("ink"), here: said("here"), grid: said("grid") };
}

const called = new globalThis.Map<string, string>();

/** A country by its number (ISO 3166-1), in her language where the browser knows it. */
function nameOf(id: string): string {
  const key = `${language()}/${id}`;
  if (!called.has(key)) {
    const region = new Intl.Locale(`und-${id}`).maximize().region ?? id;
    called.set(key, new Intl.DisplayNames([language(), "en"], { type: "region" }).of(region) ?? "");
  }
  return called.get(key)!;
}

export default { ...answer, ready: () => import("./world"), Widget };
