import { useEffect, useState } from "preact/hooks";
import type { LoadedMedia } from "@app/app/widget";
import { fetchToCache } from "@app/prefetch/media";

/** The address of a picture as large as there is one: at first that which is on this phone, and that alone without a network. */
export function useWidest({ url, widestUrl }: LoadedMedia): string | null {
  const [wide, setWide] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    const show = (blob: Blob) => !gone && setWide((made = URL.createObjectURL(blob)));
    if (widestUrl)
      fetchToCache(widestUrl)
        .then((response) => response.blob())
        .then(show)
        .catch((error: unknown) => console.info("no larger picture now", error));
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
      setWide(null);
    };
  }, [widestUrl]);
  return wide ?? url;
}
