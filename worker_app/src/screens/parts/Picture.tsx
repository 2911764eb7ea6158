import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Size } from "@app/geometry/box";
import { t } from "@app/i18n";
import type { TileSource } from "@app/prefetch/tiles";
import { Enlarged, type Detail } from "./Enlarged";
import { Icon } from "./Icon";

type Props = { size: Size; label: string; detail?: Detail; children: ComponentChildren };

/** Whole, however small the screen; a tap or two fingers enlarge it. `children`: an img or svg that fits any box. */
export function Picture({ size, label, detail, children }: Props) {
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
        <Enlarged size={size} label={label} detail={detail} close={() => setOpen(false)}>
          {children}
        </Enlarged>
      )}
    </>
  );
}

type PhotoProps = { url: string; widthPx: number; heightPx: number; tiles?: TileSource; label?: string };

/** A photo by its address. What the server did not say of its size, the picture itself does. */
export function Photo({ url, widthPx, heightPx, tiles, label = t("task.picture") }: PhotoProps) {
  const [natural, setNatural] = useState<Size>({ width: widthPx, height: heightPx });
  const [shownPx, setShownPx] = useState(0);
  const learn = (event: { currentTarget: HTMLImageElement }) => {
    const { naturalWidth, naturalHeight } = event.currentTarget;
    setShownPx(naturalWidth);
    if (!widthPx || !heightPx) setNatural({ width: naturalWidth, height: naturalHeight });
  };
  return (
    <Picture size={natural} label={label} detail={tiles && { tiles, shownPx }}>
      <img src={url} alt={label} draggable={false} onLoad={learn} />
    </Picture>
  );
}
