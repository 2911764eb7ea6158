import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Playback } from "./playback";

/** A sound of so many seconds, as a browser has it: it plays when it is let, and ends. */
class Sound {
  currentTime = 0;
  paused = true;
  ended = false;
  seeking = false;
  readyState = 4;
  playbackRate = 1;
  refuses: DOMException | null = null;

  constructor(readonly seconds: number) {}

  async play(): Promise<void> {
    if (this.refuses) throw this.refuses;
    this.paused = false;
    this.ended = false;
  }

  pause(): void {
    this.paused = true;
  }

  /** So many seconds go by. */
  run(seconds: number): void {
    this.currentTime = Math.min(this.seconds, this.currentTime + seconds * this.playbackRate);
    this.ended = this.currentTime >= this.seconds;
    this.paused ||= this.ended;
  }
}

let frames: FrameRequestCallback[];
const nextFrame = () => frames.splice(0).forEach((draw) => draw(0));
const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (draw: FrameRequestCallback) => frames.push(draw));
  vi.stubGlobal("cancelAnimationFrame", () => void frames.splice(0));
});
afterEach(() => vi.unstubAllGlobals());

function made(seconds = 10): { sound: Sound; playback: Playback; told: number[] } {
  const told: number[] = [];
  const sound = new Sound(seconds);
  const playback: Playback = new Playback(seconds * 1000, () => told.push(Math.round(playback.atMs)));
  playback.attach(sound as unknown as HTMLMediaElement);
  return { sound, playback, told };
}

async function playing(seconds = 10) {
  const all = made(seconds);
  all.playback.play();
  await settled();
  return all;
}

describe("where a sound is", () => {
  it("is told at every frame while it plays, and not after", async () => {
    const { sound, playback, told } = await playing();
    for (const _ of [1, 2, 3]) {
      sound.run(0.02);
      nextFrame();
    }
    expect(told.slice(-3)).toEqual([20, 40, 60]);
    playback.pause();
    nextFrame();
    expect(frames).toEqual([]);
  });

  it("is where she sent it before the browser has sought, and stays within the sound", () => {
    const { sound, playback } = made();
    sound.seeking = true;
    playback.seek(4000);
    sound.currentTime = 1; // the browser is not there yet
    expect(playback.atMs).toBe(4000);
    sound.seeking = false;
    expect(playback.atMs).toBe(1000);
    playback.seek(99_000);
    expect(sound.currentTime).toBe(10);
    playback.seek(-5);
    expect(sound.currentTime).toBe(0);
  });

  it("can be asked before there is a sound at all", () => {
    const playback = new Playback(1000, () => undefined);
    playback.seek(300);
    playback.play();
    expect([playback.atMs, playback.playing]).toEqual([300, false]);
  });
});

describe("playing", () => {
  it("begins anew at the end, and goes on everywhere else", async () => {
    const { sound, playback } = made();
    playback.seek(9_990);
    playback.play();
    expect(sound.currentTime).toBe(0);
    playback.seek(5_000);
    playback.play();
    expect(sound.currentTime).toBe(5);
  });

  it("is one key: once it plays, the next press pauses", async () => {
    const { sound, playback } = await playing();
    expect(playback.playing).toBe(true);
    playback.toggle();
    expect(sound.paused).toBe(true);
    playback.toggle();
    await settled();
    expect(sound.paused).toBe(false);
  });

  it("tells nobody when the task was closed before it had begun", async () => {
    const { sound, playback, told } = made();
    sound.refuses = new DOMException("interrupted", "AbortError");
    playback.play();
    await settled();
    expect([told, frames]).toEqual([[], []]);
  });

  it("keeps its speed when the sound comes later", () => {
    const { sound, playback } = made();
    playback.attach(null);
    playback.setSpeed(0.5);
    playback.attach(sound as unknown as HTMLMediaElement);
    expect(sound.playbackRate).toBe(0.5);
  });

  it("falls silent when the task is left", async () => {
    const { sound, playback } = await playing();
    playback.stop();
    expect([sound.paused, frames]).toEqual([true, []]);
  });
});

describe("what lies around a moment", () => {
  it("is played again and again until she pauses", async () => {
    const { sound, playback } = made();
    playback.playAround(3000, 500);
    await settled();
    expect(sound.currentTime).toBe(2.5);
    sound.run(1.01);
    nextFrame();
    expect(sound.currentTime).toBe(2.5);
    playback.pause();
    expect(playback.loop).toBeNull();
  });

  it("goes round at the end of the sound too, where the browser stops by itself", async () => {
    const { sound, playback } = made();
    playback.playAround(9_900, 500);
    await settled();
    expect(playback.loop).toEqual({ fromMs: 9400, toMs: 10_000 });
    sound.run(1);
    expect(sound.ended).toBe(true);
    nextFrame();
    await settled();
    expect([sound.currentTime, sound.paused]).toEqual([9.4, false]);
    expect(frames.length).toBeGreaterThan(0);
  });

  it("begins with the sound, not before it", () => {
    const { playback } = made();
    playback.playAround(100, 500);
    expect(playback.loop).toEqual({ fromMs: 0, toMs: 600 });
  });
});
