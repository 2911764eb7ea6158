import { describe, expect, it, vi } from "vitest";
import { deviceClass, networkIsPoor } from "./device";

function phone(width: number, height: number, mouse = false): string {
  vi.stubGlobal("matchMedia", () => ({ matches: mouse }));
  vi.stubGlobal("screen", { width, height });
  return deviceClass();
}

describe("what kind of screen an answer comes from", () => {
  it.each([
    [360, 640, false, "phone"],
    [640, 360, false, "phone"], // lying on its side
    [360, 640, true, "phone"], // with a mouse, but no larger for it
    [800, 1280, false, "tablet"],
    [1440, 900, true, "desktop"],
    [1440, 900, false, "tablet"],
  ])("%i by %i, a mouse: %s, is a %s", (width, height, mouse, kind) => {
    expect(phone(width, height, mouse)).toBe(kind);
  });
});

it.each([
  [undefined, false],
  [{ effectiveType: "4g" }, false],
  [{ effectiveType: "slow-2g" }, true],
  [{ effectiveType: "2g" }, true],
  [{ effectiveType: "4g", saveData: true }, true],
])("saves data with a connection like %j: %s", (connection, poor) => {
  vi.stubGlobal("navigator", { connection });
  expect(networkIsPoor()).toBe(poor);
});
