import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

type Props = { title: string; onClose(): void; children: ComponentChildren; testid?: string };

/** A question or a message over the screen: a native modal dialog, so focus and Escape are right everywhere. */
export function Sheet({ title, onClose, children, testid }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
    const shown = dialog.current;
    return () => shown?.close();
  }, []);
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby={id} data-testid={testid} onCancel={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <div class="inside stack">
        {/* focus begins at the title, so that a long sheet is read from its top */}
        <h2 id={id} tabIndex={-1} autofocus>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
