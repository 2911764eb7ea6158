/** The decision rule (consensus/core/labels/integer_rule.py) for one item, in integers below 2^53. */
import type { Json } from "./bytes";

const UNIT = 1024;
const MILLION = 1_000_000;
const ONE = 2 ** 26;
const EXP_BITS = [67043360, 66977920, 66847231, 66586619, 66068437, 65044141, 63042943, 59223365, 52264436, 40703584, 24687971, 9082197, 1229142, 22513, 8];

function scoresOf({ labels, prior, votes }: Json): number[] {
  const scores = [...prior] as number[];
  for (const { weights } of votes) {
    if (weights.length !== scores.length) throw new RangeError("one weight a label");
    scores.forEach((score, i) => (scores[i] = score + weights[i]));
  }
  if (scores.length !== labels.length) throw new RangeError("one prior a label");
  return scores;
}

/** The label of the largest sum of weights; ties go to the first label. */
export function decide(inputs: Json): string {
  const scores = scoresOf(inputs);
  return inputs.labels[scores.indexOf(Math.max(...scores))];
}

/** exp(-gap / 1024) in units of 2^-26. */
function exp(gap: number): number {
  if (gap >= 2 ** EXP_BITS.length) return 0;
  return EXP_BITS.reduce((value, factor, bit) => ((gap >> bit) & 1 ? Math.floor((value * factor) / ONE) : value), ONE);
}

/** How sure the votes are by the published softening; votes without a weight are not counted. */
export function confidencePpm(inputs: Json): number {
  const scores = scoresOf(inputs);
  const { power, correlation, shared_ppm: shared } = inputs.softening;
  const others = Math.max(inputs.votes.filter((vote: Json) => vote.weights.some((weight: number) => weight !== 0)).length - 1, 0);
  const best = Math.max(...scores);
  const worth = UNIT + correlation * others;
  const total = scores.reduce((sum, score) => sum + exp(Math.floor((power * (best - score)) / worth)), 0);
  const sure = (MILLION - shared) * Math.floor((MILLION * ONE) / total) + Math.floor((MILLION * shared) / scores.length);
  return Math.min(Math.floor(sure / MILLION), MILLION - 1);
}
