/** The same vectors that hold the Python verifier (tests/chain/vectors), held to here. */
import { describe, expect, it, vi } from "vitest";
import { canonical, canonicalBytes, canonicalHash, hex, leafHash, rootFromProof, type Json, type Typed } from "./bytes";
import { isSigned } from "./documents";
import { check } from "./index";
import { bonusFor, payFor, scoreBps } from "./pay";
import { confidencePpm, decide } from "./rule";

/** The library's own answer, worked out once for the same key, message and signature: two changes of a bundle share most of their documents. */
vi.mock("@noble/ed25519", async (original) => {
  const real = await original<typeof import("@noble/ed25519")>();
  const known = new Map<string, boolean>();
  const verify: typeof real.verify = (...asked) => {
    const key = JSON.stringify(asked.map((one) => (one instanceof Uint8Array ? real.etc.bytesToHex(one) : one)));
    if (!known.has(key)) known.set(key, real.verify(...asked));
    return known.get(key)!;
  };
  return { ...real, verify };
});

const TESTS = "../../../tests";
const FILES = import.meta.glob<Json>(["../../../tests/chain/vectors/*.json", "../../../tests/core/vectors/integer_rule.json"], {
  eager: true,
  import: "default",
});
const read = (name: string, room = "chain"): Json => FILES[`${TESTS}/${room}/vectors/${name}.json`];

/** tests/chain/changes.py: apply(). */
function apply(bundle: Json, [how, path, value]: [string, (string | number)[], Json]): Json {
  const changed = structuredClone(bundle);
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key], changed);
  const key = path.at(-1) as number;
  if (how === "set") parent[key] = value;
  else if (how === "double") parent.splice(key, 0, structuredClone(parent[key]));
  else if (how === "swap") {
    const before = key ? key - 1 : parent.length - 1; // Python's index -1
    [parent[key], parent[before]] = [parent[before], parent[key]];
  } else if (Array.isArray(parent)) parent.splice(key, 1);
  else delete parent[key];
  return changed;
}

describe("canonical JSON", () => {
  it.each(read("canonical") as Json[])("is the same bytes: $sha256", ({ value, utf8_hex, sha256 }) => {
    expect(hex(canonicalBytes(value))).toBe(utf8_hex);
    expect(canonicalHash(value)).toBe(sha256);
  });
  it("sorts keys that look like numbers as text, as Python does", () => {
    expect(canonical({ b: 1, "10": 2, "9": 3, "": 4 })).toBe('{"":4,"10":2,"9":3,"b":1}');
  });
  it.each([1.5, NaN, 2 ** 53, undefined, "\ud800", [undefined], { a: () => 1 }])("refuses %s", (value) => {
    expect(() => canonical(value)).toThrow();
  });
});

it("Merkle leaves, paths and roots are OpenZeppelin's", () => {
  const { types, trees } = read("merkle");
  for (const { root, leaves } of trees) {
    for (const { values, hash, proof } of leaves) {
      const leaf = leafHash(values.map((value: string, i: number) => [types[i], value.replace(/^0x/, "")] as Typed));
      expect("0x" + hex(leaf)).toBe(hash);
      expect(
        "0x" +
          rootFromProof(
            leaf,
            proof.map((node: string) => node.slice(2)),
          ),
      ).toBe(root);
    }
  }
});

it("signatures are Node's, and no other document has them", () => {
  const { public_key, signed } = read("ed25519");
  for (const { body, signature } of signed) {
    expect(isSigned(body, signature, public_key)).toBe(true);
    expect(isSigned({ ...body, more: 1 }, signature, public_key)).toBe(false);
    expect(
      isSigned(
        body,
        signature.replace(/.$/, (c: string) => (c === "0" ? "1" : "0")),
        public_key,
      ),
    ).toBe(false);
    expect(isSigned(body, "no hex", public_key)).toBe(false);
  }
});

it.each(read("pay") as Json[])("pays as the rule says: $counts", ({ counts, score_bps, base_micro, bonus_micro, pay_micro }) => {
  expect(scoreBps(counts)).toBe(score_bps);
  expect(payFor(base_micro, bonus_micro, score_bps)).toBe(pay_micro);
});

it("pay refuses nonsense", () => {
  expect(() => scoreBps([2, 1, 0, 0])).toThrow();
  expect(() => bonusFor(-1, 5000)).toThrow();
});

it.each(read("integer_rule", "core").cases as Json[])("decides as consensus.core does: $name", ({ prior, tables, votes, decision, softening, confidence_ppm }) => {
  const labels = prior.map((_: number, code: number) => String(code));
  const weighed = votes.map(([worker, answer]: [number, number]) => ({ weights: tables[worker][answer] }));
  expect(decide({ labels, prior, votes: weighed })).toBe(String(decision));
  expect(confidencePpm({ labels, prior, votes: weighed, softening })).toBe(confidence_ppm);
});

describe("a real bundle", () => {
  const { bundle, findings, cases } = read("bundles");
  it("holds, in the words of the Python verifier", async () => {
    expect((await check(bundle)).map(({ name, holds, detail }) => [name, holds, detail])).toEqual(findings);
  });
  it("is given away by every change that gives it away in Python, in the same words", async () => {
    // Half of the 400: both kinds are among them, signed anew and not.
    for (const { change, signature, not_true } of cases.filter((_: Json, i: number) => i % 4 < 2)) {
      const changed = apply(bundle, change);
      if (signature !== null) changed.signature = signature;
      const found = (await check(changed)).filter(({ holds }) => holds !== true);
      expect(
        found.map(({ name, holds, detail }) => [name, holds, detail]),
        JSON.stringify(change),
      ).toEqual(not_true);
    }
  }, 120_000);
  it.each([null, [], {}, "x", { v: "bundle-1" }])("is not %j", async (value) => {
    expect((await check(value)).some(({ holds }) => holds === false)).toBe(true);
  });
});
