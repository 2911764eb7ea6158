/** Words in which two texts differ, so that nobody has to read two long texts twice to find the one word that matters. */
export type Stretch = { text: string; own: boolean };
const MOST = 600; // words a text: beyond that it costs more than it helps
const ALIKE = 0.5; // of its words: else all would be marked, which says nothing

const wordsOf = (text: string): string[] => text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];

/** Each text as stretches, `own` where the other has other words; null where they are hardly alike. Longest common subsequence. */
export function differing(a: string, b: string): [Stretch[], Stretch[]] | null {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  if (!first.length || !second.length || Math.max(first.length, second.length) > MOST) return null;
  const bare = (words: string[]) => words.map((word) => word.trim());
  const common = longest(bare(first), bare(second));
  if ((2 * common.length) / (first.length + second.length) < ALIKE) return null;
  const inBoth = [new Set(common.map(([i]) => i)), new Set(common.map(([, j]) => j))];
  return [stretches(first, inBoth[0]!), stretches(second, inBoth[1]!)];
}

function longest(a: string[], b: string[]): [number, number][] {
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) best[i]![j] = a[i] === b[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
  const found: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;)
    if (a[i] === b[j]) found.push([i++, j++]);
    else if (best[i + 1]![j]! >= best[i]![j + 1]!) i++;
    else j++;
  return found;
}

function stretches(words: string[], common: Set<number>): Stretch[] {
  const found: Stretch[] = [];
  words.forEach((text, place) => {
    const own = !common.has(place);
    const last = found[found.length - 1];
    if (last && last.own === own) last.text += text;
    else found.push({ text, own });
  });
  return found;
}
