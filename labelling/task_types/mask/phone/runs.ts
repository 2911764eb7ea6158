/** Run lengths of masks as COCO writes them (labelling/task_types/runs.py): outside and inside in turn, column by column, in a short text. */

export function textOf(runs: number[]): string {
  let text = "";
  runs.forEach((run, k) => {
    let left = k > 2 ? run - runs[k - 2]! : run;
    for (let more = true; more;) {
      const group = left & 31;
      left >>= 5;
      more = group & 16 ? left !== -1 : left !== 0;
      text += String.fromCharCode(48 + (more ? group | 32 : group));
    }
  });
  return text;
}

export function runsOf(text: string): number[] {
  const runs: number[] = [];
  let [value, shift] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const bits = text.charCodeAt(at) - 48;
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    if (bits & 16 && shift < 32) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2]! : value);
    [value, shift] = [0, 0];
  }
  return runs;
}

/** Cells, column by column, that say `what`. */
export function textOfCells(cells: Uint8Array, what: number): string {
  const runs: number[] = [];
  let [inside, from] = [false, 0];
  for (let at = 0; at < cells.length; at++) {
    if ((cells[at] === what) === inside) continue;
    runs.push(at - from);
    [inside, from] = [!inside, at];
  }
  runs.push(cells.length - from);
  return textOf(runs);
}

/** The cells of a mask say `what` from now on. */
export function fill(cells: Uint8Array, text: string, what: number): void {
  let at = 0;
  runsOf(text).forEach((run, k) => {
    if (k % 2) cells.fill(what, at, at + run);
    at += run;
  });
}
