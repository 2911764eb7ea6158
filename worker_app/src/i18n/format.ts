import { language, t } from "./index";

const CENT_MICRO = 10_000;

/** A sum of money in cents, never more than it is; what is below a cent stands behind a tap (parts/Sum.tsx). */
export function money(micro: number, currency: string, locale = language()): string {
  return inCurrency(Math.trunc(micro / CENT_MICRO) * CENT_MICRO, currency, locale, 2);
}

/** The price of one answer, which may be less than a cent: a fraction of it is told as far as a hundredth. */
export function price(micro: number, currency: string, locale = language()): string {
  return inCurrency(Math.trunc(micro / 100) * 100, currency, locale, 4);
}

/** To the micro-unit, as the ledger has it. */
export function exactly(micro: number, currency: string, locale = language()): string {
  return inCurrency(micro, currency, locale, 6);
}

export const isWholeCents = (micro: number): boolean => micro % CENT_MICRO === 0;

function inCurrency(micro: number, currency: string, locale: string, digits: number): string {
  const style = { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale, style).format(micro / 1e6);
}

/** For estimates (a wage an hour): no more digits than the estimate has. */
export function roundMoney(micro: number, currency: string, locale = language()): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: 2 }).format(micro / 1e6);
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
