import { useEffect, useRef, useState } from "preact/hooks";

/** The picture of a clip at a moment, as an address that an image takes; the one before it until it is there. */
export function useFrame(clipUrl: string | null, atMs: number, frameMs: number): string | null {
  const [shown, setShown] = useState<string | null>(null);
  const clip = useRef<HTMLVideoElement | null>(null);
  const wanted = useRef(0);
  useEffect(() => {
    const film = document.createElement("video");
    film.muted = true;
    film.playsInline = true;
    film.preload = "auto";
    film.src = clipUrl ?? "";
    clip.current = film;
    return () => {
      film.removeAttribute("src");
      film.load();
    };
  }, [clipUrl]);
  useEffect(() => {
    wanted.current = atMs;
    let left = false;
    void pictureAt(clip.current!, (atMs + frameMs * MIDDLE) / 1000, () => !left && wanted.current === atMs).then((url) => url && setShown(url));
    return () => {
      left = true;
    };
  }, [clipUrl, atMs]);
  useEffect(() => () => void (shown && URL.revokeObjectURL(shown)), [shown]);
  return shown;
}

const MIDDLE = 0.4; // into the frame: at its very beginning a browser may show the one before

async function pictureAt(film: HTMLVideoElement, second: number, isWanted: () => boolean): Promise<string | null> {
  if (film.readyState < film.HAVE_CURRENT_DATA) await told(film, "loadeddata");
  if (!isWanted()) return null;
  if (Math.abs(film.currentTime - second) > 0.001) {
    film.currentTime = second;
    await told(film, "seeked");
  }
  if (!isWanted()) return null;
  const canvas = document.createElement("canvas");
  canvas.width = film.videoWidth;
  canvas.height = film.videoHeight;
  canvas.getContext("2d", { alpha: false })!.drawImage(film, 0, 0);
  const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  return picture && isWanted() ? URL.createObjectURL(picture) : null;
}

const told = (film: HTMLVideoElement, what: string): Promise<void> => new Promise((done) => film.addEventListener(what, () => done(), { once: true }));
