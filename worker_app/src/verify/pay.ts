/** The pay rule (labelling/batches/pay.py), in integers. */

/** Each version's hash of its text. They differ in which answers are counted, not in the arithmetic. */
export const RULE_HASHES = new Map<number, string>([
  [1, "7d2cbae33ed5171dab4c476ce4498344f559220450c4ec83f83f352bd6250dca"],
  [2, "9a963dc2ff94df24b68dc8cc8473c898bbae6f744a3c1e4e26e2cef303a35511"],
]);

/** counts: gold_right, gold_seen, agreed, decided. */
export function scoreBps(counts: number[]): number {
  const [right, seen, agreed, decided] = counts as [number, number, number, number];
  if (counts.length !== 4 || !(0 <= right && right <= seen && 0 <= agreed && agreed <= decided)) throw new RangeError("counts");
  const good = 10000n * (2n * BigInt(right) + BigInt(agreed)) + 32000n;
  return Number(good / (2n * BigInt(seen) + BigInt(decided) + 4n));
}

export function bonusFor(bonusMicro: number, score: number): number {
  if (bonusMicro < 0 || score < 0) throw new RangeError("negative");
  return Number((BigInt(bonusMicro) * BigInt(Math.min(10000, score))) / 10000n);
}

export const payFor = (baseMicro: number, bonusMicro: number, score: number): number => baseMicro + bonusFor(bonusMicro, score);
