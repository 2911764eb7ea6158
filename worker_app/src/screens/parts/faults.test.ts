import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, failureOf } from "@app/app/api";

const written = vi.spyOn(console, "error").mockImplementation(() => undefined);
const sources = import.meta.glob<string>(["/src/**/*.ts", "/src/**/*.tsx"], { query: "?raw", import: "default", eager: true });

let wordsOf: typeof import("./faults").wordsOf;

beforeEach(async () => {
  written.mockClear();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("location", { hash: "", href: "http://here/app/" });
  vi.stubGlobal("navigator", { languages: ["en"] });
  vi.stubGlobal("document", { cookie: "csrftoken=a", documentElement: {} });
  ({ wordsOf } = await import("./faults"));
  await (await import("@app/i18n")).setLanguage("en");
});
afterEach(() => vi.unstubAllGlobals());

it("says what this phone could not do, and writes it down", () => {
  const full = new DOMException("no room left", "QuotaExceededError");
  expect(wordsOf(full)).toContain("Something went wrong on this phone");
  expect(written).toHaveBeenCalledWith(full);
  expect(failureOf(full).mayPass).toBe(false);
});

it("says that there is no connection, also while she signs in", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(wordsOf(new ApiError(0, ""))).toContain("No connection");
  const { withPassword } = await import("@app/app/auth");
  await expect(withPassword("thandi@example.org", "secret")).rejects.toSatisfy((error) => error instanceof ApiError && error.status === 0);
  expect(written).not.toHaveBeenCalled();
});

it("takes nothing that was thrown for a reply of the server: anything can be thrown", () => {
  const claims = Object.entries(sources).filter(([path, text]) => !path.includes(".test.") && /as ApiError|\(error: ApiError\)/.test(text));
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  expect(claims.map(([path]) => path)).toEqual([]);
});
