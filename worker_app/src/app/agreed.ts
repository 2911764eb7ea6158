import { getMeta, setMeta } from "@app/outbox/db";

const keyOf = (owner: string, project: number): string => `content:${owner}:${project}`;

/** What of a project's warnings she has read and wants to see, as she said it on this phone. */
export const agreedTo = async (owner: string, project: number): Promise<string[]> => (await getMeta<string[]>(keyOf(owner, project))) ?? [];

export const agreeTo = (owner: string, project: number, warnings: string[]): Promise<void> => setMeta(keyOf(owner, project), warnings);
