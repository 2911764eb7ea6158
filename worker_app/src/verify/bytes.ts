/** Canonical JSON and hashes; the same bytes as platform/proofs/canonical_json.py and hashing.py make. */
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export type Json = any; // eslint-disable-line -- a bundle is what somebody else wrote: every access is checked at run time
export const hex = bytesToHex;
export const utf8 = utf8ToBytes;

const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** RFC 8785 for integers of at most 53 bits, strings, booleans, null, lists and objects; throws for anything else. */
export function canonical(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return Object.is(value, -0) ? "0" : String(value);
  if (typeof value === "string" && !LONE_SURROGATE.test(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object") throw new TypeError("not canonical");
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${canonical(key)}:${canonical(value[key])}`)
    .join()}}`;
}

export const canonicalBytes = (value: Json): Uint8Array => utf8(canonical(value));
export const canonicalHash = (value: Json): string => hex(sha256(canonicalBytes(value)));
export const sha256Hex = (text: string): string => hex(sha256(utf8(text)));
export const same = (a: Json, b: Json): boolean => canonical(a) === canonical(b);

/** Bytes of hex digits in lower case: Python's bytes.fromhex takes more, but nothing that we ever wrote. */
export function unhex(digits: string): Uint8Array {
  if (/[^0-9a-f]/.test(digits)) throw new TypeError("not hex");
  return hexToBytes(digits);
}

// --- Merkle trees in the encoding of OpenZeppelin's StandardMerkleTree ---------------------------------------------
export type Typed = ["uint256" | "int256", number | string] | ["bytes32", string];

export const doubleKeccak = (data: Uint8Array): Uint8Array => keccak_256(keccak_256(data));

export function leafHash(values: Typed[]): Uint8Array {
  return doubleKeccak(concatBytes(...values.map(abiWord)));
}

function abiWord([kind, value]: Typed): Uint8Array {
  if (kind === "bytes32") {
    const word = unhex(value);
    if (word.length !== 32) throw new RangeError("bytes32 needs 64 hex digits");
    return word;
  }
  const number = BigInt(value);
  if (kind === "uint256" && number < 0n) throw new RangeError("uint256 cannot be negative");
  return unhex(BigInt.asUintN(256, number).toString(16).padStart(64, "0"));
}

export function rootFromProof(leaf: Uint8Array, proof: string[]): string {
  return proof.reduce((node, sibling) => {
    const [low, high] = node < sibling ? [node, sibling] : [sibling, node];
    return hex(keccak_256(concatBytes(unhex(low), unhex(high))));
  }, hex(leaf));
}

/** The short name of a public key, as platform/proofs/signatures.py: key_id(). */
export const keyIdOf = (publicKey: string): string => hex(sha256(unhex(publicKey))).slice(0, 16);
