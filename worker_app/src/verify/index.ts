/** A worker's check of her own pay, on her own phone: labelling/proof/verify.py in the browser. Loaded only when she asks for it. */
import type { Json } from "./bytes";
import { CHECKS } from "./checks";
import { strict } from "./strict";

/** holds null: there was nothing to check. */
export type Finding = { name: string; holds: boolean | null; detail: string };

const SHOWN_FAILURES = 3;

/** One finding for each kind of promise, always in the same order. Never rejects: what is malformed does not hold. */
export async function check(bundle: Json): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [name, claims] of CHECKS) {
    found.push(find(name, claims, strict(bundle)));
    await new Promise((resolve) => setTimeout(resolve)); // the page stays alive between the checks
  }
  return found;
}

function find(name: string, claims: (typeof CHECKS)[number][1], bundle: Json): Finding {
  let made: [boolean, string][];
  try {
    made = [...claims(bundle)];
  } catch {
    return { name, holds: false, detail: "The bundle is malformed here." };
  }
  const broken = made.filter(([holds]) => !holds).map(([, sentence]) => sentence);
  if (broken.length) {
    const more = broken.length > SHOWN_FAILURES ? ` And ${broken.length - SHOWN_FAILURES} more.` : "";
    return { name, holds: false, detail: broken.slice(0, SHOWN_FAILURES).join(" ") + more };
  }
  return made.length ? { name, holds: true, detail: `${made.length} checked` } : { name, holds: null, detail: "nothing to check" };
}
