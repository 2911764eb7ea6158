/** Clocks of cheap phones are often wrong: leases end on the server's clock, seen in each reply's Date header. */
let offsetMs = 0;

export function sawServerClock(date: string | null, nowMs = Date.now()): void {
  const serverMs = date ? Date.parse(date) : Number.NaN;
  if (!Number.isNaN(serverMs)) offsetMs = serverMs - nowMs;
}

export const serverNowMs = (nowMs = Date.now()): number => nowMs + offsetMs;

const IDLE_MS = 60_000;

/** Active time on a task: the page is visible and something was touched, typed or heard within the last minute. */
export class ActiveClock {
  private activeMs = 0;
  private lastMs: number;

  constructor(private now: () => number = () => performance.now()) {
    this.lastMs = this.now();
  }

  /** Call on each sign of life; a longer pause counts as one idle limit at most. */
  beat(): void {
    const now = this.now();
    this.activeMs += Math.min(now - this.lastMs, IDLE_MS);
    this.lastMs = now;
  }

  /** The page was hidden until now: that time does not count. */
  resume(): void {
    this.lastMs = this.now();
  }

  readMs(): number {
    this.beat();
    return Math.round(this.activeMs);
  }
}
