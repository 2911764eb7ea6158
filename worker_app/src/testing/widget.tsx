/** A task type's widget as the task screen holds it: a change is drawn at once, Done gives the answer. For tests that tap and ask what the answer is. */
import type { FunctionComponent } from "preact";
import { useState } from "preact/hooks";
import { vi } from "vitest";
import { Further, Unfinished, type ChangeKind, type LoadedMedia, type Question, type TaskType, type WidgetProps } from "@app/app/widget";
import { settled, show } from "./page";

export const NO_MEDIA: LoadedMedia = { kind: null, url: null, widthPx: 0, heightPx: 0, durationMs: 0, peaks: null };

export const labelled = (...ids: string[]) => ids.map((id) => ({ id, name: { en: id } }));

export const asked = (question: Partial<Question>): Question => ({ labels: [], config: {}, language: "en", text: "", widthPx: 0, heightPx: 0, ...question }) as Question;

/** What became of it so far. */
export class Held {
  readonly said: string[] = [];
  readonly hows: ChangeKind[] = [];
  /** The answers that a key or a tap gave by itself. */
  readonly given: unknown[] = [];
  redraw = (_draft: unknown): void => undefined;

  constructor(
    readonly type: TaskType<unknown, unknown>,
    readonly question: Question,
    public draft: unknown,
  ) {}

  /** Done is pressed: the answer, or what is missing. */
  async done(): Promise<unknown> {
    const answer = this.finished(this.draft);
    await settled();
    return answer;
  }

  change(next: unknown, how: ChangeKind = "step"): void {
    this.draft = next;
    this.hows.push(how);
    this.redraw(next);
  }

  finished(draft: unknown): unknown {
    try {
      return this.type.finish(draft, this.question, true);
    } catch (error) {
      if (error instanceof Unfinished) return error.message;
      if (!(error instanceof Further)) throw error;
      return void this.change(error.draft);
    }
  }
}

type More<Draft> = { media?: LoadedMedia; quick?: boolean; draft?: Draft };

export async function hold<Draft, Value>(type: TaskType<Draft, Value>, question: Question, { media = NO_MEDIA, quick = false, draft = type.empty }: More<Draft> = {}): Promise<Held> {
  const known = type as unknown as TaskType<unknown, unknown>;
  const held = new Held(known, question, draft);
  const Widget = known.Widget as FunctionComponent<WidgetProps<unknown>>;
  function Task() {
    const [now, redraw] = useState(held.draft);
    held.redraw = redraw;
    const finish = (given: unknown = held.draft) => {
      const answer = held.finished(given);
      if (answer !== undefined) held.given.push(answer);
    };
    return <Widget question={question} media={media} draft={now} change={(next, how) => held.change(next, how)} announce={(text) => held.said.push(text)} finish={finish} quick={quick} />;
  }
  show(<Task />);
  await settled();
  return held;
}

/** A key, wherever the focus is. */
export async function key(name: string, more: KeyboardEventInit = {}, on: EventTarget = document.body): Promise<void> {
  on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
  await settled();
}

/** A screen of this size that draws nothing, for what is drawn on: where fingers are is what counts. */
export function withCanvas(width: number, height: number): void {
  const pen = new Proxy({}, { get: (_, what) => (what === "measureText" ? () => ({ width: 10 }) : () => undefined), set: () => true });
  HTMLCanvasElement.prototype.getContext = (() => pen) as never;
  HTMLElement.prototype.setPointerCapture = () => undefined;
  HTMLElement.prototype.scrollIntoView = () => undefined;
  for (const [name, value] of [
    ["clientWidth", width],
    ["clientHeight", height],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { value, configurable: true });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(private readonly seen: (entries: unknown[]) => void) {}
      observe = () => this.seen([{ contentRect: { width, height } }]);
      disconnect = () => undefined;
    },
  );
  vi.stubGlobal(
    "Path2D",
    class {
      rect() {}
      moveTo() {}
      lineTo() {}
      closePath() {}
      addPath() {}
      arc() {}
      ellipse() {}
    },
  );
}

/** A finger put down on an element and lifted again where the last of these places is. */
export async function drag(on: Element, ...places: [x: number, y: number][]): Promise<void> {
  const tell = (name: string, [x, y]: [number, number]) => on.dispatchEvent(new PointerEvent(name, { pointerId: 1, isPrimary: true, button: 0, clientX: x, clientY: y, bubbles: true }));
  tell("pointerdown", places[0]!);
  for (const place of places.slice(1)) tell("pointermove", place);
  tell("pointerup", places.at(-1)!);
  await settled();
}
