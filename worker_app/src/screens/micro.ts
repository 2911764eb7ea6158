/** An amount as people write it: figures, blanks between thousands, a point or a comma before the cents. */
const AMOUNT = /^\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d*)?$/;

/** A comma before three figures can mean either; kernel/money.py asks about it, too. */
const THOUSANDS = /^[1-9]\d{0,2},\d{3}$/;

/**
 * "1,25" and "1.25" are the same to her; micro-units are whole, and rounding never asks for more than was typed. Null for what is no
 * amount: it must never leave as no amount at all, which asks for everything.
 */
export function microOf(text: string): number | null {
  const said = text.trim();
  if (!AMOUNT.test(said) || THOUSANDS.test(said)) return null;
  const micro = Math.floor(Number(said.replace(/\s/g, "").replace(",", ".")) * 1e6 + 1e-3);
  return Number.isSafeInteger(micro) ? micro : null;
}

/** For a form: at most what it is, in whole cents. */
export const inCents = (micro: number): string => String(Math.trunc(micro / 10_000) / 100);
