/** What the API says (docs/architecture.md, "REST"). Money: integer micro-units; times: ISO 8601. */

export type LabelDef = { id: string; name: Record<string, string>; colour?: string };
export type Config = { labels?: LabelDef[]; language?: string; kind?: string };

/** A task that was done well, to learn from: its text or picture, the answer, and why. */
export type Example = {
  text?: string;
  picture?: { url: string; width_px: number; height_px: number };
  value: unknown;
  why: Record<string, string>;
};

export type Batch = {
  batch: number;
  project: number;
  title: string;
  task_type: string;
  medium: string;
  language: string;
  instructions?: Record<string, string>; // these two come with the offer in full, not with the list
  config?: Config;
  examples?: Example[];
  question?: number; // the version of the question that the two tell
  tag?: string; // of the offer in full, as the server gave it
  base_micro: number;
  bonus_micro: number;
  currency: string;
  task_s: number;
  wage_micro_per_hour: number;
  open_items: number;
  bytes_per_task: number;
  offer_hash: string;
  lease_s?: number; // a task is hers so long, and
  pack_s?: number; // taken along, so long (0: not to be taken), and
  late_s?: number; // what she did in that time is paid when it is sent this much later
};

export type Variant = { url: string; bytes: number; width?: number; height?: number };
export type Media = {
  kind: "image" | "audio" | "video";
  width_px?: number;
  height_px?: number;
  duration_ms?: number;
  variants: Record<string, Variant>;
};
export type Item = { id: number; text?: string; media?: Media };
export type Suggestion = { value: unknown; confidence_ppm: number; model_version: string | number };
export type Lease = {
  lease: string;
  batch: number;
  project: number;
  item: Item;
  suggestion?: Suggestion | null;
  question?: number | null; // the version that is asked: its labels are what can be answered
  expires_at: string;
  paid_until?: string;
};

export type Receipt = { body: Record<string, unknown>; signature: string; key_id?: string };
/** teaches: the first that she misses in the project, which does not count. */
export type Feedback = { right: boolean; truth: unknown; explanation: string; teaches?: boolean };
/** why, may_hold, held: of "hand_full", a draw by somebody who holds as many tasks as she may. */
export type Refusal = { code: string; field: string; message: string; amount_micro?: number; why?: "flag" | "full" | "look"; may_hold?: number; held?: number };
export type AnswerResult = {
  id: string;
  status: "accepted" | "repeated" | "refused";
  receipt?: Receipt;
  feedback?: Feedback | null;
  error?: Refusal;
};
export type AnswerBody = {
  id: string;
  lease: string;
  value: unknown;
  active_ms: number;
  device_class: string;
  suggestion_shown: boolean;
};

/** What of her money waits, why and until when; it is hers then, whoever has looked. */
export type Hold = {
  reason: "first_day" | "flag";
  sentence: string;
  since: string;
  until: string;
  kept_micro: number;
  appealed_at: string | null;
};
export type WorkerSummary = {
  pseudonym: string;
  country?: string;
  reads?: string[]; // languages that she works in; empty: not asked yet
  points: number;
  level: number;
  level_progress_bps: number;
  streak_days: number;
  pending_micro: number;
  available_micro: number;
  in_flight_micro: number;
  currency: string;
  earned_today_micro: number;
  answers_today: number;
  wage_micro_per_hour: number | null;
  hold?: Hold | null;
  may_hold?: number; // tasks at once
  bans?: number; // how many hold now; absent in what an older version remembered
};
export type Me = {
  name: string;
  email: string | null;
  phone: string | null;
  language: string;
  terms?: { version: string; agreed: string }; // absent in what an older version remembered
  roles: string[];
  worker: WorkerSummary | null;
  payout_min_micro: number;
};

export type WalletLine = {
  id: number;
  at: string;
  kind: string;
  key: string;
  amount_micro: number;
  account: string;
  balance_micro: number;
  note: Record<string, unknown> | string;
};
export type Payout = {
  id: string;
  amount_micro: number;
  currency: string;
  state: "created" | "sent" | "unknown" | "paid" | "failed" | "reversed" | "cancelled";
  at: string;
  receipt: string;
  destination: string;
  wait: { reason: "first" | "destination" | "settling" | "look"; until: string; sentence: string; appealed_at: string | null } | null;
};
/** Her appeal against a missed known task. */
export type MissAppeal = {
  words: string;
  answer_by: string;
  outcome: "" | "won" | "lost" | "silence";
  reply: string;
  paid_micro: number;
};
export type HistoryLine = {
  answer: string;
  project: number;
  title: string;
  task_type: string;
  value: unknown;
  at: string;
  base_micro: number;
  bonus_micro: number | null;
  currency: string;
  state: "pending" | "settled";
  agreed: boolean | null;
  gold_right: boolean | null;
  taught: boolean;
  appeal: MissAppeal | null;
  may_appeal: boolean;
  receipt: Receipt | null;
};
/** One line of hers with what it was about. */
export type HistoryTold = { answer: string; value: unknown; item: Item; config: Config; truth?: unknown; explanation?: string };
export type Worked = { answers: number; active_ms: number; earned_micro: number; currency: string; wage_micro_per_hour: number | null };
export type ScoreRow = Worked & {
  project: number;
  title: string;
  gold_right: number;
  gold_seen: number;
  taught: boolean;
  agreed: number;
  decided: number;
  score_bps: number;
  score_after_gold_bps: number;
  score_after_agreed_bps: number;
};
export type Scores = { results: ScoreRow[]; days: (Worked & { day: string })[]; rule: { version: number; text: string; hash: string } };
export type Evidence = {
  kind: string;
  project: number;
  title: string;
  numbers: Record<string, number | string>;
  label_names?: Record<string, string>;
};
export type Appeal = {
  words: string;
  made_at: string;
  answer_by: string;
  outcome: "" | "won" | "lost" | "silence" | "lifted";
  answer: string;
  decided_at: string | null;
};
export type Ban = {
  ban: number;
  project: number | null; // null: all work
  title: string | null;
  reason: string;
  sentence: string;
  evidence: Evidence[];
  until: string;
  stands: boolean;
  lifted_at: string | null;
  lifted_because: "" | "over" | "admin" | "appeal" | "silence";
  lift_note: string;
  may_appeal: boolean;
  appeal: Appeal | null;
};
export type Page<T> = { results: T[]; next: string | null; previous: string | null };
