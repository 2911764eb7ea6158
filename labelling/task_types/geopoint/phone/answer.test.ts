import { expect, it } from "vitest";
import type { Question } from "@app/app/widget";
import { answer, opened, said, zoomOf } from "./answer";
import { metresOfPixel, moved, scaleBar, toDegrees, toWorld } from "./mercator";
import { aroundPole, linesOf, unrolled } from "./world";
import data from "./atlas";

const QUESTION: Question = { labels: [], config: { latitude: -29, longitude: 24, zoom: 4 } as Question["config"], language: "", text: "", widthPx: 8, heightPx: 8 };
const DURBAN = { place: { latitude_e6: -29858700, longitude_e6: 31021800, radius_m: 1000 } };

it("is where the map was brought to, and how sure she is; an untouched map is no answer", () => {
  const begun = opened(QUESTION);
  expect([begun.lat, begun.lon, begun.zoom]).toEqual([-29, 24, 4]);
  expect(() => answer.finish(answer.empty, QUESTION, true)).toThrow("geopoint.missing");
  expect(() => answer.finish({ here: { ...begun, moved: true } }, QUESTION, true)).toThrow("geopoint.missing_radius");
  expect(answer.finish(answer.start(DURBAN), QUESTION, false)).toEqual(DURBAN);
  expect(answer.finish({ here: { ...begun, lon: 180, moved: true, radius: 10 } }, QUESTION, false).place.longitude_e6).toBe(-180e6);
  expect(said(DURBAN)).toBe("29.8587° S, 31.0218° E ± 1 km");
  expect(answer.show({ place: { ...DURBAN.place, radius_m: 1_000_000 } }, QUESTION).words.endsWith("± 1 000 km")).toBe(true);
  expect(zoomOf(10) > zoomOf(100_000)).toBe(true);
});

it("goes round the world, and to its edges and no further", () => {
  const back = toDegrees(...toWorld({ lat: -29.8587, lon: 31.0218 }));
  expect(back.lat).toBeCloseTo(-29.8587, 8);
  expect(back.lon).toBeCloseTo(31.0218, 8);
  expect(moved({ lat: 0, lon: 179 }, 256 / 90, 0, 0).lon).toBeCloseTo(-177, 6);
  expect(moved({ lat: 80, lon: 0 }, 0, -1000, 0).lat).toBeCloseTo(85, 1);
  const east = moved({ lat: -30, lon: 30 }, 100, 0, 10);
  expect(((east.lon - 30) * Math.PI * 6378137 * Math.cos(Math.PI / 6)) / 180 / 100).toBeCloseTo(metresOfPixel(-30, 10), 3);
  expect(scaleBar(0, 0, 90).metres).toBe(10_000_000);
});

it("goes on over the far side of the world, and around a pole", () => {
  expect(
    unrolled([
      [170, 60],
      [179, 61],
      [-179, 62],
      [-170, 60],
    ]).map(([lon]) => lon),
  ).toEqual([170, 179, 181, 190]);
  expect(
    unrolled([
      [-179, 0],
      [179, 1],
    ]).map(([lon]) => lon),
  ).toEqual([-179, -181]);
  expect(
    aroundPole([
      [-180, -70],
      [0, -75],
      [180, -70],
    ]).slice(3),
  ).toEqual([
    [180, -90],
    [-180, -90],
  ]);
  expect(
    aroundPole([
      [10, 0],
      [20, 5],
      [10, 0],
    ]).length,
  ).toBe(3);
});

it("holds the world: Africa where it is, every arc that a ring names", () => {
  const { arcs, rings } = linesOf(data.arcs, data.unit);
  expect(arcs.length > 1000 && rings.length > 1000).toBe(true);
  expect(rings.flat().every((arc) => (arc < 0 ? ~arc : arc) < arcs.length)).toBe(true);
  expect(arcs.flat().every(([lon, lat]) => Math.abs(lon) <= 180.01 && Math.abs(lat) <= 90.01)).toBe(true);
  const africa = (data.names as [string, number, number, number][]).find(([id]) => id === "710")!;
  expect(Math.hypot(africa[1] - 24, africa[2] + 29)).toBeLessThan(6);
});
