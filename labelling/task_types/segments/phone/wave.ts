/** What is drawn of a sound: a window on a line of time, in CSS pixels. Nothing here knows a browser but the pen that it is given. */

export type Window = { fromMs: number; toMs: number; width: number; height: number };
export type Band = { startMs: number; endMs: number; colour: string; name: string; chosen: boolean };
export type Colours = { paper: string; wave: string; heard: string; line: string; ink: string };
type Pen = CanvasRenderingContext2D;

export const SCREEN_MS = 8_000; // a screen of the wave (docs: one screen is eight seconds, so that a syllable is as wide as a finger)
export const AROUND_MS = 500; // what the magnified strip shows on either side of an end
const BAR = 3;

/** The window of so many milliseconds whose middle is now. */
export const windowAt = (atMs: number, spanMs: number, width: number, height: number): Window => ({ fromMs: atMs - spanMs / 2, toMs: atMs + spanMs / 2, width, height });

export const xOf = ({ fromMs, toMs, width }: Window, ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * width;
export const msOf = ({ fromMs, toMs, width }: Window, x: number): number => fromMs + (x / width) * (toMs - fromMs);

/** The loudest of each bar that is to be seen; bars stand still on the sound while the window moves over it. */
export function barsIn(peaks: readonly number[], durationMs: number, view: Window): { x: number; loud: number }[] {
  const barMs = ((view.toMs - view.fromMs) / view.width) * BAR;
  const each = durationMs / Math.max(1, peaks.length);
  const bars: { x: number; loud: number }[] = [];
  for (let k = Math.max(0, Math.floor(view.fromMs / barMs)); k * barMs < Math.min(view.toMs, durationMs); k++) {
    const [first, last] = [Math.floor((k * barMs) / each), Math.max(Math.ceil(((k + 1) * barMs) / each), Math.floor((k * barMs) / each) + 1)];
    let loud = 0;
    for (let n = first; n < Math.min(last, peaks.length); n++) loud = Math.max(loud, peaks[n]!);
    bars.push({ x: xOf(view, k * barMs), loud });
  }
  return bars;
}

export function paintWave(pen: Pen, view: Window, peaks: readonly number[], durationMs: number, colours: Colours): void {
  const { width, height } = view;
  pen.fillStyle = colours.paper;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = colours.line; // before its beginning and after its end there is nothing to hear
  const [left, right] = [Math.max(0, xOf(view, 0)), Math.min(width, xOf(view, durationMs))];
  if (left > 0) pen.fillRect(0, 0, left, height);
  if (right < width) pen.fillRect(right, 0, width - right, height);
  pen.fillStyle = colours.wave;
  for (const { x, loud } of barsIn(peaks, durationMs, view)) {
    const tall = Math.max(2, loud * (height - 34));
    pen.fillRect(x, (height - tall) / 2, BAR - 1, tall);
  }
}

/** The pictures of a clip, each over the time until the next; what is too wide for its time is cut at its sides. */
export function paintStrip(pen: Pen, view: Window, strip: HTMLImageElement, { stepMs, count }: { stepMs: number; count: number }, tall: number): void {
  const wide = strip.naturalWidth / count;
  const across = (stepMs / (view.toMs - view.fromMs)) * view.width; // of a step, on the screen
  const each = (strip.naturalHeight / tall) * across; // of a picture, that fills it
  for (let k = Math.max(0, Math.floor(view.fromMs / stepMs)); k < count && k * stepMs < view.toMs; k++) {
    const [cut, from] = each < wide ? [each, (wide - each) / 2] : [wide, 0];
    pen.drawImage(strip, k * wide + from, 0, cut, strip.naturalHeight, xOf(view, k * stepMs), 0, Math.min(across, (cut / strip.naturalHeight) * tall) + 0.5, tall);
  }
}

/** Segments as bands over the wave, with their names; where they lie over each other each has a line of its own at the foot. */
export function paintBands(pen: Pen, view: Window, bands: readonly Band[], colours: Colours): void {
  const rows: number[] = []; // where the last band of each line ends
  for (const band of bands) {
    let row = rows.findIndex((end) => end <= band.startMs);
    if (row < 0) row = rows.length;
    rows[row] = band.endMs;
    if (band.endMs > view.fromMs && band.startMs < view.toMs) paintBand(pen, view, band, row % 3, colours);
  }
}

function paintBand(pen: Pen, view: Window, band: Band, row: number, colours: Colours): void {
  const { height } = view;
  const [x, end] = [xOf(view, band.startMs), xOf(view, band.endMs)];
  pen.globalAlpha = band.chosen ? 0.38 : 0.22;
  pen.fillStyle = band.colour;
  pen.fillRect(x, 0, end - x, height);
  pen.globalAlpha = 1;
  pen.fillRect(x, height - 6 - row * 7, end - x, 6);
  pen.fillStyle = colours.ink;
  for (const at of [x, end]) pen.fillRect(at - 0.75, 0, 1.5, height);
  if (height < 60) return;
  pen.font = "600 12px system-ui, sans-serif";
  pen.textAlign = "left";
  pen.save();
  pen.beginPath();
  pen.rect(Math.max(x, 0), 0, end - Math.max(x, 0), height);
  pen.clip();
  pen.fillText(band.name, Math.max(x, 0) + 4, 14 + row * 14);
  pen.restore();
}

/** Where something is heard, as a thin line on top: an offer, not an answer. */
export function paintOffers(pen: Pen, view: Window, offers: readonly (readonly [number, number])[], colours: Colours): void {
  pen.fillStyle = colours.heard;
  for (const [start, end] of offers) if (end > view.fromMs && start < view.toMs) pen.fillRect(xOf(view, start), 0, xOf(view, end) - xOf(view, start), 4);
}

/** Two knobs that a thumb finds, 48 px high, at the ends of the chosen one. */
export function paintHandles(pen: Pen, view: Window, band: Band, colours: Colours): void {
  for (const ms of [band.startMs, band.endMs]) {
    const x = xOf(view, ms);
    pen.fillStyle = colours.ink;
    pen.fillRect(x - 1.5, 0, 3, view.height);
    pen.beginPath();
    pen.roundRect(x - 9, view.height / 2 - 24, 18, 48, 9);
    pen.fill();
    pen.fillStyle = colours.paper;
    for (const by of [-3, 1.5]) pen.fillRect(x + by, view.height / 2 - 9, 1.5, 18);
  }
}

export function paintPlayhead(pen: Pen, view: Window, atMs: number, colours: Colours): void {
  const x = xOf(view, atMs);
  pen.fillStyle = colours.paper;
  pen.fillRect(x - 2.5, 0, 5, view.height);
  pen.fillStyle = colours.heard;
  pen.fillRect(x - 1.5, 0, 3, view.height);
}
