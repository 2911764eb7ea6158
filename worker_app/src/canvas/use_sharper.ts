import { useEffect, useMemo, useRef } from "preact/hooks";
import type { LoadedMedia } from "@app/app/widget";
import { Sharper } from "./sharper";

/** The tiles of a picture that is larger than its copy on this phone, for as long as it is shown. */
export function useSharper(media: Pick<LoadedMedia, "tiles" | "widthPx" | "heightPx">, repaint: () => void): Sharper | null {
  const latest = useRef(repaint);
  latest.current = repaint;
  const { tiles, widthPx, heightPx } = media;
  const sharper = useMemo(() => (tiles ? new Sharper(tiles, { width: widthPx, height: heightPx }, () => latest.current()) : null), [tiles]);
  useEffect(() => () => sharper?.close(), [sharper]);
  return sharper;
}
