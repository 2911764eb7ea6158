import { describe, expect, it } from "vitest";
import { barsIn, msOf, paintBands, paintOffers, paintStrip, paintWave, windowAt, xOf, type Band, type Colours } from "./wave";

const COLOURS: Colours = { paper: "paper", wave: "wave", heard: "heard", line: "line", ink: "ink" };
/** A screen of eight seconds whose middle is at four: a pixel is ten milliseconds. */
const VIEW = windowAt(4000, 8000, 800, 120);

type Drawn = { how: string; colour: string; at: number[] };

/** A pen that notes what is drawn with it, in which colour. */
function noting(): { pen: CanvasRenderingContext2D; drawn: Drawn[] } {
  const drawn: Drawn[] = [];
  const note =
    (how: string) =>
    (...at: unknown[]) =>
      void drawn.push({ how, colour: pen.fillStyle as string, at: at as number[] });
  const pen = {
    fillStyle: "",
    globalAlpha: 1,
    save() {},
    restore() {},
    beginPath() {},
    clip() {},
    rect() {},
    fillRect: note("rect"),
    fillText: note("text"),
    drawImage: note("image"),
  } as unknown as CanvasRenderingContext2D;
  return { pen, drawn };
}

const rects = (drawn: Drawn[], colour: string): number[][] => drawn.filter((one) => one.how === "rect" && one.colour === colour).map(({ at }) => at);

describe("a window on time", () => {
  it("has its moment in the middle, and every place is a moment again", () => {
    expect([xOf(VIEW, 0), xOf(VIEW, 4000), xOf(VIEW, 8000)]).toEqual([0, 400, 800]);
    for (const ms of [-500, 0, 1234, 9000]) expect(msOf(VIEW, xOf(VIEW, ms))).toBeCloseTo(ms, 9);
  });

  it("may begin before the sound does", () => {
    expect(xOf(windowAt(0, 8000, 800, 120), 0)).toBe(400);
  });
});

describe("the bars of a wave", () => {
  const peaks = Array.from({ length: 100 }, (_, k) => k / 100); // of ten seconds: 100 ms each

  it("are those that are to be seen, each the loudest of its time", () => {
    const bars = barsIn(peaks, 10_000, VIEW);
    expect(bars[0]).toEqual({ x: 0, loud: 0 });
    expect(bars).toHaveLength(Math.ceil(8000 / 30)); // three pixels of ten milliseconds each
    for (const [k, { loud }] of bars.entries()) {
      const [first, last] = [Math.floor((k * 30) / 100), Math.ceil(((k + 1) * 30) / 100)];
      expect(loud).toBe(Math.max(...peaks.slice(first, last)));
    }
  });

  it("stand still on the sound while the window moves over it", () => {
    const there = (view: typeof VIEW) => barsIn(peaks, 10_000, view).map(({ x }) => Math.round(msOf(view, x)));
    const [now, later] = [there(VIEW), there(windowAt(4017, 8000, 800, 120))];
    expect(later.slice(0, 50)).toEqual(now.slice(0, 50));
  });

  it("end where the sound ends, and a sound without peaks lies flat", () => {
    expect(msOf(VIEW, barsIn(peaks, 1000, VIEW).at(-1)!.x)).toBeLessThan(1000);
    expect(barsIn([], 1000, VIEW).every(({ loud }) => loud === 0)).toBe(true);
  });

  it("take a peak that is wider than they are, as often as it needs", () => {
    const bars = barsIn([0.2, 0.9], 8000, VIEW); // four seconds each
    expect(new Set(bars.map(({ loud }) => loud))).toEqual(new Set([0.2, 0.9]));
    expect(bars.findIndex(({ loud }) => loud === 0.9)).toBe(Math.floor(4000 / 30));
  });
});

describe("what is drawn", () => {
  it("is grey before the beginning and after the end of the sound", () => {
    const { pen, drawn } = noting();
    paintWave(pen, windowAt(0, 8000, 800, 120), [0.5], 2000, COLOURS);
    expect(rects(drawn, "line")).toEqual([
      [0, 0, 400, 120],
      [600, 0, 200, 120],
    ]);
    for (const [x, , wide] of rects(drawn, "wave")) {
      expect(x).toBeGreaterThanOrEqual(400 - 3);
      expect(x! + wide!).toBeLessThanOrEqual(600 + 3);
    }
  });

  it("shows silence too: a bar is never less than two pixels", () => {
    const { pen, drawn } = noting();
    paintWave(pen, VIEW, [0], 8000, COLOURS);
    expect(rects(drawn, "wave").every(([, , , tall]) => tall === 2)).toBe(true);
  });

  const band = (startMs: number, endMs: number, name = "Rain"): Band => ({ startMs, endMs, name, colour: name, chosen: false });

  it("has a foot of its own for segments that lie over each other, and the same for those that follow", () => {
    const { pen, drawn } = noting();
    paintBands(pen, VIEW, [band(0, 2000, "a"), band(1000, 3000, "b"), band(2000, 4000, "c")], COLOURS);
    const feet = ["a", "b", "c"].map((name) => rects(drawn, name).find(([, , , tall]) => tall === 6)![1]);
    expect(feet).toEqual([114, 107, 114]);
  });

  it("leaves out what is not to be seen, but keeps its line: nothing jumps while the window moves", () => {
    const bands = [band(0, 9000, "long"), band(100, 200, "gone"), band(5000, 6000, "seen")];
    const { pen, drawn } = noting();
    paintBands(pen, windowAt(8000, 8000, 800, 120), bands, COLOURS);
    expect(rects(drawn, "gone")).toEqual([]);
    expect(rects(drawn, "seen").at(-1)![1]).toBe(107);
  });

  it("writes the name where the band is to be seen, though it began before", () => {
    const { pen, drawn } = noting();
    paintBands(pen, windowAt(8000, 8000, 800, 120), [band(0, 9000)], COLOURS);
    expect(drawn.find(({ how }) => how === "text")!.at).toEqual(["Rain", 4, 14]);
  });

  it("writes no name on a strip that is too low for it", () => {
    const { pen, drawn } = noting();
    paintBands(pen, { ...VIEW, height: 40 }, [band(0, 2000)], COLOURS);
    expect(drawn.some(({ how }) => how === "text")).toBe(false);
  });

  it("offers only what is to be seen", () => {
    const { pen, drawn } = noting();
    paintOffers(
      pen,
      windowAt(8000, 8000, 800, 120),
      [
        [0, 4000],
        [3900, 4100],
        [12_000, 13_000],
      ],
      COLOURS,
    );
    expect(rects(drawn, "heard")).toEqual([[-10, 0, 20, 4]]);
  });

  it("cuts the sides off a picture that is too wide for its time, and never the picture beside it", () => {
    const { pen, drawn } = noting();
    const strip = { naturalWidth: 400, naturalHeight: 60 } as HTMLImageElement; // four pictures of 100 x 60
    paintStrip(pen, VIEW, strip, { stepMs: 500, count: 4 }, 60);
    const cuts = drawn.map(({ at }) => at);
    expect(cuts).toHaveLength(4);
    for (const [k, [, from, , cut, , x]] of cuts.entries()) {
      expect([from! >= k * 100, from! + cut! <= (k + 1) * 100]).toEqual([true, true]);
      expect(cut).toBe(50); // half a second is 50 pixels
      expect(x).toBe(k * 50);
    }
  });
});
