import { beforeEach, describe, expect, it, vi } from "vitest";
import { distance } from "@app/geometry/box";
import { placeOfLoupe, Painter } from "./painter";
import { Stage, type Layer, type Surface, type Tool } from "./stage";

it.each([
  [{ x: 100, y: 300 }, "above the finger"],
  [{ x: 40, y: 40 }, "in the other corner"],
  [{ x: 300, y: 60 }, "in the other corner"],
])("shows the loupe at %o %s, never under the hand", (aim) => {
  const place = placeOfLoupe(aim, { width: 360, height: 420 });
  expect(place.y).toBeLessThanOrEqual(Math.max(aim.y, 62)); // the hand comes from below
  expect(distance(place, aim)).toBeGreaterThan(58 + 24); // its rim and a finger's half width
});

/** A canvas that remembers what was drawn on it, and where. */
type Drawn = { what: unknown; at: number[]; smooth: boolean };
type Sheet = HTMLCanvasElement & { drawn: Drawn[] };
function sheet(): Sheet {
  const drawn: Drawn[] = [];
  const pen: Record<string, unknown> = { imageSmoothingEnabled: true, drawImage: (what: unknown, ...at: number[]) => drawn.push({ what, at, smooth: pen.imageSmoothingEnabled as boolean }) };
  for (const name of ["setTransform", "fillRect", "save", "restore", "beginPath", "arc", "clip", "stroke", "moveTo", "lineTo"]) pen[name] = vi.fn();
  return { width: 640, height: 480, getContext: () => pen, drawn } as unknown as Sheet;
}

const IMAGE = { width: 1280, height: 960 };
const PICTURE = { naturalWidth: 640 } as HTMLImageElement; // half as wide as the original
let canvas: Sheet;
let kept: Sheet;
let told: [Layer, Surface][];
let tool: Tool & { aim: Tool["aim"]; still: unknown[] };
let stage: Stage;
let painter: Painter;

beforeEach(() => {
  canvas = sheet();
  kept = sheet();
  told = [];
  vi.stubGlobal("document", { createElement: () => kept });
  const nothing = () => undefined;
  tool = {
    down: nothing,
    move: nothing,
    up: nothing,
    cancel: nothing,
    tap: nothing,
    looked: nothing,
    nudge: () => false,
    still: [1],
    aim: null,
    paint: (surface, layer) => told.push([layer, surface]),
  };
  stage = new Stage(IMAGE, tool, nothing);
  stage.setScreen({ width: 320, height: 240 });
  painter = new Painter(canvas, 2, null);
});

const paint = () => painter.paint(PICTURE, stage);
const layers = () => told.map(([layer, { brief }]) => (brief ? `${layer}, briefly` : layer));

describe("what stands still", () => {
  it("is painted once, and copied for every frame of a gesture", () => {
    for (let frame = 0; frame < 3; frame++) expect(paint()).toBe(false);
    expect(layers()).toEqual(["still", "live", "live", "live"]);
    expect(kept.drawn).toHaveLength(1);
    expect(canvas.drawn.map(({ what }) => what === kept)).toEqual([true, true, true]);
  });

  it("is painted anew when the tool says that it looks different", () => {
    paint();
    tool.still = [2];
    paint();
    tool.still = [2, 3];
    paint();
    expect(layers().filter((layer) => layer === "still")).toHaveLength(3);
  });

  it("is not kept while the view moves: every frame is another one, told briefly, and the first at rest in full", () => {
    paint();
    told = [];
    for (let k = 0; k < 3; k++) {
      stage.zoom(1.2);
      expect(paint()).toBe(true);
    }
    expect(layers()).toEqual(["still, briefly", "live", "still, briefly", "live", "still, briefly", "live"]);
    expect(kept.drawn).toHaveLength(1);
    expect(paint()).toBe(false);
    expect(layers().slice(-2)).toEqual(["still", "live"]);
  });
});

it("scales only the part of the picture that is seen, in the pixels of the copy that is here", () => {
  paint();
  expect(kept.drawn[0]).toEqual({ what: PICTURE, at: [0, 0, 640, 480, 0, 0, 320, 240], smooth: true });
  stage.zoom(2, { x: 0, y: 0 });
  paint();
  expect(canvas.drawn.at(-1)!.at).toEqual([0, 0, 320, 240, 0, 0, 320, 240]);
});

it("shows single pixels as they are once they are large", () => {
  stage.zoom(99);
  paint();
  expect(stage.view.scale).toBeGreaterThanOrEqual(4);
  expect(kept.drawn.at(-1)!.smooth).toBe(false);
});

it("has a loupe for fingers that aim, and for nobody else", () => {
  tool.aim = { x: 640, y: 480 };
  paint();
  expect(layers()).toEqual(["still", "live"]);
  stage.down({ x: 160, y: 120 }, true);
  told = [];
  paint();
  expect(layers()).toEqual(["live", "still", "live"]);
  const { view, frame } = told.at(-1)![1];
  expect(view.scale).toBe(2); // of the picture, at least
  const middle = { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 };
  expect([tool.aim.x * view.scale + view.x, tool.aim.y * view.scale + view.y]).toEqual([middle.x, middle.y]); // the aim in its middle
});
