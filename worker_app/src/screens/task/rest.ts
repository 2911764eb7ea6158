/** Minutes at work without a real pause. Pure. */
export type Stretch = { startMs: number; lastMs: number; nudgedMs: number };

const PAUSE_MS = 10 * 60_000;
const NUDGE_MS = 45 * 60_000;
/** Of what may disturb: a shorter stretch, and a pause of anything else counts as one. */
export const COVERED_NUDGE_MS = 20 * 60_000;

/** After each task: whether it is time to say "rest a little", and the stretch to remember. */
export function afterTask(stretch: Stretch | undefined, nowMs: number, nudgeMs = NUDGE_MS): { stretch: Stretch; nudge: boolean } {
  if (!stretch || nowMs - stretch.lastMs > PAUSE_MS) return { stretch: { startMs: nowMs, lastMs: nowMs, nudgedMs: nowMs }, nudge: false };
  const nudge = nowMs - stretch.nudgedMs >= nudgeMs;
  return { stretch: { ...stretch, lastMs: nowMs, nudgedMs: nudge ? nowMs : stretch.nudgedMs }, nudge };
}
