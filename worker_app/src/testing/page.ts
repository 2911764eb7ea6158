/** A screen drawn as on a phone, without a phone: for tests that ask what she is told and what is sent, in milliseconds. */
import "fake-indexeddb/auto";
import { render, type ComponentChild } from "preact";
import { vi } from "vitest";
import { addParts, setLanguage } from "@app/i18n";
import { db } from "@app/outbox/db";
import { session } from "@app/app/session";
import type { Me } from "@app/app/types";

type Call = { method: string; path: string; body: unknown };
type Reply = { status?: number; body?: unknown };

export const WORKER = { pseudonym: "w1", country: "ZA", reads: ["en"], currency: "USD", available_micro: 5_000_000, pending_micro: 0, in_flight_micro: 0, hold: null, level: 1, bans: 0 };
export const ME = {
  name: "Thandi",
  email: "t@example.org",
  phone: "+27821234567",
  language: "en",
  roles: ["worker"],
  payout_min_micro: 1_000_000,
  terms: { version: "3", agreed: "3" },
  worker: WORKER,
} as unknown as Me;

export class Server {
  readonly calls: Call[] = [];
  private replies: [pattern: string, reply: () => Reply][] = [];

  /** From now on an address that ends so (before its query) is answered so; no reply at all: the network is away. */
  says(ending: string, reply: Reply | (() => Reply)): this {
    this.replies.unshift([ending, typeof reply === "function" ? reply : () => reply]);
    return this;
  }

  refuses(ending: string, code: string, message: string, status = 400): this {
    return this.says(ending, { status, body: { error: { code, message } } });
  }

  /** What was sent there, in order. */
  sent(ending: string): unknown[] {
    return this.calls.filter(({ path, method }) => method !== "GET" && path.endsWith(ending)).map(({ body }) => body);
  }

  readonly fetch = async (path: string, { method = "GET", body }: RequestInit = {}): Promise<Response> => {
    const address = path.split("?")[0]!;
    this.calls.push({ method, path: address, body: body ? JSON.parse(String(body)) : undefined });
    const found = this.replies.find(([ending]) => address.endsWith(ending));
    if (!found) throw new TypeError("no network");
    const reply = found[1]();
    return new Response(reply.body === undefined ? "" : JSON.stringify(reply.body), { status: reply.status ?? 200 });
  };
}

/** An empty phone, in English, on which she is signed in; the server that it speaks to. */
export async function begin(parts: string[] = ["account", "work", "bans"], me: Me = ME): Promise<Server> {
  const server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  const nothing = { match: async () => undefined, keys: async () => [], put: async () => undefined, delete: async () => true };
  vi.stubGlobal("caches", { open: async () => nothing, keys: async () => [], match: nothing.match, delete: nothing.delete });
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  session.set({ phase: "ready", me, reached: true });
  await setLanguage("en");
  await addParts(parts);
  clear();
  return server;
}

const shown: HTMLElement[] = [];

/** What was shown is gone, and listens to no key any more. */
export function clear(): void {
  for (const root of shown.splice(0)) render(null, root);
  document.body.replaceChildren();
}

export function show(screen: ComponentChild): void {
  const root = document.createElement("div");
  document.body.append(root);
  shown.push(root);
  render(screen, root);
}

/** Whatever is under way has come to its end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setTimeout(resolve, 4));
}

export const found = <T extends HTMLElement = HTMLElement>(id: string): T | null => document.querySelector<T>(`[data-testid="${id}"]`);

function there<T extends HTMLElement>(id: string): T {
  const element = found<T>(id);
  if (!element) throw new Error(`${id} is not on the screen, but: ${said()}`);
  return element;
}

export async function press(id: string): Promise<void> {
  const element = there<HTMLButtonElement>(id);
  if (!element.disabled) element.click();
  await settled();
}

/** Two taps, the second before anything is drawn anew. */
export async function tapTwice(id: string): Promise<void> {
  const element = there<HTMLButtonElement>(id);
  element.click();
  element.click();
  await settled();
}

export async function type(id: string, text: string): Promise<void> {
  const field = there<HTMLInputElement>(id);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

export const isOff = (id: string): boolean => there<HTMLButtonElement>(id).disabled;

/** All that she reads. */
export const said = (): string => (document.body.textContent ?? "").replace(/\s+/g, " ").trim();

export const alert = (): string => document.querySelector('[role="alert"]')?.textContent?.trim() ?? "";
