import type { FunctionComponent } from "preact";
import { addParts, type Sentence } from "@app/i18n";
import type { TileSource } from "@app/prefetch/tiles";
import type { Config, LabelDef, Part } from "./types";
import type { Drawing } from "./drawing";

/** What is asked about one item, as the task types know it (labelling/task_types/<type>/answer.py has the same). */
export type Question = {
  labels: LabelDef[];
  /** The project's settings, all of them: each type knows its own. */
  config: Config;
  language: string;
  text: string;
  widthPx: number;
  heightPx: number;
  /** Of an item of several parts, in the order that this loan shows them in; their media stand in `media.parts`. */
  parts?: QuestionPart[];
  /** Of those the one that is asked about, where it is one. */
  about?: string;
  /** The leases of those that are shown together, where several are: the question is that of each of them. */
  together?: string[];
};

export type QuestionPart = Omit<Part, "media">;

/** Media on this phone: `url` is a blob, so it works without network. */
export type LoadedMedia = {
  kind: "image" | "audio" | "video" | null;
  url: string | null;
  widthPx: number;
  heightPx: number;
  durationMs: number;
  peaks: number[] | null;
  activity?: [startMs: number, endMs: number][]; // where something is heard in it
  frames?: number; // of a clip, in all
  strip?: { url: string; stepMs: number; count: number }; // of a clip: a picture each step, side by side
  tiles?: TileSource; // what `url` is too small to show
  aids?: Record<string, Blob>; // files that its type of answer made to help (TaskType.aids), by name
  widestUrl?: string; // where a larger picture than `url` lies, not on this phone
  parts?: Record<string, LoadedMedia>; // by the id of its part
};

export type ChangeKind = "step" | "typing" | "silent";

export type WidgetProps<Draft> = {
  question: Question;
  media: LoadedMedia;
  draft: Draft;
  /** A "step" is what undo takes back; "typing" close together is one step; "silent" is none. */
  change(next: Draft, how?: ChangeKind): void;
  /** Said to who does not see it, and, when `show`n, to everybody. */
  announce(text: string, show?: boolean): void;
  /** Done; `given` when the draft that is meant is newer than the one shown. */
  finish(given?: Draft): void;
  /** A tap on an answer is the answer. */
  quick: boolean;
};

/** Thrown by finish(): the answer is not complete; says the message key of what is missing. */
export class Unfinished extends Error {}

/** Thrown by finish(): complete, but worth a second look; says the message key of the question to ask. */
export class Doubtful extends Error {}

/** Thrown by finish(): what is on the screen is complete, and the key means to go on with this draft, which is not the end yet. */
export class Further extends Error {
  constructor(readonly draft: unknown) {
    super();
  }
}

/** Everything the phone knows about one answer shape; each labelling/task_types/<type>/phone/widget.tsx exports one as default. */
export type TaskType<Draft, Value> = {
  empty: Draft;
  /** A tap on an answer can be the answer, if she wants it so. */
  oneTap?: boolean;
  /** The widest picture that is of use to her; what is drawn on is zoomed into, so without this it is as wide as there is. */
  pictureWidth?: number;
  /** A computer's guess: shown before, to start from, where it saves much work; or after her own answer, which it must not lead. */
  guess: "before" | "after";
  start(suggested: Value): Draft;
  /** Checks and gives the answer's value; throws Unfinished or, unless `sure`, Doubtful. */
  finish(draft: Draft, question: Question, sure: boolean): Value;
  /** The Done key's message key, when it depends on the draft; with what the message names, if it names something. Null: no such key. */
  doneKey?(draft: Draft, question: Question): Sentence | null;
  /** Files of its own that it cannot do without, a map for one: they come with it. */
  ready?(): Promise<unknown>;
  /** The task types that it is made of, by the project's settings: they come with it. */
  within?(config: unknown): string[];
  /** A value to look at: a suggestion, the right answer of a known task, history (screens/parts/Answer.tsx draws it). */
  show(value: Value, question: Question): Drawing;
  together?: Together<unknown, Value>;
  Widget: FunctionComponent<WidgetProps<Draft>>;
};

/** One of several tasks on one screen. */
export type Cell = { lease: string; question: Question; media: LoadedMedia };

export type TogetherProps<Draft> = Pick<WidgetProps<Draft>, "question" | "draft" | "change" | "announce"> & {
  cells: Cell[];
  /** What all of them pay, in words. */
  worth: string;
  /** One of them is left as it is: nothing is answered, and it costs nothing. */
  leave(lease: string, as: "skip" | "report"): void;
};

/** Several tasks on one screen, where a project wants that: one draft for all of them, and an answer each. */
export type Together<Draft, Value> = Pick<TaskType<Draft, Record<string, Value>>, "empty" | "finish" | "doneKey"> & {
  /** How many at once; 1: the project wants them one by one. */
  most(config: Config | undefined): number;
  pictureWidth: number;
  Widget: FunctionComponent<TogetherProps<Draft>>;
};

/** All of it that needs no screen: each labelling/task_types/<type>/phone/answer.ts. */
export type AnswerRules<Draft, Value> = Omit<TaskType<Draft, Value>, "Widget" | "ready" | "together">;

type Loader = () => Promise<{ default: TaskType<unknown, unknown> }>;
const loaders = import.meta.glob("../../../labelling/task_types/*/phone/widget.tsx") as Record<string, Loader>;
const pathOf = (name: string): string => `../../../labelling/task_types/${name}/phone/widget.tsx`;

const loaded = new Map<string, TaskType<unknown, unknown>>();

/** The code of a task type and its words in her language, fetched when they are first needed; with it those that it is made of. */
export async function loadTaskType(name: string, config?: unknown): Promise<TaskType<unknown, unknown> | null> {
  if (!knowsTaskType(name)) return null;
  const [{ default: type }] = await Promise.all([loaders[pathOf(name)]!(), addParts([name])]);
  const within = config ? (type.within?.(config) ?? []) : [];
  await Promise.all([type.ready?.(), ...within.map((inner) => loadTaskType(inner))]);
  loaded.set(name, type);
  return type;
}

/** One that was loaded before. */
export const loadedTaskType = (name: string): TaskType<unknown, unknown> | undefined => loaded.get(name);

export const knowsTaskType = (name: string): boolean => pathOf(name) in loaders;
