import { language, t } from "./index";

const CENT_MICRO = 10_000;

/** What one unit of the ledger's currency is where she lives: `rate_micro` millionths of `currency`, as the operator set it for `day`. */
export type LocalRate = { currency: string; rate_micro: number; day: string; source: string };
let local: (LocalRate & { base: string }) | null = null;

/** From now on sums in `base` are shown by this rate; null: as the ledger has them. */
export function showMoneyBy(rate: LocalRate | null | undefined, base: string): void {
  local = rate ? { ...rate, base } : null;
}

/** The rate that sums of this currency are shown by. */
export const rateOf = (currency: string): LocalRate | null => (local?.base === currency ? local : null);

/** A sum of money in cents, never more than it is; what is below a cent stands behind a tap (parts/Sum.tsx). */
export function money(micro: number, currency: string, locale = language()): string {
  return shown(micro, currency, locale, 0);
}

/** The price of one answer, which may be less than a cent: a fraction of it is told as far as a hundredth. */
export function price(micro: number, currency: string, locale = language()): string {
  return shown(micro, currency, locale, 2);
}

/** In the currency that is paid in, in cents: what is asked for and sent. */
export function inLedger(micro: number, currency: string, locale = language()): string {
  return write(micro, currency, locale, 0);
}

/** To the micro-unit, as the ledger has it. */
export function exactly(micro: number, currency: string, locale = language()): string {
  return inCurrency(micro, currency, locale, 2, 6);
}

export const isWholeCents = (micro: number, currency = ""): boolean => micro % CENT_MICRO === 0 && !rateOf(currency);

function shown(micro: number, currency: string, locale: string, finer: number): string {
  const rate = rateOf(currency);
  return rate ? write(byRate(micro, rate), rate.currency, locale, finer) : write(micro, currency, locale, finer);
}

/** In whole numbers, towards zero: nothing is shown that is not there. */
function byRate(micro: number, rate: LocalRate): number {
  return Number((BigInt(Math.trunc(micro)) * BigInt(rate.rate_micro)) / 1_000_000n);
}

/** The sum and the currency that she is shown. */
export function asShown(micro: number, currency: string): [micro: number, currency: string] {
  const rate = rateOf(currency);
  return rate ? [byRate(micro, rate), rate.currency] : [micro, currency];
}

/** As many decimals as the currency has (the franc CFA has none), and `finer` more where there is anything in them. */
function write(micro: number, currency: string, locale: string, finer: number): string {
  const digits = decimalsOf(currency);
  const step = 10 ** (6 - digits - finer);
  return inCurrency(Math.trunc(micro / step) * step, currency, locale, digits, digits + finer);
}

const known = new Map<string, number>();
function decimalsOf(currency: string): number {
  const digits = known.get(currency) ?? new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  known.set(currency, digits);
  return digits;
}

function inCurrency(micro: number, currency: string, locale: string, least: number, most: number): string {
  const style = { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: least, maximumFractionDigits: most } as const;
  return new Intl.NumberFormat(locale, style).format(micro / 1e6);
}

/** For estimates (a wage an hour): no more digits than the estimate has. */
export function roundMoney(micro: number, currency: string, locale = language()): string {
  const [sum, unit] = asShown(micro, currency);
  return new Intl.NumberFormat(locale, { style: "currency", currency: unit, currencyDisplay: "narrowSymbol" }).format(sum / 1e6);
}

export function number(value: number, locale = language()): string {
  return new Intl.NumberFormat(locale).format(value);
}

export function bytes(count: number): string {
  if (count < 100_000) return t("size.kb", { n: number(Math.max(1, Math.round(count / 1000))) });
  return t("size.mb", { n: number(Math.round(count / 100_000) / 10) });
}

export function duration(seconds: number, locale = language()): string {
  const [value, unit] = seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [Math.floor(seconds / 3600), "hour"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 0 }).format(value);
}

/** A place in a sound, to a tenth of a second. */
export function seconds(value: number, locale = language()): string {
  return new Intl.NumberFormat(locale, { style: "unit", unit: "second", maximumFractionDigits: 1 }).format(value);
}

export function when(iso: string, locale = language()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? {} : ({ day: "numeric", month: "short" } as const);
  return new Intl.DateTimeFormat(locale, { ...day, hour: "2-digit", minute: "2-digit" }).format(date);
}

/** A day and its hour in full, for what counts by the date. */
export function moment(iso: string, locale = language()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(date);
}

/** An hour of the day, as she writes it: 20:00, 8 PM. */
export function hourOfDay(hour: number, locale = language()): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(Date.UTC(2000, 0, 1, hour));
}

export function percent(share: number, locale = language()): string {
  return new Intl.NumberFormat(locale, { style: "percent" }).format(share);
}

/** For a share that moves little by little. */
export function finePercent(share: number, locale = language()): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/** A day (2026-11-22) as she calls it. */
export function weekday(day: string, locale = language()): string {
  return new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(day + "T00:00:00Z"));
}

/** A month (2026-11) as she calls it. */
export function month(text: string, locale = language()): string {
  return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(text + "-01T00:00:00Z"));
}
