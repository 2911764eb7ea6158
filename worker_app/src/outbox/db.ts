import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { AnswerBody, AnswerResult, Config, Item, Lease, Refusal } from "@app/app/types";

/** Where the files lie that were chosen of an item's, or of a part's. The service worker reads this file: it asks for no screen's types. */
export type Addresses = { mediaUrl?: string; peaksUrl?: string; stripUrl?: string; aidUrls?: Record<string, string> };
export type Chosen = Addresses & { bytes: number };

/** Something the worker did that the server must hear of. Answers, skips, reports and appeals share one road. */
export type Kept = {
  id: string;
  owner: string; // pseudonym: a shared phone never sends one person's answers as another
  kind: "answer" | "skip" | "report" | "appeal"; // an appeal is about a missed known task
  batch: number;
  lease: string;
  body: AnswerBody | { lease: string; active_ms?: number; reason?: string; comment?: string } | { answer: string; words: string };
  keptAtMs: number;
  baseMicro: number;
  currency: string;
  item: Item; // with its media's addresses: a right answer may have to be shown
  mediaUrl?: string;
  parts?: Record<string, Chosen>; // what was chosen of the files of its parts
  config?: Config; // what could be answered
  heldUntilMs?: number; // not sent before: she may still take it back
  state: "waiting" | "accepted" | "repeated" | "refused";
  result?: AnswerResult;
  error?: Refusal;
};

/** A lease in the pack, with the media address that was chosen for this phone, and the labels as they were when it was lent: the
 * requester may change them meanwhile, and then this task still asks what it asked. `pack`: she took it along, so it lasts for hours. */
export type Packed = Lease & {
  owner: string;
  config?: Config;
  mediaUrl?: string;
  peaksUrl?: string;
  stripUrl?: string;
  aidUrls?: Record<string, string>;
  parts?: Record<string, Chosen>;
  pack?: boolean;
};

interface Schema extends DBSchema {
  outbox: { key: string; value: Kept; indexes: { by_owner_state: [string, string] } };
  pack: { key: string; value: Packed; indexes: { by_owner_batch: [string, number] } };
  meta: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;
let opened: Promise<Database> | null = null;

export function db(): Promise<Database> {
  opened ??= openDB<Schema>("ilima", 1, {
    upgrade(fresh) {
      fresh.createObjectStore("outbox", { keyPath: "id" }).createIndex("by_owner_state", ["owner", "state"]);
      fresh.createObjectStore("pack", { keyPath: "lease" }).createIndex("by_owner_batch", ["owner", "batch"]);
      fresh.createObjectStore("meta");
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

export async function getMeta<T>(key: string): Promise<T | undefined> {
  return (await (await db()).get("meta", key)) as T | undefined;
}

export async function setMeta(key: string, value: unknown): Promise<void> {
  await (await db()).put("meta", value, key);
}

/** For the next time. Nothing waits for it: a disk that is full, or that does not answer, keeps nobody from her work. */
export function remember(key: string, value: unknown): void {
  setMeta(key, value).catch((error: unknown) => console.error(error));
}

export async function deleteMeta(key: string): Promise<void> {
  await (await db()).delete("meta", key);
}
