import { owner } from "@app/app/session";
import { loadOffer } from "@app/app/offers";
import type { Batch } from "@app/app/types";
import { pick } from "@app/i18n";
import { getMeta, setMeta } from "@app/outbox/db";
import { firstWords, read } from "../parts/markdown";

/** What is to be read before the first task, or null: she has read it as it stands, there is nothing to read, or no network to fetch it. */
export async function lessonOf(offer: Batch): Promise<Batch | null> {
  const batch = offer.instructions ? offer : await loadOffer(offer).catch(toldByTheTask);
  if (!batch || !pick(batch.instructions)) return null;
  return (await getMeta(keyOf(batch))) === versionOf(batch) ? null : batch;
}

export const markRead = (batch: Batch): Promise<void> => setMeta(keyOf(batch), versionOf(batch));

const keyOf = (batch: Batch): string => `read:${owner()}:${batch.project}`;

/** Changes with the instructions, the examples and the settings (labels among them), whoever changed them and when (FNV-1a). */
export function versionOf({ instructions, examples, config }: Batch): string {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify([instructions, examples ?? [], config ?? {}])) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(16);
}

/** The rule of the task in a sentence: the first one that the instructions say. */
export function ruleOf(batch: Batch): string {
  const plain = firstWords(read(pick(batch.instructions)));
  if (!plain) return batch.title;
  return /^.*?[.!?。؟](?=\s|$)/.exec(plain)?.[0] ?? plain;
}

/** Without network the task itself says so, or goes on with what the phone has. */
function toldByTheTask(error: unknown): null {
  console.info("the instructions are not to be had now", error);
  return null;
}
