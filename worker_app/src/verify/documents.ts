/** The documents that a bundle is made of, as platform/proofs builds and hashes them. */
import { etc, hashes, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { canonicalBytes, canonicalHash, doubleKeccak, hex, leafHash, same, sha256Hex, unhex, utf8, type Json } from "./bytes";

hashes.sha512 = sha512;

export function isSigned(body: Json, signature: string, publicKey: string): boolean {
  const message = canonicalBytes(body);
  try {
    return verify(etc.hexToBytes(signature), message, etc.hexToBytes(publicKey), { zip215: false });
  } catch {
    return false;
  }
}

/** A statement made anew from its lines: what is not a payout was earned. */
export function buildStatement(said: Json, lines: Json[]): Json {
  const sum = (paid: boolean) => lines.filter((line) => line.kind.startsWith("payout") === paid).reduce((total, line) => total + line.amount_micro, 0);
  const [earned_micro, paid_micro] = [sum(false), 0 - sum(true)];
  return {
    v: "statement-1",
    period: said.period,
    pseudonym: said.pseudonym,
    currency: said.currency,
    opening_micro: said.opening_micro,
    earned_micro,
    paid_micro,
    balance_micro: said.opening_micro + earned_micro - paid_micro,
    lines_hash: canonicalHash(lines.map((line) => [line.key, line.kind, line.amount_micro])),
    salt: said.salt,
  };
}

export function statementLeaf(said: Json): Uint8Array {
  return leafHash([
    ["uint256", said.period],
    ["bytes32", said.pseudonym],
    ["bytes32", hex(utf8(said.currency)).padEnd(64, "0")],
    ["int256", said.opening_micro],
    ["int256", said.earned_micro],
    ["int256", said.paid_micro],
    ["int256", said.balance_micro],
    ["bytes32", said.lines_hash],
    ["bytes32", said.salt],
  ]);
}

export function commitmentLeaf(kind: string, reference: string, documentHash: string): Uint8Array {
  return leafHash([
    ["bytes32", sha256Hex(`${kind}:${reference}`)],
    ["bytes32", documentHash],
  ]);
}

export const goldLeaf = (gold: Json): Uint8Array => doubleKeccak(unhex(canonicalHash(gold)));

const GENESIS = "00".repeat(32);

/** What is wrong with a run of headers; empty when each follows the one before. */
export function checkHeaders(headers: Json[]): string[] {
  const wrong: string[] = [];
  headers.forEach((header, i) => {
    const number = header.number;
    if (i && number !== headers[i - 1].number + 1) {
      wrong.push(`Header ${number} follows header ${headers[i - 1].number}: numbers must grow by one.`);
    }
    if (number === 0 && header.prev !== GENESIS) wrong.push("Header 0 must follow the genesis hash.");
    const expected = i ? canonicalHash(headers[i - 1]) : header.prev;
    if (!same(header.prev, expected)) {
      wrong.push(`Header ${number} names ${header.prev.slice(0, 12)}… as the one before; it is ${expected.slice(0, 12)}….`);
    }
  });
  return wrong;
}
