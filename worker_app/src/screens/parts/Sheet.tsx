import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { useModal } from "./modal";

type Props = { title: string; onClose(): void; children: ComponentChildren; testid?: string; unasked?: boolean };
const NOT_MEANT_MS = 600;

/**
 * A question or a message over the screen: a native modal dialog, so focus and Escape are right everywhere.
 * unasked: it came by itself, perhaps under a finger on its way to the task; taps of the first moment are not meant for it.
 */
export function Sheet({ title, onClose, children, testid, unasked }: Props) {
  const dialog = useModal(onClose);
  const id = useId();
  const [asleep, setAsleep] = useState(unasked === true);
  useEffect(() => {
    if (!asleep) return dialog.current?.querySelector("h2")?.focus();
    const timer = setTimeout(() => setAsleep(false), NOT_MEANT_MS);
    return () => clearTimeout(timer);
  }, [asleep]);
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby={id} data-testid={testid} onClick={(event) => !asleep && event.target === dialog.current && onClose()}>
      <div class="inside stack" inert={asleep}>
        {/* focus begins at the title, so that a long sheet is read from its top */}
        <h2 id={id} tabIndex={-1} autofocus>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
