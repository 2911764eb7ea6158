import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { startPlaying } from "@app/screens/parts/playing";

/** A stretch that is played again and again. */
type Loop = { fromMs: number; toMs: number };

/** The place in a sound or film, told at every frame of the screen while it plays. A browser tells it four times a second only. */
export class Playback {
  element: HTMLMediaElement | null = null;
  loop: Loop | null = null;
  speed = 1;
  private wantedMs = 0;
  private frame = 0;

  constructor(
    private readonly durationMs: number,
    private readonly tell: () => void,
  ) {}

  /** Where it is; before the browser has sought, where it was told to. */
  get atMs(): number {
    const { element } = this;
    if (!element || element.seeking || element.readyState === 0) return this.wantedMs;
    return Math.min(this.durationMs, element.currentTime * 1000);
  }

  get playing(): boolean {
    return Boolean(this.element && !this.element.paused && !this.element.ended);
  }

  attach = (element: HTMLMediaElement | null): void => {
    this.element = element;
    if (element) element.playbackRate = this.speed;
  };

  seek(ms: number): void {
    this.wantedMs = Math.min(this.durationMs, Math.max(0, ms));
    if (this.element) this.element.currentTime = this.wantedMs / 1000;
    this.tell();
  }

  /** Stands still there, to look closely. */
  stopAt(ms: number): void {
    this.pause();
    this.seek(ms);
  }

  play(): void {
    const { element } = this;
    if (!element) return;
    if (element.ended || this.atMs >= this.durationMs - 20) this.seek(0);
    void startPlaying(element, this.follow);
  }

  pause(): void {
    this.element?.pause();
    this.loop = null;
    this.tell();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Plays what lies around a moment until she pauses. */
  playAround(ms: number, byMs: number): void {
    this.loop = { fromMs: Math.max(0, ms - byMs), toMs: Math.min(this.durationMs, ms + byMs) };
    this.seek(this.loop.fromMs);
    this.play();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.element) this.element.playbackRate = speed;
    this.tell();
  }

  readonly follow = (): void => {
    cancelAnimationFrame(this.frame);
    const { loop } = this;
    if (loop && (this.atMs >= loop.toMs || this.element?.ended)) this.again(loop);
    if (this.playing) this.wantedMs = this.atMs;
    this.tell();
    if (this.playing) this.frame = requestAnimationFrame(this.follow);
  };

  private again({ fromMs }: Loop): void {
    const { element } = this;
    this.seek(fromMs);
    if (element?.ended) void startPlaying(element, this.follow);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.element?.pause();
  }
}

/** told: at every step of the way, before the screen is drawn. */
export function usePlayback(durationMs: number, told: (atMs: number) => void): Playback {
  const [, redraw] = useState({});
  const latest = useRef(told);
  latest.current = told;
  const playback = useMemo(() => {
    const made: Playback = new Playback(durationMs, () => {
      latest.current(made.atMs);
      redraw({});
    });
    return made;
  }, [durationMs]);
  useEffect(() => () => playback.stop(), [playback]);
  return playback;
}
