import { expect, it, vi } from "vitest";
import { startPlaying } from "./playing";

const sound = (play: () => Promise<void>) => ({ play }) as HTMLMediaElement;

it("tells when it plays", async () => {
  const started = vi.fn();
  await startPlaying(
    sound(() => Promise.resolve()),
    started,
  );
  expect(started).toHaveBeenCalledOnce();
});

it("takes it for no fault that the task was closed before it had begun, and does not say that it plays", async () => {
  const started = vi.fn();
  await startPlaying(
    sound(() => Promise.reject(new DOMException("interrupted by pause()", "AbortError"))),
    started,
  );
  expect(started).not.toHaveBeenCalled();
});

it("hides no other fault", async () => {
  const refused = new DOMException("no such form of sound", "NotSupportedError");
  await expect(startPlaying(sound(() => Promise.reject(refused)))).rejects.toBe(refused);
});
