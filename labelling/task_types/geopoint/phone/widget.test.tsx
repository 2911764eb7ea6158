// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press } from "@app/testing/page";
import { asked, drag, hold, key, withCanvas } from "@app/testing/widget";
import geopoint from "./widget";

const DURBAN = { latitude: -29.8587, longitude: 31.0218, zoom: 8 };
const QUESTION = asked({ text: "Where is it?", config: DURBAN as never });
type Place = { place: { latitude_e6: number; longitude_e6: number; radius_m: number } };
const PIXEL = 360 / (256 * 2 ** 8); // degrees of longitude at zoom 8

beforeEach(async () => {
  await begin(["work", "geopoint"]);
  withCanvas(320, 240);
});

describe("a place", () => {
  it("is none before she has been at the map, and none without how sure she is", async () => {
    const held = await hold(geopoint, QUESTION);
    await press("sure-3");
    expect(await held.done()).toBe("geopoint.missing");
    await begin(["work", "geopoint"]);
    const other = await hold(geopoint, QUESTION);
    await key("ArrowRight");
    expect(await other.done()).toBe("geopoint.missing_radius");
  });

  it("goes with the finger that drags the map: to the east when it is drawn to the west", async () => {
    const held = await hold(geopoint, QUESTION);
    await drag(found("map")!, [200, 100], [150, 100], [100, 100]);
    await press("sure-3");
    const { place } = (await held.done()) as Place;
    expect(place.longitude_e6 / 1e6).toBeCloseTo(DURBAN.longitude + 100 * PIXEL, 4);
    expect(place.latitude_e6 / 1e6).toBeCloseTo(DURBAN.latitude, 4);
    expect(place.radius_m).toBe(1000);
    expect(new Set(held.hows.slice(0, -1))).toEqual(new Set(["typing"])); // undo takes the whole drag back
  });

  it("comes under the cross by a tap on it", async () => {
    const held = await hold(geopoint, QUESTION);
    await drag(found("map")!, [50, 0]);
    await press("sure-1");
    const { place } = (await held.done()) as Place;
    expect(place.longitude_e6 / 1e6).toBeCloseTo(DURBAN.longitude + 50 * PIXEL, 4);
  });

  it("is not moved by two fingers, which come nearer", async () => {
    const held = await hold(geopoint, QUESTION, { draft: { here: { lat: 0, lon: 0, zoom: 4, moved: true, radius: 10 } } });
    const map = found("map")!;
    const tell = (name: string, pointerId: number, x: number) => map.dispatchEvent(new PointerEvent(name, { pointerId, clientX: x, clientY: 0, bubbles: true }));
    tell("pointerdown", 1, 100);
    tell("pointerdown", 2, 200);
    tell("pointermove", 2, 300);
    tell("pointerup", 2, 300);
    tell("pointerup", 1, 100);
    expect(await held.done()).toEqual({ place: { latitude_e6: 0, longitude_e6: 0, radius_m: 10 } });
    expect((held.draft as { here: { zoom: number } }).here.zoom).toBe(5);
  });
});

describe("by keys", () => {
  it("arrows move it, with Shift less far; digits say how sure", async () => {
    const held = await hold(geopoint, QUESTION);
    await key("ArrowRight");
    await key("ArrowLeft", { shiftKey: true });
    await key("2");
    const { place } = (await held.done()) as Place;
    expect(place.longitude_e6 / 1e6).toBeCloseTo(DURBAN.longitude + 35 * PIXEL, 4);
    expect(place.radius_m).toBe(100);
    expect(found("sure-2")!.getAttribute("aria-checked")).toBe("true");
    await key("ArrowUp");
    expect(((await held.done()) as Place).place.latitude_e6).toBeGreaterThan(place.latitude_e6);
  });

  it("plus and minus come nearer and go further, and stop", async () => {
    await hold(geopoint, QUESTION);
    const zoom = () => found("map")!.dataset.zoom;
    await key("+");
    await press("map-in");
    expect(zoom()).toBe("10");
    for (let times = 0; times < 12; times++) await key("-");
    expect(zoom()).toBe("0");
  });
});

it("goes on round the world, and is one place where it meets", async () => {
  const held = await hold(geopoint, QUESTION, { draft: { here: { lat: 0, lon: 179.9, zoom: 8, moved: true, radius: 10 } } });
  await key("ArrowRight");
  expect(((await held.done()) as Place).place.longitude_e6 / 1e6).toBeCloseTo(179.9 + 40 * PIXEL - 360, 4);
});
