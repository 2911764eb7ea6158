/** What the API says, under this app's names. The shapes are generated (contract.ts); here stands only what the app adds to them. */

import type * as Api from "./contract";

export type {
  Appeal,
  Ban,
  Certificate,
  Config,
  Evidence,
  ExamResult,
  Hold,
  KindRow,
  LabelDef,
  Me,
  MissAppeal,
  Payout,
  PayoutTerms,
  Receipt,
  Scores,
  ScoreRow,
  SigningKey,
  StatementMonth,
  Statements,
  WalletLine,
} from "./contract";

/** Answers pass through the app unread: what is in them is their task type's own. */
type Unread<T, K extends keyof T> = Omit<T, K> & { [key in K]: unknown };
/** What an older version of the app remembered may lack these. */
type Perhaps<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

export type Example = Unread<Api.Example, "value">;
type Told = Perhaps<
  Omit<Api.OfferInFull, "examples" | "question"> & { examples: Example[]; question: number | null },
  "instructions" | "config" | "examples" | "question" | "half_took_s" | "agreed" | "spoken"
>;
/** An offer as the list has it, and in full once it was opened; `tag`: of the offer in full, as the server gave it. */
export type Batch = Perhaps<
  Omit<Told, "task_type" | "medium">,
  | "requester"
  | "task_time_measured"
  | "asks_belt"
  | "warnings"
  | "fee_micro"
  | "topped_micro"
  | "missing"
  | "training"
  | "exam_tasks"
  | "exam_needed"
  | "exam_missing"
  | "deadline"
  | "lease_s"
  | "pack_s"
  | "late_s"
> & {
  task_type: string; // one that this version of the app may not know
  medium: string;
  tag?: string;
};

export type Variant = Perhaps<Api.Variant, never>;
export type Media = Perhaps<Api.Media, "width_px" | "height_px" | "duration_ms">;
export type Part = Omit<Api.Part, "media" | "json"> & { media?: Media; json?: unknown };
/** `parts`: in the order that this loan shows them in. */
export type Item = Omit<Api.Item, "media" | "parts"> & { media?: Media; parts?: Part[] };
export type Suggestion = Unread<Api.Suggestion, "value">;
export type Lease = Omit<Perhaps<Api.Lease, "question" | "paid_until">, "item" | "suggestion"> & { item: Item; suggestion?: Suggestion | null };

export type Feedback = Unread<Api.Feedback, "truth">;
export type Refusal = Api.Refused;
export type AnswerResult = Omit<Api.AnswerResult, "feedback"> & { feedback?: Feedback | null };
export type AnswerBody = Unread<Required<Api.SentAnswer>, "value">;
export type WorkerSummary = Perhaps<Api.WorkerSummary, "country" | "reads" | "avoids" | "hold" | "may_hold" | "bans" | "goal_tasks" | "local" | "yours_today_micro" | "today_by">;
export type HistoryLine = Unread<Api.HistoryLine, "value">;
export type HistoryTold = Omit<Perhaps<Unread<Api.HistoryTold, "value">, "warnings">, "truth" | "item"> & { truth?: unknown; item: Item };
export type Worked = Api.WorkedDay extends infer Day ? Omit<Day, "day"> : never;
export type Page<T> = { results: T[]; next: string | null; previous: string | null };
