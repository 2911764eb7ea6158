/** Begins to play a sound or a clip; `started` when it does. */
export async function startPlaying(media: HTMLMediaElement, started: () => void = () => undefined): Promise<void> {
  try {
    await media.play();
  } catch (error) {
    // The task was closed, or paused, before it had begun: that is no fault.
    if (error instanceof DOMException && error.name === "AbortError") return;
    throw error;
  }
  started();
}
