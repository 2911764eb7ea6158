import { labelShown } from "@app/app/looks";
import { Doubtful, Unfinished, type AnswerRules } from "@app/app/widget";
import { t } from "@app/i18n";
import { clock, NOTHING, thinned, type Draft, type Track } from "./tool";

type Value = { tracks: Track[] };
const MOST = 100;
const MAX_KEYS = 400; // of one track

export const answer: AnswerRules<Draft, Value> = {
  empty: NOTHING,
  guess: "before",
  start: ({ tracks }) => ({ ...NOTHING, tracks: tracks.map(({ label, keys }) => ({ label, keys: [...keys] })) }),
  finish(draft, _question, sure) {
    if (draft.points.length) throw new Unfinished("tracks.points_left");
    if (draft.tracks.length > MOST) throw new Unfinished("tracks.too_many");
    const tracks = draft.tracks.map(({ label, keys }) => ({ label, keys: thinned(keys) }));
    if (tracks.some(({ keys }) => keys.length > MAX_KEYS)) throw new Unfinished("tracks.too_many_keys");
    if (!tracks.length && !draft.looked && !sure) throw new Doubtful("tracks.sure_nothing");
    if (draft.active >= 0 && !sure) throw new Doubtful("tracks.sure_gone");
    return { tracks };
  },
  doneKey: ({ tracks, points }) => (tracks.length || points.length ? "task.done" : "task.nothing"),
  show({ tracks }, question) {
    const shapes = tracks.map(({ label, keys }) => ({ kind: "range" as const, label: labelShown(question, label), startMs: keys[0]![0], endMs: keys.at(-1)![0] }));
    const words = shapes.map(({ label, startMs, endMs }) => t("tracks.told", { label: label.name, start: clock(startMs), end: clock(endMs) }));
    return { words: words.join(", ") || t("task.nothing"), shapes };
  },
};
