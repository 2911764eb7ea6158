import type { Size } from "@app/geometry/box";

type Colour = [number, number, number];
const FILL = 112; // of 255
const colourOf = (hex: string): Colour => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Colour;

/** The cells as a picture over the picture: filled in the colour of their label, with a light edge inside and a dark one outside. */
export class Layer {
  readonly canvas: HTMLCanvasElement;
  private readonly pen: CanvasRenderingContext2D;
  private readonly image: ImageData;
  private readonly colours: Colour[];

  constructor(
    private readonly cells: Uint8Array,
    private readonly grid: Size,
    colours: string[],
  ) {
    this.canvas = document.createElement("canvas");
    Object.assign(this.canvas, grid);
    this.pen = this.canvas.getContext("2d")!;
    this.image = this.pen.createImageData(grid.width, grid.height);
    this.colours = colours.map(colourOf);
  }

  /** After cells of these columns have changed. */
  refresh(from = 0, to = this.grid.width - 1): void {
    const { width, height } = this.grid;
    const [left, right] = [Math.max(0, from - 1), Math.min(width - 1, to + 1)];
    for (let x = left; x <= right; x++) for (let y = 0; y < height; y++) this.colour(x, y);
    this.pen.putImageData(this.image, 0, 0, left, 0, right - left + 1, height);
  }

  private colour(x: number, y: number): void {
    const {
      cells,
      grid: { width, height },
      image: { data },
    } = this;
    const at = x * height + y;
    const mine = cells[at]!;
    const other = (x > 0 && cells[at - height] !== mine) || (x < width - 1 && cells[at + height] !== mine) || (y > 0 && cells[at - 1] !== mine) || (y < height - 1 && cells[at + 1] !== mine);
    const to = 4 * (y * width + x);
    const [red, green, blue] = other ? (mine ? [255, 255, 255] : [0, 0, 0]) : mine ? this.colours[mine - 1]! : [0, 0, 0];
    [data[to], data[to + 1], data[to + 2], data[to + 3]] = [red!, green!, blue!, other ? (mine ? 235 : 150) : mine ? FILL : 0];
  }
}

/** Thin lines between the regions of a cut. */
export function linesOf(region: Uint16Array, { width, height }: Size): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d")!;
  const image = pen.createImageData(width, height);
  const dots = new Uint32Array(image.data.buffer);
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      const at = x * height + y;
      if ((x < width - 1 && region[at + height] !== region[at]) || (y < height - 1 && region[at + 1] !== region[at])) dots[y * width + x] = (x + y) & 2 ? 0xa0ffffff : 0xa0000000;
    }
  pen.putImageData(image, 0, 0);
  return canvas;
}
