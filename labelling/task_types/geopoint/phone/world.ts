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

/** Where a line goes over the far side of the world it goes on: 179, 181, and not back through all the others. */
export function unrolled(line: Line): Line {
  let turns = 0;
  return line.map(([lon, lat], k) => {
    const jump = k ? lon - line[k - 1]![0] : 0;
    turns += jump > 180 ? -360 : jump < -180 ? 360 : 0;
    return [lon + turns, lat];
  });
}

/** A coast that goes once round a pole has its land on the pole's side. */
export function aroundPole(ring: Line): Line {
  const [first, last] = [ring[0]!, ring.at(-1)!];
  if (Math.abs(last[0] - first[0]) < 180) return ring;
  const pole = last[1] < 0 ? -90 : 90;
  return [...ring, [last[0], pole], [first[0], pole]];
}

let made: World | null = null;

export function world(): World {
  if (made) return made;
  const { arcs, rings } = linesOf(data.arcs, data.unit);
  const [land, lines] = [new Path2D(), new Path2D()];
  const draw = (path: Path2D, line: Line) => line.forEach(([lon, lat], k) => (k ? path.lineTo(...toWorld({ lat, lon })) : path.moveTo(...toWorld({ lat, lon }))));
  arcs.forEach((arc) => draw(lines, unrolled(arc)));
  for (const ring of rings) {
    draw(land, aroundPole(unrolled(ring.flatMap((arc) => (arc < 0 ? [...arcs[~arc]!].reverse() : arcs[arc]!)))));
    land.closePath();
  }
  const names = (data.names as [string, number, number, number][]).map(([id, lon, lat, size]) => {
    const [x, y] = toWorld({ lat, lon });
    return { id, x, y, size };
  });
  return (made = { land, lines, names });
}
