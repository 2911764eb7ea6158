import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Size } from "@app/geometry/box";
import { t } from "@app/i18n";
import { Enlarged } from "./Enlarged";
import { Icon } from "./Icon";

type Props = { size: Size; label: string; children: ComponentChildren };

/** Whole, however small the screen; a tap or two fingers enlarge it. `children`: an img or svg that fits any box. */
export function Picture({ size, label, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="picture"
        aria-label={t("picture.enlarge", { what: label })}
        onClick={() => setOpen(true)}
        onTouchStart={(event) => event.touches.length > 1 && setOpen(true)}
        data-testid="picture"
      >
        {children}
        <span class="enlarge">
          <Icon name="size" />
        </span>
      </button>
      {open && (
        <Enlarged size={size} label={label} close={() => setOpen(false)}>
          {children}
        </Enlarged>
      )}
    </>
  );
}

/** A photo by its address. What the server did not say of its size, the picture itself does. */
export function Photo({ url, widthPx, heightPx }: { url: string; widthPx: number; heightPx: number }) {
  const [natural, setNatural] = useState<Size>({ width: widthPx, height: heightPx });
  const learn = (event: { currentTarget: HTMLImageElement }) => {
    const { naturalWidth, naturalHeight } = event.currentTarget;
    if (!widthPx || !heightPx) setNatural({ width: naturalWidth, height: naturalHeight });
  };
  return (
    <Picture size={natural} label={t("task.picture")}>
      <img src={url} alt={t("task.picture")} draggable={false} onLoad={learn} />
    </Picture>
  );
}
