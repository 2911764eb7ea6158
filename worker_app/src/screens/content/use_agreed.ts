import { useEffect, useState } from "preact/hooks";
import { agreedTo, agreeTo } from "@app/app/agreed";
import { owner } from "@app/app/session";
import type { Batch } from "@app/app/types";

/** Whether she has agreed to all that an offer warns of; undefined while the phone is asked. What it warns of anew is asked anew. */
export function useAgreed({ project, warnings = [] }: Batch): { agreed: boolean | undefined; agree(): Promise<void> } {
  const [said, setSaid] = useState<string[]>();
  useEffect(() => void agreedTo(owner(), project).then(setSaid), [project]);
  const agree = async () => {
    await agreeTo(owner(), project, warnings);
    setSaid([...warnings]);
  };
  return { agreed: warnings.length === 0 || (said && warnings.every((one) => said.includes(one))), agree };
}
