// Golden vectors for the proofs, made once and committed: the Python and the browser verifier must both reproduce them.
//   npm i @openzeppelin/merkle-tree@1.0.8 && node make_vectors.mjs vectors/
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";

const out = process.argv[2] ?? "vectors/";
const save = (name, value) => writeFileSync(`${out}${name}.json`, JSON.stringify(value, null, 1) + "\n");
const sha = (text) => createHash("sha256").update(text).digest("hex");

// --- Merkle: the statement leaf, over trees of many shapes -------------------------------------------------------
const types = ["uint256", "bytes32", "bytes32", "int256", "int256", "int256", "int256", "bytes32", "bytes32"];
const leaf = (i) => [String(i % 7), "0x" + sha(`worker ${i}`), "0x" + Buffer.from("KES").toString("hex").padEnd(64, "0"),
  String(i * 11), String(i * 1000003), String(i % 3 ? i * 999 : -i), String(i * 11 + i * 1000003 - (i % 3 ? i * 999 : -i)), "0x" + sha(`lines ${i}`), "0x" + sha(`salt ${i}`)];
const trees = [1, 2, 3, 4, 5, 7, 8, 33].map((n) => {
  const tree = StandardMerkleTree.of(Array.from({ length: n }, (_, i) => leaf(i)), types);
  const leaves = [];
  for (const [i, values] of tree.entries()) leaves.push({ values, hash: tree.leafHash(values), proof: tree.getProof(i) });
  return { root: tree.root, leaves };
});
save("merkle", { types, trees });

// --- canonical JSON: JSON.stringify over sorted keys is RFC 8785 for integers and strings ---------------------------
const sorted = (v) => Array.isArray(v) ? v.map(sorted)
  : v && typeof v === "object" ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v;
const values = [null, true, 0, -1, 9007199254740991, "", "isiZulu", "\u0000\u001f\u007f\b\t\n\f\r\"\\/", "粵語 \u{1f600} \u2028", [], {}, [1, [2, [3]]],
  { b: 1, a: { d: [null, false], c: "x" } }, { "\u20ac": 1, "\r": 2, "\ufb33": 3, "z1": 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": 7 }];
// JavaScript lists integer-like keys first whatever their order, so none of the objects above has one.
save("canonical", values.map((value) => {
  const text = JSON.stringify(sorted(value));
  return { value, utf8_hex: Buffer.from(text).toString("hex"), sha256: sha(text) };
}));

// --- Ed25519: RFC 8032 section 7.1, test 1's key, over canonical documents -----------------------------------------
const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const key = createPrivateKey({ key: Buffer.from("302e020100300506032b657004220420" + seed, "hex"), format: "der", type: "pkcs8" });
const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
const documents = [{}, { v: "receipt-1", answer_id: "018f", base_micro: 1000 }, { text: "粵語", list: [1, 2, 3] }];
save("ed25519", { seed, public_key: publicKey, key_id: createHash("sha256").update(Buffer.from(publicKey, "hex")).digest("hex").slice(0, 16),
  signed: documents.map((body) => ({ body, signature: sign(null, Buffer.from(JSON.stringify(sorted(body))), key).toString("hex") })) });

// --- pay rule pay-1, in BigInt ---------------------------------------------------------------------------------------
const score = ([right, seen, agreed, decided]) => (10000n * (2n * right + agreed) + 32000n) / (2n * seen + decided + 4n);
const counts = [[0n, 0n, 0n, 0n], [0n, 1n, 0n, 0n], [1n, 1n, 0n, 0n], [3n, 4n, 17n, 20n], [0n, 9n, 0n, 100n], [50n, 50n, 12345n, 12345n]];
const offers = [[0n, 0n], [1000n, 333n], [2500n, 1n], [4503599627370496n, 4503599627370495n]];
save("pay", counts.flatMap((c) => offers.map(([base, bonus]) => {
  const s = score(c), capped = s < 10000n ? s : 10000n;
  return { counts: c.map(Number), score_bps: Number(s), base_micro: Number(base), bonus_micro: Number(bonus), pay_micro: Number(base + (bonus * capped) / 10000n) };
})));
