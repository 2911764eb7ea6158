/** Instructions as a sound that came with them: from the phone's cache where she took it along. */
import { fetchToCache } from "@app/prefetch/media";
import type { Batch } from "./types";

export type Sound = NonNullable<Batch["spoken"]>;

let playing: HTMLAudioElement | null = null;
let asked = 0; // of what she asked to hear only the last is played, and nothing that she stopped while it was fetched

/** Throws where it can neither be found here nor fetched. done: at its end, or where it breaks off. */
export async function play(sound: Sound, done: () => void): Promise<void> {
  silence();
  const mine = asked;
  const heard = await fetched(sound).catch((error: unknown) => {
    if (mine === asked) throw error;
  });
  if (!heard || mine !== asked) return;
  const url = URL.createObjectURL(heard);
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

const fetched = async (sound: Sound): Promise<Blob> => (await fetchToCache(sound.url)).blob();

export function silence(): void {
  asked++;
  playing?.pause();
  playing = null;
}
