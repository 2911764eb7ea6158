/**
 * Clocks of cheap phones are often wrong: leases end on the server's clock, seen in each reply's Date header. What was seen last is
 * kept on the disk, so that an offline start goes by it, too.
 */
export type Seen = { serverMs: number; phoneMs: number };
const KEEP_EVERY_MS = 60_000;
const KEEP_WHEN_OFF_BY_MS = 2_000;

let seen: Seen | null = null;
let kept: Seen | null = null;
let keepOnDisk: (seen: Seen) => void = () => undefined;

/** Where the page writes down what it saw. */
export function keepServerClockWith(write: (seen: Seen) => void): void {
  keepOnDisk = write;
}

/** What an earlier visit saw; what this one has seen already is newer. */
export function recallServerClock(earlier: Seen | undefined): void {
  seen ??= earlier ?? null;
}

export function sawServerClock(date: string | null, nowMs = Date.now()): void {
  const serverMs = date ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(serverMs)) return;
  seen = { serverMs, phoneMs: nowMs };
  const drift = kept ? Math.abs(serverMs - kept.serverMs - (nowMs - kept.phoneMs)) : Infinity;
  if (kept && drift < KEEP_WHEN_OFF_BY_MS && serverMs - kept.serverMs < KEEP_EVERY_MS) return;
  kept = seen;
  keepOnDisk(seen);
}

/** Never before the moment that the server told last: a phone that lost its clock starts years ago. */
export function serverNowMs(nowMs = Date.now()): number {
  return seen ? Math.max(seen.serverMs, seen.serverMs + nowMs - seen.phoneMs) : nowMs;
}

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
