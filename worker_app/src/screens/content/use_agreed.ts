import { useEffect, useState } from "preact/hooks";
import { agreedTo, agreeTo } from "@app/app/agreed";
import { owner } from "@app/app/session";
import type { Batch } from "@app/app/types";

const NOTHING: string[] = [];

/**
 * Whether she has agreed to all that an offer warns of, on this phone or, as the offer in full tells, on another of hers; undefined while
 * the phone is asked. What it warns of anew is asked anew.
 */
export function useAgreed({ project, warnings = [], agreed: kept = NOTHING }: Batch): { agreed: boolean | undefined; agree(): Promise<void> } {
  const [said, setSaid] = useState<string[]>();
  const keep = async (all: string[]) => {
    await agreeTo(owner(), project, all);
    setSaid(all);
  };
  useEffect(() => {
    void agreedTo(owner(), project).then((here) => {
      const all = [...new Set([...here, ...kept])];
      return all.length > here.length ? keep(all) : setSaid(here);
    });
  }, [project, String(kept)]);
  return { agreed: warnings.length === 0 || (said && warnings.every((one) => said.includes(one))), agree: () => keep([...warnings]) };
}
