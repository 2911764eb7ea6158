import type { Size } from "@app/geometry/box";

/** The server's cut of the picture (labelling/task_types/mask/aids.py): of each cell of the grid, column by column, its smallest region. */
export type Regions = { leaf: Uint8Array; count: number; merges: [number, number][] };
/** The picture in fewer or more regions: of each cell its region, and of each region its cells. */
export type Cut = { count: number; region: Uint16Array; cellsOf(region: number): Uint32Array };

/** How many regions there are from the coarsest cut to the finest. */
const CUTS = [6, 12, 25, 50, 100, 256];
export const FIRST_CUT = 2;

export const finest = ({ count }: Regions): number => CUTS.findIndex((most) => most >= count);

export function cutOf({ leaf, count, merges }: Regions, level: number): Cut {
  const kept = Math.min(count, CUTS[level]!);
  const root = Array.from({ length: count + merges.length }, (_, k) => k);
  merges.slice(0, count - kept).forEach(([a, b], k) => (root[a] = root[b] = count + k));
  for (let k = root.length - 1; k >= 0; k--) root[k] = root[root[k]!]!; // what it became is later, and known by now
  const number = new Map([...new Set(root.slice(0, count))].map((one, k) => [one, k]));
  const of = root.slice(0, count).map((one) => number.get(one)!);
  const region = Uint16Array.from(leaf, (one) => of[one]!);
  return { count: number.size, region, cellsOf: sorted(region, number.size) };
}

/** Cells by their region (counting sort). */
function sorted(region: Uint16Array, count: number): (region: number) => Uint32Array {
  const ends = new Uint32Array(count + 1);
  for (const one of region) ends[one + 1]!++;
  for (let k = 0; k < count; k++) ends[k + 1]! += ends[k]!;
  const next = ends.slice();
  const cells = new Uint32Array(region.length);
  region.forEach((one, cell) => (cells[next[one]!++] = cell));
  return (one) => cells.subarray(ends[one]!, ends[one + 1]!);
}

/** From the files beside the picture; null where there are none, or they cannot be read. */
export async function loadRegions(aids: Record<string, Blob> | undefined, grid: Size): Promise<Regions | null> {
  const [map, tree] = [aids?.["mask.regions.webp"], aids?.["mask.tree.json"]];
  if (!map || !tree) return null;
  try {
    const { regions: count, merges } = JSON.parse(await tree.text()) as { regions: number; merges: [number, number][] };
    return { leaf: await leavesOf(map, grid), count, merges };
  } catch (error) {
    console.info("no regions", error);
    return null;
  }
}

/** A cell is in the region that its middle lies in. */
async function leavesOf(map: Blob, { width, height }: Size): Promise<Uint8Array> {
  const picture = await createImageBitmap(map, { colorSpaceConversion: "none" }); // numbers, not colours
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const leaf = new Uint8Array(width * height);
  for (let x = 0; x < width; x++) {
    const column = Math.floor(((x + 0.5) * canvas.width) / width);
    for (let y = 0; y < height; y++) leaf[x * height + y] = data[4 * (Math.floor(((y + 0.5) * canvas.height) / height) * canvas.width + column)]!;
  }
  return leaf;
}
