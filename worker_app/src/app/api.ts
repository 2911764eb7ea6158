import { sawServerClock } from "./clock";
import type { Refusal } from "./types";

/** A call that did not end well. `status` 0: no answer from the network at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly refusal: Partial<Refusal> = {},
    readonly retryAfterS: number | null = null,
    readonly body: unknown = null,
  ) {
    super(message);
  }

  /** Worth the same call again: nothing says that it was refused. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  get signedOut(): boolean {
    return this.status === 401 || this.status === 403;
  }

  /** Of this phone: nothing was refused, and nobody else can say what is wrong. */
  get ofThisPhone(): boolean {
    return this.status === PHONE;
  }
}

/** No call at all: a fault of this phone, such as a full disk or a file that is missing. */
const PHONE = -1;

/** Whatever was thrown while a call was made and its reply kept. What no server said is written down for whoever looks for the fault. */
export function failureOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  console.error(error);
  return new ApiError(PHONE, "");
}

/** Where the CSRF token comes from: the page reads its cookie, the service worker what the page wrote down. */
let csrfToken = (): string => "";
export function readCsrfFrom(source: () => string): void {
  csrfToken = source;
}

/** The language that she is answered in: the app's own, which need not be the browser's. The service worker shows no words. */
let spoken = (): string => "";
export function answerIn(source: () => string): void {
  spoken = source;
}

type Options = { method?: string; body?: unknown; timeoutMs?: number; tag?: string };

/** One JSON call on our own origin; throws ApiError for everything that is not 2xx. */
export const call = <T>(path: string, options: Options = {}): Promise<T> => send(path, options, async (response) => (await read(response)) as T);

/** Something as the server gave it, and the tag by which it says whether it is still the same. */
export type Tagged<T> = { tag: string; body: T };

/** GET what may not have changed: then `known` itself comes back, and the network carried a few bytes. */
export function apiTagged<T>(path: string, known?: Tagged<T>): Promise<Tagged<T>> {
  return send("/api/v1" + path, { tag: known?.tag }, async (response) => {
    if (response.status === 304 && known) return known;
    return { tag: response.headers.get("ETag") ?? "", body: (await read(response)) as T };
  });
}

async function send<T>(path: string, options: Options, take: (response: Response) => Promise<T>): Promise<T> {
  const { method = options.body === undefined ? "GET" : "POST", body, timeoutMs = 30_000 } = options;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (spoken()) headers["Accept-Language"] = spoken();
  if (options.tag) headers["If-None-Match"] = options.tag;
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), timeoutMs);
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: giveUp.signal,
    });
    return await take(response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, "no connection");
  } finally {
    clearTimeout(timer);
  }
}

async function read(response: Response): Promise<unknown> {
  sawServerClock(response.headers.get("Date"));
  const text = await response.text();
  const body = parseJson(text);
  if (response.ok) return body;
  const refusal = (body as { error?: Refusal } | null)?.error;
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  throw new ApiError(response.status, refusal?.message ?? "", refusal ?? {}, Number.isNaN(retryAfter) ? null : retryAfter, body);
}

function parseJson(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // an HTML page of a proxy, a captive portal: the status alone counts
  }
}

export const api = <T>(path: string, options?: Options): Promise<T> => call<T>("/api/v1" + path, options);
