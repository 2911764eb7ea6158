/** Instructions as a sound that came with them: from the phone's cache where she took it along. */
import { fetchToCache } from "@app/prefetch/media";
import type { Batch } from "./types";

export type Sound = NonNullable<Batch["spoken"]>;

let playing: HTMLAudioElement | null = null;

/** Throws where it can neither be found here nor fetched. done: at its end, or where it breaks off. */
export async function play(sound: Sound, done: () => void): Promise<void> {
  silence();
  const url = URL.createObjectURL(await (await fetchToCache(sound.url)).blob());
  const player = new Audio(url);
  const over = () => {
    URL.revokeObjectURL(url);
    if (playing === player) playing = null;
    done();
  };
  player.onended = over;
  player.onerror = over;
  playing = player;
  await player.play();
}

export function silence(): void {
  playing?.pause();
  playing = null;
}
