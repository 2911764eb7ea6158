/** The same vectors that hold the Python side (tests/chain/vectors/certificates.json), held to here; nothing is asked of any network. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Json } from "./bytes";
import { checkCertificate } from "./certificate";

const [VECTORS] = Object.values(import.meta.glob<Json>("../../../tests/chain/vectors/certificates.json", { eager: true, import: "default" }));
const asked = vi.fn();

beforeEach(() => vi.stubGlobal("fetch", asked));
afterEach(() => {
  expect(asked).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
});

it.each(["", "https://ilima.example/app/#/certificate/"])("a certificate holds, and says what it says: %s", async (before) => {
  expect(await checkCertificate(before + VECTORS.text, VECTORS.public_key)).toEqual({ says: "signed", body: VECTORS.body });
});

it("one that was changed after it was signed does not hold", async () => {
  expect(await checkCertificate(VECTORS.changed, VECTORS.public_key)).toEqual({ says: "changed" });
});

it("one of another key does not hold, whatever it says of its key", async () => {
  expect(await checkCertificate(VECTORS.text, "11".repeat(32))).toEqual({ says: "other_key" });
  expect(await checkCertificate(VECTORS.forged, VECTORS.public_key)).toEqual({ says: "changed" });
});

it("no byte of it can be another one", async () => {
  const verdicts = new Set<string>();
  for (let at = 0; at < VECTORS.text.length; at += 7) {
    const other = VECTORS.text[at] === "A" ? "B" : "A";
    verdicts.add((await checkCertificate(VECTORS.text.slice(0, at) + other + VECTORS.text.slice(at + 1), VECTORS.public_key)).says);
  }
  expect(verdicts).not.toContain("signed");
});

it.each(["", "hello", "A".repeat(5000), "e30", "not base64 !"])("what is none is unreadable: %.12s", async (text) => {
  expect(await checkCertificate(text, VECTORS.public_key)).toEqual({ says: "unreadable" });
});
