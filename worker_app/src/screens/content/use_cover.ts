import { useState } from "preact/hooks";
import type { Batch } from "@app/app/types";

/** Whether a task is covered now. She uncovers one, or all until she leaves this work: the next time it is covered again. */
export function useCover({ warnings = [] }: Batch, lease: string | undefined) {
  const [shown, setShown] = useState<string>();
  const [all, setAll] = useState(false);
  const covered = warnings.length > 0 && !all && shown !== lease;
  return { covered, warnings, show: () => setShown(lease), showAll: () => setAll(true) };
}
