import { distance, type Point, type Size } from "@app/geometry/box";

/** How round a stroke must be to be one around something: the share that it encloses of what a circle as long would. An ellipse seven
 * times as long as wide is more than that, and rubbing to and fro is less. */
const LEAST_ROUND = 0.25;

/** Whether a stroke goes around something, and ends within `reach` of where it began. */
export function isLoop(path: Point[], reach: number): boolean {
  let [long, twice] = [0, 0];
  path.forEach((to, k) => {
    const from = path.at(k - 1)!; // of the first, the last: it is closed
    long += distance(from, to);
    twice += from.x * to.y - to.x * from.y;
  });
  return distance(path[0]!, path.at(-1)!) < reach && long > 2 * Math.PI * reach && 2 * Math.PI * Math.abs(twice) > LEAST_ROUND * long * long;
}

/** Cells whose middle lies inside, column by column. */
export function cellsIn(loop: Point[], image: Size, { width, height }: Size): number[] {
  const [toX, toY] = [width / image.width, height / image.height];
  const points = loop.map(({ x, y }) => ({ x: x * toX - 0.5, y: y * toY - 0.5 })); // middles of cells are whole numbers
  const found: number[] = [];
  for (let column = 0; column < width; column++) {
    const crossings = points.flatMap((to, k) => {
      const from = points.at(k - 1)!;
      return from.x < column === to.x < column ? [] : [from.y + ((to.y - from.y) * (column - from.x)) / (to.x - from.x)];
    });
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) for (let row = Math.max(0, Math.ceil(crossings[k]!)); row < Math.min(height, crossings[k + 1]!); row++) found.push(column * height + row);
  }
  return found;
}

/** All cells of the regions that lie mostly inside; where none does, the thing is smaller than they are, and is taken as it was drawn. */
export function wholeRegions(inside: number[], leaf: Uint8Array, count: number): number[] {
  const [all, mine] = [new Uint32Array(count), new Uint32Array(count)];
  for (const one of leaf) all[one]!++;
  for (const cell of inside) mine[leaf[cell]!]!++;
  if (!mine.some((cells, k) => cells * 2 > all[k]!)) return inside;
  const found: number[] = [];
  leaf.forEach((one, cell) => mine[one]! * 2 > all[one]! && found.push(cell));
  return found;
}
