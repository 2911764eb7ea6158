import type { At } from "./mercator";
import { metresOfPixel, scaleBar, TILE, toWorld } from "./mercator";
import type { World } from "./world";
import { kilometres } from "./words";

export type Colours = { sea: string; land: string; line: string; ink: string; here: string; grid: string };
export type Seen = At & { zoom: number; radius: number | null };
const NAMES_FROM = 26; // CSS pixels that a country is wide, at least, where its name is written
const GRID_STEPS = [90, 45, 30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const GRID_APART = 90; // CSS pixels

/** The map as it lies under the cross: land, borders, a grid of degrees, names of countries, a bar for distances, and her circle. */
export function paint(pen: CanvasRenderingContext2D, width: number, height: number, seen: Seen, world: World, colours: Colours, nameOf: (id: string) => string): void {
  const size = TILE * 2 ** seen.zoom;
  const [cx, cy] = toWorld(seen);
  const [left, top] = [cx - width / 2 / size, cy - height / 2 / size];
  const ratio = pen.canvas.width / width;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = colours.sea;
  pen.fillRect(0, 0, width, height);
  for (const turn of [-1, 0, 1]) {
    if (turn + 1 < left || turn > left + width / size) continue;
    pen.setTransform(ratio * size, 0, 0, ratio * size, ratio * (turn - left) * size, -ratio * top * size);
    pen.fillStyle = colours.land;
    pen.fill(world.land, "evenodd");
    pen.strokeStyle = colours.line;
    pen.lineWidth = 1 / size;
    pen.stroke(world.lines);
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  grid(pen, width, height, seen, size, [left, top], colours);
  names(pen, width, height, world, size, [left, top], colours, nameOf);
  circle(pen, width, height, seen, colours);
  bar(pen, height, seen, colours);
}

function grid(pen: CanvasRenderingContext2D, width: number, height: number, seen: Seen, size: number, [left, top]: [number, number], { grid: colour }: Colours): void {
  const step = GRID_STEPS.find((one) => (one / 360) * size <= GRID_APART) ?? GRID_STEPS.at(-1)!;
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 0.5;
  pen.font = "11px sans-serif";
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const reach = ((width / size) * 360) / 2 + step;
  for (let lon = Math.floor((seen.lon - reach) / step) * step; lon < seen.lon + reach; lon += step) {
    const x = ((lon + 180) / 360 - left) * size;
    line(pen, x, 0, x, height);
    pen.fillText(`${(((lon + 540) % 360) - 180).toFixed(digits)}°`, x + 2, 11);
  }
  for (let lat = Math.ceil(-85 / step) * step; lat < 85; lat += step) {
    const y = (toWorld({ lat, lon: 0 })[1] - top) * size;
    if (y < 0 || y > height) continue;
    line(pen, 0, y, width, y);
    pen.fillText(`${lat.toFixed(digits)}°`, 2, y - 2);
  }
}

function line(pen: CanvasRenderingContext2D, x: number, y: number, u: number, v: number): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(u, v);
  pen.stroke();
}

function names(pen: CanvasRenderingContext2D, width: number, height: number, world: World, size: number, [left, top]: [number, number], { ink, land }: Colours, nameOf: (id: string) => string): void {
  pen.font = "600 12px sans-serif";
  pen.textAlign = "center";
  pen.lineWidth = 3;
  const taken: [number, number, number][] = [];
  const large = world.names.filter((one) => (one.size / 360) * size >= NAMES_FROM).sort((a, b) => b.size - a.size);
  for (const one of large) {
    const [x, y] = [((((one.x - left) % 1) + 1) % 1) * size, (one.y - top) * size];
    if (x > width || y < 0 || y > height) continue;
    const name = nameOf(one.id);
    const half = pen.measureText(name).width / 2 + 4;
    if (taken.some(([u, v, other]) => Math.abs(u - x) < half + other && Math.abs(v - y) < 16)) continue;
    taken.push([x, y, half]);
    pen.strokeStyle = land;
    pen.strokeText(name, x, y);
    pen.fillStyle = ink;
    pen.fillText(name, x, y);
  }
  pen.textAlign = "start";
}

function circle(pen: CanvasRenderingContext2D, width: number, height: number, { lat, zoom, radius }: Seen, { here }: Colours): void {
  if (radius === null) return;
  pen.strokeStyle = here;
  pen.lineWidth = 2.5;
  pen.beginPath();
  pen.arc(width / 2, height / 2, Math.min(radius / metresOfPixel(lat, zoom), 4 * width), 0, 2 * Math.PI);
  pen.stroke();
}

function bar(pen: CanvasRenderingContext2D, height: number, { lat, zoom }: Seen, { ink, land }: Colours): void {
  const { metres, px } = scaleBar(lat, zoom, 90);
  pen.font = "600 12px sans-serif";
  for (const [colour, wide] of [
    [land, 6],
    [ink, 2],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = wide;
    line(pen, 10, height - 10, 10 + px, height - 10);
    if (wide > 2) pen.strokeText(kilometres(metres), 10, height - 15);
  }
  pen.fillStyle = ink;
  pen.fillText(kilometres(metres), 10, height - 15);
}
