/**
 * Coasts and borders of the world, from Natural Earth 1:50m (public domain) as world-atlas 2 holds it; made by make_atlas.py.
 * A file of its own, fetched with the first map and kept for work without network.
 */
import { toWorld } from "./mercator";
import data from "./atlas";

export type World = { land: Path2D; lines: Path2D; names: { id: string; x: number; y: number; size: number }[] };

type Line = [number, number][];

/** Whole numbers of seven bits a byte, zigzag, as make_atlas.py writes them. */
export function* numbersOf(bytes: Uint8Array): Generator<number, number, void> {
  let [value, shift] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * shift;
    shift *= 128;
    if (byte > 127) continue;
    yield value % 2 ? -(value + 1) / 2 : value / 2;
    [value, shift] = [0, 1];
  }
  return 0;
}

export function linesOf(packed: string, unit: number): { arcs: Line[]; rings: number[][] } {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const numbers = numbersOf(bytes);
  const next = () => numbers.next().value;
  let [x, y] = [0, 0];
  const arcs = Array.from({ length: next() }, () => Array.from({ length: next() }, (): [number, number] => [(x += next()) * unit, (y += next()) * unit]));
  const rings = Array.from({ length: next() }, () => Array.from({ length: next() }, next));
  return { arcs, rings };
}

let made: World | null = null;

export function world(): World {
  if (made) return made;
  const { arcs, rings } = linesOf(data.arcs, data.unit);
  const flat = arcs.map((arc) => arc.map(([lon, lat]) => toWorld({ lat, lon })));
  const [land, lines] = [new Path2D(), new Path2D()];
  const draw = (path: Path2D, points: [number, number][], goesOn: boolean) => points.forEach(([x, y], k) => (k || goesOn ? path.lineTo(x, y) : path.moveTo(x, y)));
  flat.forEach((arc) => draw(lines, arc, false));
  for (const ring of rings) {
    ring.forEach((arc, k) => draw(land, arc < 0 ? [...flat[~arc]!].reverse() : flat[arc]!, k > 0));
    land.closePath();
  }
  const names = (data.names as [string, number, number, number][]).map(([id, lon, lat, size]) => {
    const [x, y] = toWorld({ lat, lon });
    return { id, x, y, size };
  });
  return (made = { land, lines, names });
}
