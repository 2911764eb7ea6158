/** A certificate of skill, checked where it is shown: platform/proofs/certificates.py in the browser. Nothing is asked of anybody. */
import { keyIdOf } from "./bytes";
import { isSigned } from "./documents";

export type Certified = {
  v: "certificate-1";
  operator: string;
  holder: string;
  made_on: string;
  formula: string;
  kinds: { task_type: string; medium: string; belt: string; known: number; right: number; decided: number; agreed: number; sure_bps: number }[];
  exams: { title: string; by: string; task_type: string; medium: string; right: number; counted: number; passed_on: string }[];
  key_id: string;
};
export type Verdict = { says: "signed"; body: Certified } | { says: "changed" | "unreadable" | "other_key" };

const MOST_TEXT = 4096;
const MOST_BYTES = 65_536;

/** Of a link, or of what stands behind its `certificate/`. */
export async function checkCertificate(text: string, publicKey: string): Promise<Verdict> {
  let document: { body?: Certified; signature?: unknown };
  try {
    document = JSON.parse(await unpack(text.trim().split("/").at(-1) ?? "")) as typeof document;
  } catch {
    return { says: "unreadable" };
  }
  const { body, signature } = document ?? {};
  if (body?.v !== "certificate-1" || typeof signature !== "string" || !Array.isArray(body.kinds) || !Array.isArray(body.exams)) return { says: "unreadable" };
  if (body.key_id !== keyIdOf(publicKey)) return { says: "other_key" };
  return isSigned(body, signature, publicKey) ? { says: "signed", body } : { says: "changed" };
}

async function unpack(text: string): Promise<string> {
  if (text.length > MOST_TEXT) throw new RangeError("too long");
  const raw = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const read = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let said = "";
  for (let part = await read.read(); !part.done; part = await read.read()) {
    said += decoder.decode(part.value, { stream: true });
    if (said.length > MOST_BYTES) throw new RangeError("too long");
  }
  return said + decoder.decode();
}
