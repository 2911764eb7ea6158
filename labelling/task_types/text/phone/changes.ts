import type { Change } from "@app/app/drawing";

const WORD = /[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_\s]|\s+/gu;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]/;
const MAX_CELLS = 1_000_000; // of the table: more is compared as a whole

/** The same as changes_of() of changes.py: words, signs and blanks each as one; a script without blanks by its letters. */
const wordsOf = (text: string): string[] => [...text.matchAll(WORD)].flatMap(([word]) => (UNSPACED.test(word) ? [...word] : [word]));

/** What a text changes of another, in order: kept, taken out, put in; by the longest common subsequence of words. */
export function changesOf(before: string, after: string): Change[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const middle = between(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const said: Change[] = [{ kind: "same", text: old.slice(0, head).join("") }, ...middle, { kind: "same", text: old.slice(old.length - tail).join("") }];
  return said.filter(({ text }) => text);
}

function between(old: string[], now: string[]): Change[] {
  if (old.length * now.length > MAX_CELLS)
    return [
      { kind: "out", text: old.join("") },
      { kind: "in", text: now.join("") },
    ];
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let k = now.length - 1; k >= 0; k--) common[i * width + k] = old[i] === now[k] ? common[(i + 1) * width + k + 1]! + 1 : Math.max(common[(i + 1) * width + k]!, common[i * width + k + 1]!);
  const found: Change[] = [];
  const say = (kind: Change["kind"], text: string) => (found.at(-1)?.kind === kind ? (found.at(-1)!.text += text) : found.push({ kind, text }));
  let [i, k] = [0, 0];
  while (i < old.length || k < now.length) {
    if (i < old.length && k < now.length && old[i] === now[k]) {
      say("same", old[i++]!);
      k++;
    } else if (i < old.length && (k === now.length || common[(i + 1) * width + k]! >= common[i * width + k + 1]!)) say("out", old[i++]!);
    else say("in", now[k++]!);
  }
  return found;
}
