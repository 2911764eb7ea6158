/** "1,25" and "1.25" are the same to her; micro-units are whole, and rounding never asks for more than was typed. */
export function microOf(text: string): number {
  return Math.floor(Number(text.trim().replace(",", ".")) * 1e6 + 1e-3);
}
