/** Generated from docs/openapi.json by `npm run contract`: every shape of the API, none of them typed by hand. */
/* eslint-disable */

/**
 * An answer, a decision or a known truth, in the shape of the project's task type; a label by its name, and beside it its id.
 */
export type NamedValue =
  | NamedBoxesAnswer
  | NamedChoiceAnswer
  | NamedChoicesAnswer
  | NamedFirstWrongAnswer
  | NamedFormAnswer
  | NamedGeopointAnswer
  | NamedKeypointsAnswer
  | NamedMaskAnswer
  | NamedPairwiseAnswer
  | NamedPolygonsAnswer
  | NamedRankingAnswer
  | NamedRatingAnswer
  | NamedRegionsAnswer
  | NamedSegmentsAnswer
  | NamedSpansAnswer
  | NamedTaxonomyAnswer
  | NamedTextAnswer
  | NamedTracksAnswer;
/**
 * An answer, a decision or a known truth, in the shape of the project's task type; a label by its id.
 */
export type AnswerValue =
  | BoxesAnswer
  | ChoiceAnswer
  | ChoicesAnswer
  | FirstWrongAnswer
  | FormAnswer
  | GeopointAnswer
  | KeypointsAnswer
  | MaskAnswer
  | PairwiseAnswer
  | PolygonsAnswer
  | RankingAnswer
  | RatingAnswer
  | RegionsAnswer
  | SegmentsAnswer
  | SpansAnswer
  | TaxonomyAnswer
  | TextAnswer
  | TracksAnswer;
export type TaskType =
  | "boxes"
  | "choice"
  | "choices"
  | "first_wrong"
  | "form"
  | "geopoint"
  | "keypoints"
  | "mask"
  | "pairwise"
  | "polygons"
  | "ranking"
  | "rating"
  | "regions"
  | "segments"
  | "spans"
  | "taxonomy"
  | "text"
  | "tracks";

export interface AddressesSent {
  urls?: string[];
  files?: string[];
}
export interface AnswerBehind {
  /**
   * Her pseudonym.
   */
  worker: string;
  batch: number;
  value: NamedValue;
  counted: boolean;
  active_ms: number;
  suggestion_shown: boolean;
  agreed: boolean | null;
  at: string;
}
/**
 * boxes: labelled rectangles in whole pixels of the upright original; an empty list says that nothing is there
 */
export interface NamedBoxesAnswer {
  /**
   * @maxItems 500
   */
  boxes: {
    label: string;
    x: number;
    y: number;
    width: number;
    height: number;
    label_id?: string;
  }[];
}
/**
 * choice: one label of the project's
 */
export interface NamedChoiceAnswer {
  label: string;
  label_id?: string;
}
/**
 * choices: a set of the project's labels; empty: none of them fits
 */
export interface NamedChoicesAnswer {
  /**
   * @maxItems 200
   */
  labels: string[];
  label_ids?: string[];
}
/**
 * first_wrong: the first step that is wrong, of what kind and how bad; an empty list: nothing is wrong
 */
export interface NamedFirstWrongAnswer {
  /**
   * @maxItems 1
   */
  wrong:
    | []
    | [
        {
          step: string;
          label: string;
          severity?: number;
          label_id?: string;
        }
      ];
}
/**
 * form: an answer under the id of each question that is asked, in the shape of the question's own type
 */
export interface NamedFormAnswer {
  answers: {
    [k: string]: {};
  };
}
/**
 * geopoint: a place in millionths of a degree (WGS 84), and the radius in metres within which it surely lies
 */
export interface NamedGeopointAnswer {
  place: {
    latitude_e6: number;
    longitude_e6: number;
    radius_m: 10 | 100 | 1000 | 10000 | 100000 | 1000000;
  };
}
/**
 * keypoints: figures with named points; [x, y, v] in whole pixels of the upright original, v 2 seen or 1 hidden; a point that is not there is left out; an empty list says that nothing is there
 */
export interface NamedKeypointsAnswer {
  /**
   * @maxItems 50
   */
  figures: {
    label: string;
    points: {
      /**
       * @minItems 3
       * @maxItems 3
       */
      [k: string]: [number, number, number];
    };
    label_id?: string;
  }[];
}
/**
 * mask: the area of each label as COCO's run lengths on a grid over the upright original; an empty list says that nothing is there
 */
export interface NamedMaskAnswer {
  masks: {
    label: string;
    /**
     * @minItems 2
     * @maxItems 2
     */
    size: [number, number];
    counts: string;
    label_id?: string;
  }[];
}
/**
 * pairwise: the id of the better part, or same, or neither
 */
export interface NamedPairwiseAnswer {
  chosen: string;
}
/**
 * polygons: labelled rings of whole pixels of the upright original, not closed; an empty list says that nothing is there
 */
export interface NamedPolygonsAnswer {
  /**
   * @maxItems 200
   */
  polygons: {
    label: string;
    /**
     * @minItems 3
     * @maxItems 201
     */
    points: [[number, number], [number, number], [number, number], ...[number, number][]];
    label_id?: string;
  }[];
}
/**
 * ranking: ids of the parts from the best to the worst; those of one rank are alike
 */
export interface NamedRankingAnswer {
  /**
   * @minItems 1
   */
  order: [[string, ...string[]], ...[string, ...string[]][]];
}
/**
 * rating: a whole number on the project's scale
 */
export interface NamedRatingAnswer {
  rating: number;
}
/**
 * regions: lines of text with their four corners in pixels of the upright original, and what they say
 */
export interface NamedRegionsAnswer {
  /**
   * @maxItems 200
   */
  regions: {
    label: string;
    /**
     * @minItems 4
     * @maxItems 4
     */
    points: [[number, number], [number, number], [number, number], [number, number]];
    text: string;
    label_id?: string;
  }[];
}
/**
 * segments: labelled stretches of time, [start_ms, end_ms) in milliseconds; an empty list says that nothing is there
 */
export interface NamedSegmentsAnswer {
  /**
   * @maxItems 500
   */
  segments: {
    label: string;
    start_ms: number;
    end_ms: number;
    label_id?: string;
  }[];
}
/**
 * spans: labelled stretches of the text, [start, end) in Unicode code points; an empty list says that nothing is there
 */
export interface NamedSpansAnswer {
  /**
   * @maxItems 500
   */
  spans: {
    label: string;
    start: number;
    end: number;
    label_id?: string;
  }[];
}
/**
 * taxonomy: one node of the project's tree, at any depth
 */
export interface NamedTaxonomyAnswer {
  label: string;
  label_id?: string;
}
/**
 * text: free text of 1 to 5,000 code points; NFC, line ends and outer spaces trimmed on the server
 */
export interface NamedTextAnswer {
  text: string;
}
/**
 * tracks: boxes over key frames [t_ms, x, y, width, height] of the upright original; an empty list says that nothing is there
 */
export interface NamedTracksAnswer {
  /**
   * @maxItems 100
   */
  tracks: {
    label: string;
    /**
     * @minItems 1
     * @maxItems 400
     */
    keys: [never[], ...never[][]];
    label_id?: string;
  }[];
}
/**
 * `waits`: nothing was taken, for a reason that passes: send it again later.
 */
export interface AnswerResult {
  id: string;
  status: "accepted" | "repeated" | "refused" | "waits";
  receipt?: Receipt;
  feedback?: Feedback;
  error?: Refused;
}
/**
 * A promise of pay; what is signed are the canonical bytes of `body` (docs/receipt.md).
 */
export interface Receipt {
  body: {
    [k: string]: unknown;
  };
  signature: string;
  key_id?: string;
}
/**
 * Of a known task: whether the answer is right, and what is. `teaches`: the first miss in a project, which does not count.
 */
export interface Feedback {
  right: boolean;
  truth: AnswerValue;
  explanation: string;
  teaches?: boolean;
}
/**
 * boxes: labelled rectangles in whole pixels of the upright original; an empty list says that nothing is there
 */
export interface BoxesAnswer {
  /**
   * @maxItems 500
   */
  boxes: {
    label: string;
    x: number;
    y: number;
    width: number;
    height: number;
  }[];
}
/**
 * choice: one label of the project's
 */
export interface ChoiceAnswer {
  label: string;
}
/**
 * choices: a set of the project's labels; empty: none of them fits
 */
export interface ChoicesAnswer {
  /**
   * @maxItems 200
   */
  labels: string[];
}
/**
 * first_wrong: the first step that is wrong, of what kind and how bad; an empty list: nothing is wrong
 */
export interface FirstWrongAnswer {
  /**
   * @maxItems 1
   */
  wrong:
    | []
    | [
        {
          step: string;
          label: string;
          severity?: number;
        }
      ];
}
/**
 * form: an answer under the id of each question that is asked, in the shape of the question's own type
 */
export interface FormAnswer {
  answers: {
    [k: string]: {};
  };
}
/**
 * geopoint: a place in millionths of a degree (WGS 84), and the radius in metres within which it surely lies
 */
export interface GeopointAnswer {
  place: {
    latitude_e6: number;
    longitude_e6: number;
    radius_m: 10 | 100 | 1000 | 10000 | 100000 | 1000000;
  };
}
/**
 * keypoints: figures with named points; [x, y, v] in whole pixels of the upright original, v 2 seen or 1 hidden; a point that is not there is left out; an empty list says that nothing is there
 */
export interface KeypointsAnswer {
  /**
   * @maxItems 50
   */
  figures: {
    label: string;
    points: {
      /**
       * @minItems 3
       * @maxItems 3
       */
      [k: string]: [number, number, number];
    };
  }[];
}
/**
 * mask: the area of each label as COCO's run lengths on a grid over the upright original; an empty list says that nothing is there
 */
export interface MaskAnswer {
  masks: {
    label: string;
    /**
     * @minItems 2
     * @maxItems 2
     */
    size: [number, number];
    counts: string;
  }[];
}
/**
 * pairwise: the id of the better part, or same, or neither
 */
export interface PairwiseAnswer {
  chosen: string;
}
/**
 * polygons: labelled rings of whole pixels of the upright original, not closed; an empty list says that nothing is there
 */
export interface PolygonsAnswer {
  /**
   * @maxItems 200
   */
  polygons: {
    label: string;
    /**
     * @minItems 3
     * @maxItems 201
     */
    points: [[number, number], [number, number], [number, number], ...[number, number][]];
  }[];
}
/**
 * ranking: ids of the parts from the best to the worst; those of one rank are alike
 */
export interface RankingAnswer {
  /**
   * @minItems 1
   */
  order: [[string, ...string[]], ...[string, ...string[]][]];
}
/**
 * rating: a whole number on the project's scale
 */
export interface RatingAnswer {
  rating: number;
}
/**
 * regions: lines of text with their four corners in pixels of the upright original, and what they say
 */
export interface RegionsAnswer {
  /**
   * @maxItems 200
   */
  regions: {
    label: string;
    /**
     * @minItems 4
     * @maxItems 4
     */
    points: [[number, number], [number, number], [number, number], [number, number]];
    text: string;
  }[];
}
/**
 * segments: labelled stretches of time, [start_ms, end_ms) in milliseconds; an empty list says that nothing is there
 */
export interface SegmentsAnswer {
  /**
   * @maxItems 500
   */
  segments: {
    label: string;
    start_ms: number;
    end_ms: number;
  }[];
}
/**
 * spans: labelled stretches of the text, [start, end) in Unicode code points; an empty list says that nothing is there
 */
export interface SpansAnswer {
  /**
   * @maxItems 500
   */
  spans: {
    label: string;
    start: number;
    end: number;
  }[];
}
/**
 * taxonomy: one node of the project's tree, at any depth
 */
export interface TaxonomyAnswer {
  label: string;
}
/**
 * text: free text of 1 to 5,000 code points; NFC, line ends and outer spaces trimmed on the server
 */
export interface TextAnswer {
  text: string;
}
/**
 * tracks: boxes over key frames [t_ms, x, y, width, height] of the upright original; an empty list says that nothing is there
 */
export interface TracksAnswer {
  /**
   * @maxItems 100
   */
  tracks: {
    label: string;
    /**
     * @minItems 1
     * @maxItems 400
     */
    keys: [never[], ...never[][]];
  }[];
}
/**
 * Why nothing was done: a code for programs, the field it is about ("" if none), and a sentence for people, in the language that was asked for. `said` are the parameters of the sentence: with `code` a program says it in its own words.
 */
export interface Refused {
  code: string;
  field: string;
  message: string;
  said?: {
    [k: string]: number | string;
  };
  why?: "flag" | "full" | "look";
  may_hold?: number;
  held?: number;
  until?: string | null;
  amount_micro?: number;
  least_micro?: number;
  missing_micro?: number;
}
export interface AnswerResults {
  results: AnswerResult[];
}
export interface AnsweredQuestion {
  words: string;
  asked_at: string;
  reply: string;
  mine: boolean;
}
/**
 * 1 to 50 at once.
 */
export interface Answers {
  answers: SentAnswer[];
}
/**
 * `id` is made by the phone: the same answer sent again is taken once.
 */
export interface SentAnswer {
  id: string;
  lease: string;
  value: AnswerValue;
  active_ms?: number;
  device_class?: "" | "phone" | "tablet" | "desktop";
  suggestion_shown?: boolean;
}
export interface Appeal {
  words: string;
  made_at: string;
  answer_by: string;
  outcome: "" | "won" | "lost" | "silence" | "lifted";
  answer: string;
  decided_at: string | null;
}
/**
 * `items`, or else a `label` or `which`; what is not said of the price is the last batch's.
 */
export interface AskAgain {
  items?: number[];
  label?: string;
  which?: string;
  name?: string;
  preview?: boolean;
  base_micro?: number | null;
  bonus_micro?: number | null;
  min_answers?: number | null;
  max_answers?: number | null;
}
/**
 * What asking again comes to at most; what is not used comes back.
 */
export interface AskAgainCost {
  items: number;
  escrow_micro: number;
  funds_micro: number;
  currency: string;
}
/**
 * What its columns seem to mean; nothing is imported before it is said.
 */
export interface Asked {
  columns: AskedColumn[];
  header: boolean | null;
  encoding: string;
  shape: string;
  /**
   * What the labels of a file that Ilima wrote may become: nothing else is asked.
   */
  roles?: string[];
  missing?: string[];
}
/**
 * `role`: what it seems to mean; `values`: its first ones.
 */
export interface AskedColumn {
  name: string;
  role: string;
  values: string[];
}
/**
 * The model's answers that people checked, with a 95 % Wilson interval.
 */
export interface Audits {
  asked: number;
  checked: number;
  right: number;
  accuracy: number | null;
  low: number | null;
  high: number | null;
}
export interface Ban {
  ban: number;
  /**
   * null: all work.
   */
  project: number | null;
  title: string | null;
  reason: "unread" | "copied" | "automated" | "accounts" | "lent" | "misuse";
  sentence: string;
  evidence: Evidence[];
  starts_at: string;
  until: string;
  stands: boolean;
  lifted_at: string | null;
  lifted_because: "" | "over" | "admin" | "appeal" | "silence";
  lift_note: string;
  may_appeal: boolean;
  appeal: Appeal | null;
}
/**
 * What was counted on that day; which numbers there are depends on the kind.
 */
export interface Evidence {
  kind: string;
  project: number;
  title: string;
  numbers: {
    [k: string]: number | string;
  };
  /**
   * By language.
   */
  label_names?: {
    [k: string]: string;
  };
  first_seq?: number;
  last_seq?: number;
}
export interface BanAppealed {
  words: string;
}
export interface BanPage {
  results: Ban[];
  next: string | null;
  previous: string | null;
}
export interface Batch {
  id: number;
  project: number;
  name: string;
  state: "draft" | "open" | "closed";
  currency: string;
  base_micro: number;
  bonus_micro: number;
  /**
   * What was agreed to for each answer at most;
   */
  top_up_micro: number;
  /**
   * what each is paid of it now.
   */
  topped_micro: number;
  fee_bps: number;
  pay_rule_version: number;
  offer_hash: string;
  escrow_micro: number;
  items_total: number;
  items_done: number;
  keep_open: boolean;
  training: boolean;
  /**
   * Of an exam: so many a sitting.
   */
  exam_tasks: number;
  item_limit: number | null;
  min_answers: number;
  max_answers: number;
  deadline: string | null;
  /**
   * A deposit was taken back: put the money in again and resume.
   */
  owing: boolean;
  paused: boolean;
}
/**
 * `base_micro` is paid for each honest answer, `bonus_micro` at most on top of it for skill, and `top_up_micro` at most where the tasks
 * turn out to take longer than the project says: it goes into escrow, and what is not needed comes back.
 */
export interface BatchMade {
  name: string;
  base_micro: number;
  bonus_micro?: number;
  top_up_micro?: number;
  deadline?: string | null;
  keep_open?: boolean;
  limit?: number | null;
  lease_s?: number;
  pack_s?: number;
  min_answers?: number | null;
  max_answers?: number | null;
}
export interface BatchOpened {
  limit?: number | null;
}
export interface BatchPage {
  results: Batch[];
  next: string | null;
  previous: string | null;
}
/**
 * A belt that she has not yet; `right_needed`: so many known tasks of the kind, all of them right.
 */
export interface BeltMissing {
  belt: "seed" | "sprout" | "tree";
  right_needed: number | null;
}
/**
 * docs/proof_bundle.md tells each document in it byte by byte; two verifiers in two languages read it.
 */
export interface Bundle {
  v: "bundle-1";
  public_key: string;
  rule: PayRuleOfBundle;
  worker: string;
  period: number;
  headers: {
    [k: string]: unknown;
  }[];
  anchors: {
    [k: string]: unknown;
  }[];
  statements: {
    [k: string]: unknown;
  }[];
  answers: {
    [k: string]: unknown;
  }[];
  offers: {
    [k: string]: unknown;
  }[];
  decisions: {
    [k: string]: unknown;
  }[];
  golds: {
    [k: string]: unknown;
  }[];
  signature: string;
}
export interface PayRuleOfBundle {
  version: number;
  text: string;
  hash: string;
}
/**
 * What is signed are the canonical bytes of `body`; `link` opens the page that checks it, and holds all of it.
 */
export interface Certificate {
  body: CertificateBody;
  signature: string;
  link: string;
}
export interface CertificateBody {
  v: "certificate-1";
  operator: string;
  /**
   * Her name or her pseudonym, as she chose.
   */
  holder: string;
  made_on: string;
  /**
   * The version of the formula of belts.
   */
  formula: string;
  kinds: CertifiedKind[];
  exams: CertifiedExam[];
  key_id: string;
}
/**
 * The counts of a belt: docs/decisions/belts.md.
 */
export interface CertifiedKind {
  task_type: TaskType;
  medium: "image" | "text" | "audio" | "video" | "parts";
  belt: "seed" | "sprout" | "tree";
  known: number;
  right: number;
  decided: number;
  agreed: number;
  sure_bps: number;
}
export interface CertifiedExam {
  title: string;
  by: string;
  task_type: TaskType;
  medium: "image" | "text" | "audio" | "video" | "parts";
  right: number;
  counted: number;
  passed_on: string;
}
/**
 * `give_away`: what is left of her money is too little to be paid out, and she gives it up.
 */
export interface CloseAccount {
  confirm: "erase";
  give_away?: boolean;
}
/**
 * What becomes of a batch that is closed now. `claimable_micro` is kept for who may still answer, is still paid, or may appeal.
 */
export interface Closing {
  undecided: number;
  leases_out: number;
  unsettled_answers: number;
  returned_micro: number;
  claimable_micro: number;
  currency: string;
}
/**
 * How a table is to be read: what each column means, by its name; those that are not named are metadata.
 */
export interface ColumnsSaid {
  columns?: {
    [k: string]: string;
  };
  header?: boolean;
  encoding?: string;
  shape?: "lines" | "whole";
}
/**
 * The settings of a task type; which there are is the type's own.
 */
export interface Config {
  figures?: "one" | "several";
  /**
   * @maxItems 40
   */
  groups?: {
    name: {
      [k: string]: string;
    };
    first: number;
  }[];
  high?: {
    [k: string]: string;
  };
  kind?: "transcription" | "caption" | "translation" | "rewrite" | "answer";
  labels?: LabelDef[];
  language?: string;
  latitude?: number;
  longitude?: number;
  look?: ("list" | "swipe" | "grid") | ("stars" | "faces" | "numbers");
  low?: {
    [k: string]: string;
  };
  most?: number;
  near?: number;
  near_m?: number;
  none?: boolean;
  /**
   * @minItems 1
   * @maxItems 40
   */
  questions?: [unknown, ...unknown[]];
  scale?: 3 | 4 | 5 | 6 | 7 | 100;
  severity?: number;
  skeleton?: {
    /**
     * @minItems 2
     * @maxItems 60
     */
    points: [
      {
        id: string;
        name: {
          [k: string]: string;
        };
        mirror?: string;
        sigma_ppm?: number;
        /**
         * @minItems 2
         * @maxItems 2
         */
        at?: [number, number];
      },
      {
        id: string;
        name: {
          [k: string]: string;
        };
        mirror?: string;
        sigma_ppm?: number;
        /**
         * @minItems 2
         * @maxItems 2
         */
        at?: [number, number];
      },
      ...{
        id: string;
        name: {
          [k: string]: string;
        };
        mirror?: string;
        sigma_ppm?: number;
        /**
         * @minItems 2
         * @maxItems 2
         */
        at?: [number, number];
      }[]
    ];
    /**
     * @maxItems 120
     */
    edges?: [string, string][];
  };
  sure?: number;
  tapped?: "first" | "second";
  /**
   * @minItems 1
   * @maxItems 5000
   */
  tree?: [unknown[], ...unknown[][]];
  zoom?: number;
}
/**
 * What can be answered.
 */
export interface LabelDef {
  id: string;
  /**
   * By language.
   */
  name: {
    [k: string]: string;
  };
  colour?: string;
}
/**
 * Without `code` one is sent to her.
 */
export interface Confirm {
  code?: string;
}
/**
 * One of the two: the session is young again, or a code is on its way to this address.
 */
export interface Confirmed {
  confirmed?: boolean;
  sent_to?: string;
}
export interface Dataset {
  id: number;
  project: number;
  name: string;
}
export interface DatasetMade {
  name: string;
}
export interface DatasetPage {
  results: Dataset[];
  next: string | null;
  previous: string | null;
}
/**
 * `inputs_hash` is of all that it was made from: who has them makes the same again.
 */
export interface Decision {
  value: NamedValue;
  confidence_ppm: number | null;
  agreement_ppm: number | null;
  answers_used: number;
  final: boolean;
  sure: boolean;
  source: string;
  method: string;
  inputs_hash: string;
}
export interface Deposit {
  id: string;
  amount_micro: number;
  currency: string;
  state: "created" | "sent" | "unknown" | "paid" | "failed" | "reversed" | "cancelled";
  /**
   * Why it failed, as the rail says.
   */
  code: string;
  receipt: string;
  at: string;
}
/**
 * `id` is made by the caller, so asking twice is one charge. `card`: the card's token at the rail, never the card.
 */
export interface DepositAsked {
  id: string;
  amount_micro: number;
  card: string;
}
export interface Deposits {
  funds_micro: number;
  currency: string;
  results: Deposit[];
  next: string | null;
  previous: string | null;
}
export interface Destination {
  /**
   * Where the money goes, for example +27821234567.
   */
  phone: string;
}
export interface Dismissed {
  reason: string;
}
/**
 * `id`: made by who draws, so that asking again is drawing once. `pack`: to be taken along, without signal. `agrees`: what of the
 * offer's `warnings` she has read and wants to see; all of them, or nothing is lent.
 */
export interface Draw {
  batch: number;
  /**
   * 1 to 50; 1 if it is left out.
   */
  n?: number;
  id?: string;
  pack?: boolean;
  agrees?: string[];
}
export interface EarlierDecision {
  value: NamedValue;
  method: string;
  decided_at: string;
}
/**
 * What holds the label now.
 */
export interface Effect {
  label: string;
  answers: number;
  decided: number;
  golds: number;
}
/**
 * Every refusal, of every address under /api, in one shape.
 */
export interface Error {
  error: Refused;
}
/**
 * `value` between `value_low` and `value_high`, whenever one looks; `draws_seen` of the draws are decided. In a list these are null while it is open.
 */
export interface Estimate {
  id: number;
  project: number;
  of: "share" | "accuracy" | "win_rate" | "mean";
  what: string;
  state: "open" | "reached" | "ended";
  value: number | null;
  value_low: number | null;
  value_high: number | null;
  range_low: number;
  range_high: number;
  half_width_ppm: number;
  half_width_now_ppm: number | null;
  confidence_ppm: number;
  draws: number;
  draws_seen: number | null;
  items: number;
  batch: number | null;
  created_at: string;
  ended_at: string | null;
}
/**
 * `of`: the share of items with the label `what`; the accuracy of the model `what` ("model:<version>" or "judge:<version>"); how often
 * the part `what` is chosen; the mean of a rating. It stops by itself when half of its interval is at most `half_width_ppm` of the range,
 * so sure as `confidence_ppm` says; at most so many `draws`. What people are paid is as for a batch.
 */
export interface EstimateAsked {
  of: "share" | "accuracy" | "win_rate" | "mean";
  what?: string;
  half_width_ppm?: number;
  confidence_ppm?: number;
  draws?: number;
  base_micro: number;
  bonus_micro?: number;
}
export interface EstimatePage {
  results: Estimate[];
  next: string | null;
  previous: string | null;
}
/**
 * Of `known` tasks `right` were right, between `low_ppm` and `high_ppm` (95 %); always giving the most frequent answer would reach `chance_ppm`. The alternative annotator test beside `people` people: won against `winning_rate_ppm` of them.
 */
export interface Exam {
  known: number;
  right: number;
  low_ppm: number;
  high_ppm: number;
  chance_ppm: number;
  people: number;
  winning_rate_ppm: number;
  advantage_ppm: number | null;
  alternative: "passed" | "failed" | "not_held";
}
/**
 * `least_tasks`: of the shortest exam that nobody passes by guessing (none: the known tasks are too few, or too much alike). sat, passed: people, in all exams of the project; again: retries; `cost_micro` with the fee.
 */
export interface ExamFigures {
  asks_exam: boolean;
  running: Batch | null;
  known: number;
  least_tasks: number | null;
  sat: number;
  passed: number;
  again: number;
  cost_micro: number;
  currency: string;
}
/**
 * `seats`: how many people may sit it. Without `tasks` it is as short as guessing allows, without `base_micro` it pays the floor.
 */
export interface ExamMade {
  seats: number;
  tasks?: number | null;
  base_micro?: number | null;
}
/**
 * A miss, as her history has it: /work/history/{answer} tells the right answer and why, and it can be questioned.
 */
export interface ExamMiss {
  answer: string;
  seq: number;
  project: number;
  title: string;
  task_type: TaskType;
  value: AnswerValue;
  at: string;
  base_micro: number;
  bonus_micro: number | null;
  /**
   * On top of the base: its task took longer than was thought.
   */
  top_up_micro: number;
  /**
   * What its requester paid the platform on top of this.
   */
  fee_micro: number;
  score_bps: number | null;
  currency: string;
  state: "pending" | "settled";
  agreed: boolean | null;
  gold_right: boolean | null;
  /**
   * The first miss in its project, which did not count.
   */
  taught: boolean;
  appeal: MissAppeal | null;
  may_appeal: boolean;
  receipt: Receipt;
  sitting: number;
}
/**
 * Her appeal against a missed known task.
 */
export interface MissAppeal {
  words: string;
  answer_by: string;
  outcome: "" | "won" | "lost" | "silence";
  reply: string;
  paid_micro: number;
}
/**
 * The exam that she has to pass first: its batch (none: there is none just now), and what each of its tasks pays.
 */
export interface ExamMissing {
  batch: number | null;
  tasks: number;
  base_micro: number;
}
/**
 * Her exam of one project: passed with `needed` of its tasks right, else a free retry with other tasks, where there are any.
 */
export interface ExamResult {
  batch: number;
  project: number;
  title: string;
  task_type: TaskType;
  open: boolean;
  tasks: number;
  needed: number;
  base_micro: number;
  currency: string;
  passed: boolean;
  may_retry: boolean;
  why_not: string;
  sittings: ExamSitting[];
  missed: ExamMiss[];
}
/**
 * `right` of `counted` tasks, and how many of these pass, once it is over.
 */
export interface ExamSitting {
  number: number;
  ended_at: string | null;
  right: number | null;
  counted: number | null;
  needed: number | null;
  passed: boolean;
}
/**
 * With this prompt, or with the one it has.
 */
export interface ExaminedAnew {
  prompt?: string;
}
/**
 * A task that was done well, to learn from: its text, picture or parts, the answer, and why.
 */
export interface Example {
  text?: string;
  picture?: ExamplePicture;
  parts?: Part[];
  value: AnswerValue;
  /**
   * By language.
   */
  why: {
    [k: string]: string;
  };
}
export interface ExamplePicture {
  url: string;
  width_px: number;
  height_px: number;
}
/**
 * One of several things that an item is made of. Of media: `media`, else `text` or `json`.
 */
export interface Part {
  id: string;
  role:
    | "prompt"
    | "system"
    | "user"
    | "assistant"
    | "tool_call"
    | "tool_result"
    | "thought"
    | "step"
    | "source"
    | "reference"
    | "candidate"
    | "left"
    | "right"
    | "page"
    | "image"
    | "audio"
    | "video"
    | "context";
  kind: "text" | "markdown" | "code" | "json" | "image" | "audio" | "video" | "page";
  text?: string;
  json?: unknown;
  media?: Media;
}
export interface Media {
  kind: "image" | "audio" | "video";
  width_px: number | null;
  height_px: number | null;
  duration_ms: number | null;
  variants: {
    [k: string]: Variant;
  };
  aids?: {
    [k: string]: Variant;
  };
}
/**
 * One size of a picture, or one form of a sound or clip; `url` is signed and holds for two days. frames: of a clip, in all.
 */
export interface Variant {
  url: string;
  bytes?: number;
  width?: number;
  height?: number;
  frames?: number;
}
/**
 * Of a role: how many parts at least (1) and at most, and of which kinds (any).
 */
export interface Expected {
  least?: number;
  most?: number;
  kinds?: ("text" | "markdown" | "code" | "json" | "image" | "audio" | "video" | "page")[];
}
/**
 * `audits`: known tasks asked while it works, since its exam. `evidence_ppm`: that it has changed; at 10^6 it is stopped. `found_within`: answers after which a change for the worse by 20 points is found at the latest, on average. `swaps`: of pairs asked in the other order.
 */
export interface Figures {
  spent_micro: number;
  held_micro: number;
  currency: string;
  votes: number;
  no_answers: number;
  audits: number;
  audits_right: number;
  evidence_ppm: number | null;
  found_within: number | null;
  swaps: number;
  swaps_same: number;
  labels: SaidLabel[];
  mistakes: Mistake[];
}
/**
 * How often it is right when it says this, on known tasks.
 */
export interface SaidLabel {
  label: string;
  said: number;
  right: number;
  low_ppm: number;
  high_ppm: number;
}
/**
 * What it says in place of what is true, and how often.
 */
export interface Mistake {
  truth: string;
  said: string;
  times: number;
}
export interface FileToLabel {
  id?: string;
  external_id?: string;
  file?: string;
}
/**
 * `paths`: where each file lay, one for each, for a file's own name has no folders.
 */
export interface FilesSent {
  /**
   * The files of the form.
   *
   * Items: A file.
   */
  files: string[];
  paths?: string[];
}
/**
 * A known task: how often it was asked and missed, and by how many.
 */
export interface Gold {
  item: number;
  truth: NamedValue;
  explanation: string;
  retired_at: string | null;
  asked: number;
  missed: number;
  missed_by: number;
}
export interface GoldBehind {
  truth: NamedValue;
  explanation: string;
  retired_at: string | null;
}
export interface GoldPage {
  results: Gold[];
  next: string | null;
  previous: string | null;
}
/**
 * `item`, or `text`, `parts` or `messages`, which makes one first.
 */
export interface GoldSet {
  item?: number;
  text?: string;
  parts?: SentPart[];
  messages?: unknown[];
  truth?: AnswerValue;
  explanation?: string;
}
/**
 * A part as its requester sends it: it holds one of text, json, url and sha256 (of a file that the organisation sent before). `meta` is her own; nobody who answers sees it.
 */
export interface SentPart {
  id?: string;
  role:
    | "prompt"
    | "system"
    | "user"
    | "assistant"
    | "tool_call"
    | "tool_result"
    | "thought"
    | "step"
    | "source"
    | "reference"
    | "candidate"
    | "left"
    | "right"
    | "page"
    | "image"
    | "audio"
    | "video"
    | "context";
  kind?: "text" | "markdown" | "code" | "json" | "image" | "audio" | "video" | "page";
  text?: string;
  json?: unknown;
  url?: string;
  sha256?: string;
  meta?: {
    [k: string]: unknown;
  };
}
/**
 * Half of the newest answers took from `low` to `high` seconds.
 */
export interface HalfTook {
  low: number;
  high: number;
}
/**
 * `address`: of the model; `model`: what it is called there; `key` opens it, and is never told again. `prompt`: what a chat endpoint is
 * asked with. At most `most_calls` calls, of `price_micro` each: all of it lies in escrow.
 */
export interface Hired {
  name: string;
  protocol: "chat" | "label_studio";
  address: string;
  model?: string;
  key?: string;
  prompt?: string;
  price_micro?: number;
  most_calls: number;
}
export interface HistoryLine {
  answer: string;
  seq: number;
  project: number;
  title: string;
  task_type: TaskType;
  value: AnswerValue;
  at: string;
  base_micro: number;
  bonus_micro: number | null;
  /**
   * On top of the base: its task took longer than was thought.
   */
  top_up_micro: number;
  /**
   * What its requester paid the platform on top of this.
   */
  fee_micro: number;
  score_bps: number | null;
  currency: string;
  state: "pending" | "settled";
  agreed: boolean | null;
  gold_right: boolean | null;
  /**
   * The first miss in its project, which did not count.
   */
  taught: boolean;
  appeal: MissAppeal | null;
  may_appeal: boolean;
  receipt: Receipt;
}
export interface HistoryLinePage {
  results: HistoryLine[];
  next: string | null;
  previous: string | null;
}
/**
 * One answer of hers with what it was about; the right answer where she was told it.
 */
export interface HistoryTold {
  answer: string;
  project: number;
  value: AnswerValue;
  item: Item;
  config: Config;
  /**
   * What in it may disturb: she reads it before the first task, and pictures, films and texts are covered until she asks.
   */
  warnings: ("violence" | "injury" | "death" | "self_harm" | "sexual" | "hate" | "medical")[];
  truth?: AnswerValue;
  explanation?: string;
}
/**
 * What a task is about, as a worker sees it. `parts` stand in the order that this loan shows them in.
 */
export interface Item {
  id: number;
  text?: string;
  media?: Media;
  parts?: Part[];
}
/**
 * What of her money waits, why and until when; it is hers then, whoever has looked.
 */
export interface Hold {
  reason: "first_day" | "flag";
  sentence: string;
  since: string;
  until: string;
  kept_micro: number;
  appealed_at: string | null;
}
export interface HoldAppealed {
  words: string;
}
export interface HoldNow {
  hold: Hold | null;
}
export interface HoldTold {
  reason: "first_day" | "flag";
  until: string;
  sentence: string;
}
export interface Invitation {
  id: number;
  organisation: number;
  name: string;
  role: "owner" | "manager" | "viewer";
  expires_at: string;
}
export interface InvitationPage {
  results: Invitation[];
  next: string | null;
  previous: string | null;
}
export interface Invited {
  organisation: number;
  address: string;
  role?: string;
}
/**
 * An item with each answer, what was decided before, reports, and the rows that it came from.
 */
export interface ItemInFull {
  id: number;
  dataset: number;
  external_id: string;
  file_name: string;
  payload: Payload;
  /**
   * The columns that mean nothing to us, as they came.
   */
  metadata: {
    [k: string]: unknown;
  };
  is_gold: boolean;
  is_reported: boolean;
  media: StoredMedia | null;
  decision: Decision | null;
  created_at: string;
  answers: AnswerBehind[];
  gold: GoldBehind | null;
  earlier_decisions: EarlierDecision[];
  reports: ReportBehind[];
  rows: RowBehind[];
}
export interface Payload {
  text?: string;
  parts?: StoredPart[];
}
/**
 * A part as its requester knows it: of a file what it is, and her own notes.
 */
export interface StoredPart {
  id: string;
  role:
    | "prompt"
    | "system"
    | "user"
    | "assistant"
    | "tool_call"
    | "tool_result"
    | "thought"
    | "step"
    | "source"
    | "reference"
    | "candidate"
    | "left"
    | "right"
    | "page"
    | "image"
    | "audio"
    | "video"
    | "context";
  kind: "text" | "markdown" | "code" | "json" | "image" | "audio" | "video" | "page";
  text?: string;
  json?: unknown;
  sha256?: string;
  file_name?: string;
  width_px?: number;
  height_px?: number;
  duration_ms?: number;
  meta?: {
    [k: string]: unknown;
  };
}
export interface StoredMedia {
  kind: "image" | "audio" | "video";
  sha256: string;
  width_px: number | null;
  height_px: number | null;
  duration_ms: number | null;
}
export interface ReportBehind {
  worker: string;
  reason: string;
}
export interface RowBehind {
  external_id: string;
  file_name: string;
  metadata: {
    [k: string]: unknown;
  };
}
export interface ItemsRemoved {
  /**
   * 1 to 1000 ids.
   */
  items: number[];
}
export interface Joined {
  organisation: number;
  role: "owner" | "manager" | "viewer";
}
/**
 * `may`: what it may decide today: nothing; be heard beside people; or stand in for one of those whom an item needs.
 */
export interface Judge {
  id: number;
  project: number;
  name: string;
  protocol: "chat" | "label_studio";
  address: string;
  model: string;
  state: "exam" | "failed" | "advises" | "stands_in" | "stopped" | "dismissed";
  may: "nothing" | "be_heard" | "stand_in";
  reason: string;
  price_micro: number;
  most_calls: number;
  calls: number;
  exam: Exam | null;
  failures: number;
  last_error: string;
  rests_until: string | null;
  created_at: string;
  dismissed_at: string | null;
}
export interface JudgeInFull {
  judge: Judge;
  version: Version;
  figures: Figures;
}
/**
 * What it is asked with; `served_by`: what the address calls the model that answers.
 */
export interface Version {
  number: number;
  prompt: string;
  sha256: string;
  served_by: string;
}
export interface JudgePage {
  results: Judge[];
  next: string | null;
  previous: string | null;
}
export interface Judged {
  item: number;
  right: boolean;
}
/**
 * A kind of task, over all projects. From ten minutes on a wage, and the spread that half of her answers lie in; her belt (docs/decisions/belts.md), and how many known tasks, all of them right, the next one takes.
 */
export interface KindRow {
  answers: number;
  active_ms: number;
  reading_ms: number;
  returned_ms: number;
  earned_micro: number;
  currency: string;
  wage_micro_per_hour: number | null;
  task_type: TaskType;
  medium: "image" | "text" | "audio" | "video" | "parts";
  wage_low_micro_per_hour: number | null;
  wage_high_micro_per_hour: number | null;
  belt: "seed" | "sprout" | "tree";
  /**
   * The share of right answers that we are 90 % sure of.
   */
  sure_bps: number;
  known: number;
  /**
   * Misses among these that she appeals against: until they are answered they take no belt away.
   */
  waiting: number;
  right: number;
  next_belt: "seed" | "sprout" | "tree" | null;
  right_needed: number | null;
}
/**
 * `source`: the model when it was sure, else people.
 */
export interface LabelAnswer {
  id: string;
  project: number;
  item: number;
  status: "waiting" | "answered";
  source: "model" | "crowd" | null;
  value: NamedValue | null;
  confidence_ppm: number | null;
  model_version: number | null;
  cost_micro: number;
  requested_at: string;
  answered_at: string | null;
}
/**
 * `id` is made by the caller: the same request sent again is asked once.
 */
export interface LabelAsked {
  id?: string;
  item?: ToLabel;
  external_id?: string;
}
/**
 * One of them. `messages`: a chat, as chat completions write it; each becomes a part.
 */
export interface ToLabel {
  text?: string;
  url?: string;
  parts?: SentPart[];
  messages?: unknown[];
}
export interface LabelChange {
  id: string;
  what: "added" | "renamed" | "merged" | "retired";
  into?: string;
}
export interface LabelCorrected {
  value?: AnswerValue;
  reason?: string;
}
export interface LabelDay {
  day: string;
  requests: number;
  by_model: number;
  by_crowd: number;
  audits_right: number;
  audits_checked: number;
  cost_micro: number;
}
/**
 * `threshold_ppm`: from this confidence on the model answers alone; null: it answers nothing yet, and people answer everything. Of `draws` (`waiting`: drawn, and not decided yet) `wrong` are wrong and at least so sure; `bound_ppm`: so many of all labels are wrong, at most. `price_micro`: what a label costs in the mean as it stands; where that is above `budget_micro`, the state is too_dear.
 */
export interface LabelPromise {
  project: number;
  state: "open" | "kept" | "too_dear";
  error_ppm: number;
  confidence_ppm: number;
  reference_error_ppm: number;
  budget_micro: number | null;
  threshold_ppm: number | null;
  draws: number;
  waiting: number;
  wrong: number;
  bound_ppm: number;
  model_share_ppm: number;
  price_micro: number | null;
  currency: string | null;
  since: string;
}
/**
 * `draws`: of each, in their order, the id of its request, how sure the model was in millionths, and whether it was right.
 */
export interface LabelPromiseBody {
  v: string;
  project: number;
  model_version: number | null;
  since: string;
  error_ppm: number;
  confidence_ppm: number;
  reference_error_ppm: number;
  threshold_before_ppm: number;
  draws: (string | number | boolean)[][];
  waiting: number;
  stated: StatedByDraws;
}
export interface StatedByDraws {
  threshold_ppm: number;
  wrong: number;
  model_share_ppm: number;
  bound_ppm: number;
  changed: boolean;
}
export interface LabelReport {
  requests: number;
  answered_by_model: number;
  answered_by_crowd: number;
  waiting: number;
  /**
   * Of what was answered.
   */
  model_share: number | null;
  audits: Audits;
  /**
   * By source.
   */
  latency_s: {
    [k: string]: Latency;
  };
  cost_micro: number;
  cost_per_label_micro: number | null;
  days: LabelDay[];
}
export interface Latency {
  p50: number;
  p95: number;
  p99: number;
}
export interface LabelsChange {
  question: Question;
  touched: Effect[];
  preview: boolean;
}
/**
 * A version of what is asked. A version stands as it was written.
 */
export interface Question {
  id: number;
  number: number;
  title: string;
  /**
   * By language.
   */
  instructions: {
    [k: string]: string;
  };
  config: Config;
  changes: LabelChange[];
  sha256: string;
  created_at: string;
}
/**
 * `labels`: all that are asked from now on, in order. `merge`: {label: the label that it is one with now}. `retire`: asked no
 * more. Each label of before is in one of the three. With `preview` nothing is changed.
 */
export interface LabelsChanged {
  labels: LabelDef[];
  merge?: {
    [k: string]: string;
  };
  retire?: string[];
  preview?: boolean;
}
/**
 * Of the labels given at most `error_ppm` are wrong, `confidence_ppm` sure, if people are wrong on at most `reference_error_ppm`.
 * `budget_micro`: what a label may cost in the mean.
 */
export interface LabelsPromised {
  error_ppm: number;
  confidence_ppm?: number;
  reference_error_ppm?: number;
  budget_micro?: number | null;
}
export interface LanguageProgress {
  language: string;
  total: number;
  confirmed: number;
  mended: number;
}
/**
 * A task on loan. An answer that was given until `expires_at` is paid if it arrives until `paid_until`.
 */
export interface Lease {
  lease: string;
  batch: number;
  project: number;
  item: Item;
  question: number | null;
  suggestion?: Suggestion;
  expires_at: string;
  paid_until: string;
}
export interface Suggestion {
  value: AnswerValue;
  confidence_ppm: number | null;
  model_version: number | null;
}
export interface Leases {
  leases: Lease[];
}
/**
 * What her money is where she lives, by a rate that the operator has set: it is shown by this, and paid in `currency`.
 */
export interface LocalRate {
  currency: string;
  /**
   * Millionths of it for one unit of the ledger's currency.
   */
  rate_micro: number;
  day: string;
  source: string;
}
export interface Me {
  name: string;
  email: string | null;
  phone: string | null;
  language: string;
  terms: Terms;
  roles: ("worker" | "requester" | "reviewer" | "admin")[];
  worker: WorkerSummary | null;
  payout_min_micro: number;
}
export interface Terms {
  version: string;
  agreed: string;
}
export interface WorkerSummary {
  pseudonym: string;
  country: string;
  /**
   * Languages that she works in; empty: not asked yet.
   */
  reads: string[];
  /**
   * What she never wants to see: work that warns of it is not offered to her.
   */
  avoids: string[];
  points: number;
  level: number;
  level_progress_bps: number;
  streak_days: number;
  /**
   * Tasks a day that are enough, as she set it; 0: no goal.
   */
  goal_tasks: number;
  pending_micro: number;
  available_micro: number;
  in_flight_micro: number;
  currency: string;
  local: LocalRate | null;
  earned_today_micro: number;
  /**
   * What of it is in her balance.
   */
  yours_today_micro: number;
  /**
   * When the rest of today's base pay is hers at the latest.
   */
  today_by: string | null;
  answers_today: number;
  wage_micro_per_hour: number | null;
  /**
   * Tasks at once.
   */
  may_hold: number;
  /**
   * How many hold now.
   */
  bans: number;
  hold: Hold | null;
}
/**
 * `reads`: the languages that she works in. `avoids`: what she never wants to see.
 * `goal_tasks`: how many tasks are enough for one day; 0: no goal.
 */
export interface MeChanged {
  language?: "en" | "fr" | "pt" | "sw" | "xh" | "zh-Hant" | "zu";
  display_name?: string;
  reads?: string[];
  avoids?: string[];
  goal_tasks?: number;
}
export interface Member {
  person: number;
  name: string;
  role: "owner" | "manager" | "viewer";
}
export interface MemberPage {
  results: Member[];
  next: string | null;
  previous: string | null;
}
export interface MissAppealOf {
  answer: string;
  appeal: MissAppeal;
}
export interface MissAppealed {
  answer: string;
  words?: string;
}
export interface NewGold {
  item: number;
  truth: NamedValue;
  explanation: string;
}
export interface NewTeamLink {
  id: number;
  state: "open" | "used_up" | "ended" | "revoked";
  uses: number;
  most_uses: number | null;
  created_at: string;
  expires_at: string | null;
  /**
   * Shown once: only a hash of its secret is kept.
   */
  link: string;
}
export interface NewToken {
  id: number;
  name: string;
  prefix: string;
  scopes: ("work" | "wallet" | "projects" | "label")[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
  /**
   * The secret: shown this once.
   */
  token: string;
}
export interface NewWebhook {
  id: number;
  organisation: number;
  url: string;
  events: string[];
  disabled: boolean;
  /**
   * In a row, up to ten.
   */
  failures: number;
  rests_until: string | null;
  /**
   * Shown this once.
   */
  secret: string;
}
export interface News {
  settled: number;
  /**
   * By the others' answers or by a known task.
   */
  confirmed: number;
  earned_micro: number;
  currency: string;
  /**
   * What the next question's `since` should be.
   */
  until: string;
}
export interface Notices {
  work: boolean;
  money: boolean;
  appeals: boolean;
  by: "push" | "email" | "sms";
  /**
   * Those that reach her.
   */
  ways: ("push" | "email" | "sms")[];
  /**
   * An hour of her day; as quiet_until: none are quiet.
   */
  quiet_from: number;
  quiet_until: number;
  /**
   * IANA's name, for example Africa/Johannesburg.
   */
  time_zone: string;
  /**
   * applicationServerKey, base64url.
   */
  push_key: string;
}
/**
 * What is left out stays as it is. `push`: this phone's subscription, where notices go to phones.
 */
export interface NoticesChosen {
  work?: boolean;
  money?: boolean;
  appeals?: boolean;
  by?: "push" | "email" | "sms";
  quiet_from?: number;
  quiet_until?: number;
  time_zone?: string;
  push?: PushKeys;
}
/**
 * A subscription as the browser's PushSubscription.toJSON() has it, its keys beside the address.
 */
export interface PushKeys {
  endpoint: string;
  p256dh: string;
  auth: string;
}
/**
 * `task_s` is measured where enough people have worked there (`task_time_measured`), else the requester's estimate.
 */
export interface Offer {
  batch: number;
  project: number;
  title: string;
  requester: string;
  task_type: TaskType;
  medium: "image" | "text" | "audio" | "video" | "parts";
  language: string;
  base_micro: number;
  bonus_micro: number;
  /**
   * On top of the base now: the tasks take longer than their requester thought.
   */
  topped_micro: number;
  /**
   * What the requester pays the platform on top of the base of a task.
   */
  fee_micro: number;
  currency: string;
  task_s: number;
  task_time_measured: boolean;
  wage_micro_per_hour: number;
  /**
   * Counted to 100.
   */
  open_items: number;
  /**
   * Worked examples: each teaches at once, is paid, and counts for nothing.
   */
  training: boolean;
  asks_belt: "seed" | "sprout" | "tree";
  /**
   * Of an exam: so many tasks a sitting. What was right is told when it is over. 0: none.
   */
  exam_tasks: number;
  /**
   * so many of them right pass.
   */
  exam_needed: number;
  /**
   * What in it may disturb: she reads it before the first task, and pictures, films and texts are covered until she asks.
   */
  warnings: ("violence" | "injury" | "death" | "self_harm" | "sexual" | "hate" | "medical")[];
  /**
   * What she needs before she may draw; none: she may.
   */
  missing: BeltMissing | null;
  exam_missing: ExamMissing | null;
  bytes_per_task: number;
  offer_hash: string;
  /**
   * A task is hers so long;
   */
  lease_s: number;
  /**
   * taken along, so long (0: not to be taken);
   */
  pack_s: number;
  /**
   * and what she did in that time is paid when it is sent this much later.
   */
  late_s: number;
  deadline: string | null;
}
/**
 * An offer with what its tasks need: how they are done, in her language, the labels and examples.
 */
export interface OfferInFull {
  batch: number;
  project: number;
  title: string;
  requester: string;
  task_type: TaskType;
  medium: "image" | "text" | "audio" | "video" | "parts";
  language: string;
  base_micro: number;
  bonus_micro: number;
  /**
   * On top of the base now: the tasks take longer than their requester thought.
   */
  topped_micro: number;
  /**
   * What the requester pays the platform on top of the base of a task.
   */
  fee_micro: number;
  currency: string;
  task_s: number;
  task_time_measured: boolean;
  wage_micro_per_hour: number;
  /**
   * Counted to 100.
   */
  open_items: number;
  /**
   * Worked examples: each teaches at once, is paid, and counts for nothing.
   */
  training: boolean;
  asks_belt: "seed" | "sprout" | "tree";
  /**
   * Of an exam: so many tasks a sitting. What was right is told when it is over. 0: none.
   */
  exam_tasks: number;
  /**
   * so many of them right pass.
   */
  exam_needed: number;
  /**
   * What in it may disturb: she reads it before the first task, and pictures, films and texts are covered until she asks.
   */
  warnings: ("violence" | "injury" | "death" | "self_harm" | "sexual" | "hate" | "medical")[];
  /**
   * What she needs before she may draw; none: she may.
   */
  missing: BeltMissing | null;
  exam_missing: ExamMissing | null;
  bytes_per_task: number;
  offer_hash: string;
  /**
   * A task is hers so long;
   */
  lease_s: number;
  /**
   * taken along, so long (0: not to be taken);
   */
  pack_s: number;
  /**
   * and what she did in that time is paid when it is sent this much later.
   */
  late_s: number;
  deadline: string | null;
  /**
   * By language.
   */
  instructions: {
    [k: string]: string;
  };
  config: Config;
  examples: Example[];
  /**
   * The middle half of the measured times; none while too few were measured.
   */
  half_took_s: HalfTook | null;
  /**
   * The version of the question that these tell.
   */
  question: number | null;
  /**
   * The instructions as a sound; none: nobody has recorded what stands there now.
   */
  spoken: Sound | null;
  /**
   * What of `warnings` she has agreed to see, on whichever phone.
   */
  agreed: string[];
}
/**
 * Of the instructions in a language.
 */
export interface Sound {
  language: string;
  url: string;
  bytes: number;
  duration_ms: number;
  /**
   * By a person; no: the server's own voice.
   */
  recorded: boolean;
}
export interface OfferPage {
  results: Offer[];
  next: string | null;
  previous: string | null;
}
export interface Ok {
  ok: boolean;
}
export interface Organisation {
  id: number;
  name: string;
  /**
   * Hers.
   */
  role: "owner" | "manager" | "viewer";
}
export interface OrganisationInFull {
  id: number;
  name: string;
  /**
   * null: she is no member, and reads it as an admin.
   */
  role: "owner" | "manager" | "viewer" | null;
  members: number;
}
export interface OrganisationMade {
  name: string;
}
export interface OrganisationPage {
  results: Organisation[];
  next: string | null;
  previous: string | null;
}
export interface OwnRating {
  clear: number;
  fair: number;
  paid: number;
  words: string;
  reply: string;
}
/**
 * A label that is asked no more; `into`: the one that it was merged into.
 */
export interface PastLabel {
  id: string;
  /**
   * By language.
   */
  name: {
    [k: string]: string;
  };
  colour?: string;
  into: string | null;
}
export interface PayRule {
  version: number;
  text: string;
  hash: string;
}
export interface Payout {
  id: string;
  amount_micro: number;
  currency: string;
  state: "created" | "sent" | "unknown" | "paid" | "failed" | "reversed" | "cancelled";
  /**
   * Its last digits.
   */
  destination: string;
  receipt: string;
  at: string;
  wait: Wait | null;
}
export interface Wait {
  reason: "first" | "destination" | "settling" | "look";
  until: string;
  sentence: string;
  appealed_at: string | null;
}
export interface PayoutAppealed {
  words: string;
}
/**
 * `id` is made by the phone: asking twice is asking once. Without an amount: all that is free.
 */
export interface PayoutAsked {
  id: string;
  amount_micro?: number | null;
  destination: Destination;
}
export interface PayoutPage {
  results: Payout[];
  next: string | null;
  previous: string | null;
}
export interface PayoutTerms {
  currency: string;
  /**
   * The rail that carries the money, as the operator has named it.
   */
  operator: string;
  min_micro: number;
  fee_micro: number;
  free_micro: number;
  new_number_wait_s: number;
  day_micro: number;
  hold: HoldTold | null;
}
export interface Period {
  period: string;
  day: string;
  state: string;
}
export interface PeriodPage {
  results: Period[];
  next: string | null;
  previous: string | null;
}
export interface Post {
  id: number;
  /**
   * A worker's pseudonym, or the requester's name.
   */
  by: string;
  is_requester: boolean;
  mine: boolean;
  words: string;
  said_at: string;
}
export interface PostPage {
  results: Post[];
  next: string | null;
  previous: string | null;
}
export interface PostWritten {
  words: string;
}
export interface Project {
  id: number;
  organisation: number;
  title: string;
  /**
   * By language.
   */
  titles: {
    [k: string]: string;
  };
  task_type: TaskType;
  medium: "image" | "text" | "audio" | "video" | "parts";
  config: Config;
  /**
   * By language.
   */
  instructions: {
    [k: string]: string;
  };
  language: string;
  target_ppm: number;
  min_answers: number;
  max_answers: number;
  gold_share_bps: number;
  estimated_task_s: number;
  /**
   * The skill belt that new tasks are lent for.
   */
  asks_belt: "seed" | "sprout" | "tree";
  /**
   * New tasks are lent to who has passed the project's exam.
   */
  asks_exam: boolean;
  /**
   * Work, training and exams are lent to this team of the organisation alone.
   */
  asks_team: number | null;
  /**
   * What in it may disturb: she reads it before the first task, and pictures, films and texts are covered until she asks.
   */
  warnings: ("violence" | "injury" | "death" | "self_harm" | "sexual" | "hate" | "medical")[];
  suggestions_enabled: boolean;
  label_api_threshold_ppm: number;
  label_api_audit_bps: number;
  /**
   * Of items of several parts: the roles that each must have; an import names the part that is wrong.
   */
  expects: {
    [k: string]: Expected;
  };
  /**
   * The version of the question that is asked now.
   */
  question: number | null;
  past_labels: PastLabel[];
  created_at: string;
  archived_at: string | null;
}
export interface ProjectEdited {
  /**
   * By language.
   */
  titles?: {
    [k: string]: string;
  };
  /**
   * By language.
   */
  instructions?: {
    [k: string]: string;
  };
  /**
   * A language tag, for example en or zh-Hant.
   */
  language?: string;
  config?: Config;
  target_ppm?: number;
  min_answers?: number;
  max_answers?: number;
  gold_share_bps?: number;
  estimated_task_s?: number;
  asks_belt?: string;
  asks_exam?: boolean;
  asks_team?: number | null;
  warnings?: string[];
  suggestions_enabled?: boolean;
  label_api_threshold_ppm?: number;
  label_api_audit_bps?: number;
  /**
   * Of items of several parts: the roles that each must have; an import names the part that is wrong.
   */
  expects?: {
    [k: string]: Expected;
  };
  title?: string;
}
export interface ProjectMade {
  /**
   * By language.
   */
  titles?: {
    [k: string]: string;
  };
  /**
   * By language.
   */
  instructions?: {
    [k: string]: string;
  };
  /**
   * A language tag, for example en or zh-Hant.
   */
  language?: string;
  config?: Config;
  target_ppm?: number;
  min_answers?: number;
  max_answers?: number;
  gold_share_bps?: number;
  estimated_task_s?: number;
  asks_belt?: string;
  asks_exam?: boolean;
  asks_team?: number | null;
  warnings?: string[];
  suggestions_enabled?: boolean;
  label_api_threshold_ppm?: number;
  label_api_audit_bps?: number;
  /**
   * Of items of several parts: the roles that each must have; an import names the part that is wrong.
   */
  expects?: {
    [k: string]: Expected;
  };
  organisation: number;
  title: string;
  task_type: string;
  medium: string;
}
export interface ProjectPage {
  results: Project[];
  next: string | null;
  previous: string | null;
}
/**
 * At most `error_ppm` of the labels are wrong, `confidence_ppm` sure, if who judges is wrong on at most `reference_error_ppm` of them.
 * `draws`: of the sample; `budget`: labels that may be judged, at most.
 */
export interface Promised {
  error_ppm: number;
  confidence_ppm?: number;
  reference_error_ppm?: number;
  draws?: number;
  budget?: number | null;
}
export interface QuestionPage {
  results: Question[];
  next: string | null;
  previous: string | null;
}
export interface QuestionTold {
  id: number;
  words: string;
  asked_on: string;
  /**
   * Seen by all who do this work.
   */
  reply: string;
}
export interface QuestionToldPage {
  results: QuestionTold[];
  next: string | null;
  previous: string | null;
}
/**
 * Means, 100 to 300; from three people on.
 */
export interface RatingFigures {
  clear: number;
  fair: number;
  paid: number;
  raters: number;
}
/**
 * For the requester, from three people on: never whose it is, nor the hour, which her answers would tell.
 */
export interface RatingTold {
  clear: number;
  fair: number;
  paid: number;
  id: number;
  words: string;
  said_on: string;
  reply: string;
}
export interface RatingToldPage {
  results: RatingTold[];
  next: string | null;
  previous: string | null;
}
/**
 * `id`: made by the phone. `active_ms` as of a task that is handed back.
 */
export interface Reading {
  id: string;
  batch: number;
  active_ms: number;
}
export interface RefusedRow {
  row: number;
  name: string;
  field: string;
  reason: string;
}
export interface RefusedRowPage {
  results: RefusedRow[];
  next: string | null;
  previous: string | null;
}
export interface Release {
  id: number;
  project: number;
  number: number;
  state: "building" | "ready" | "failed";
  sha256: string;
  items: number;
  size_bytes: number;
  wanted: ReleaseChoice;
  created_at: string;
}
export interface ReleaseChoice {
  gold?: boolean;
  undecided?: boolean;
  labels?: string[];
  confidence_from_ppm?: number;
  datasets?: number[];
  batches?: number[];
}
/**
 * What it shall hold; without any of these: all that is decided.
 */
export interface ReleaseMade {
  gold?: boolean;
  undecided?: boolean;
  labels?: string[];
  confidence_from_ppm?: number;
  datasets?: number[];
  batches?: number[];
}
export interface ReleasePage {
  results: Release[];
  next: string | null;
  previous: string | null;
}
/**
 * What nobody has worked on is deleted, the rest archived.
 */
export interface Removed {
  deleted: number;
  archived: number;
}
export interface Renew {
  batch: number;
  pack?: boolean;
}
export interface RenewedLease {
  lease: string;
  expires_at: string;
  paid_until: string;
}
export interface RenewedLeases {
  leases: RenewedLease[];
}
export interface Report {
  lease: string;
  active_ms?: number;
  reason: "broken" | "unclear" | "offensive" | "disturbing" | "personal" | "language" | "other";
  comment?: string;
}
export interface RequesterItem {
  id: number;
  dataset: number;
  external_id: string;
  file_name: string;
  payload: Payload;
  /**
   * The columns that mean nothing to us, as they came.
   */
  metadata: {
    [k: string]: unknown;
  };
  is_gold: boolean;
  is_reported: boolean;
  media: StoredMedia | null;
  decision: Decision | null;
  created_at: string;
}
export interface RequesterItemPage {
  results: RequesterItem[];
  next: string | null;
  previous: string | null;
}
export interface RoleGiven {
  role: string;
}
export interface RowRemark {
  row: number;
  name: string;
  field: string;
  remark: string;
}
export interface RowRemarkPage {
  results: RowRemark[];
  next: string | null;
  previous: string | null;
}
/**
 * The counts of the pay rule in one project, the score they make, and what the next right answer would make it.
 */
export interface ScoreRow {
  answers: number;
  active_ms: number;
  reading_ms: number;
  returned_ms: number;
  earned_micro: number;
  currency: string;
  wage_micro_per_hour: number | null;
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
}
export interface Scores {
  results: ScoreRow[];
  days: WorkedDay[];
  kinds: KindRow[];
  rule: PayRule;
}
export interface WorkedDay {
  answers: number;
  active_ms: number;
  reading_ms: number;
  returned_ms: number;
  earned_micro: number;
  currency: string;
  wage_micro_per_hour: number | null;
  day: string;
}
export interface SentenceSaid {
  id: string;
  text: string;
}
export interface SentenceShown {
  /**
   * Of its place and its English: where the English changes it is another.
   */
  id: string;
  source: "phone" | "server";
  key: string;
  english: string;
  text: string;
  /**
   * The screens that say it, or the piece of the server that it comes from.
   */
  where: string;
  state: "open" | "confirmed" | "mended";
}
export interface SentenceShownPage {
  results: SentenceShown[];
  next: string | null;
  previous: string | null;
}
/**
 * As they stand, or mended. All are taken, or none.
 */
export interface SentencesConfirmed {
  sentences: SentenceSaid[];
}
/**
 * The books of a promise: `python -m labelling.proof.warranty label-promise.json` recomputes its bound.
 */
export interface SignedLabelPromise {
  body: LabelPromiseBody;
  signature: string;
  public_key: string;
}
/**
 * What goes with the release: `python -m labelling.proof.warranty release.jsonl warranty.json` recomputes the promise.
 */
export interface SignedWarranty {
  body: WarrantyBody;
  signature: string;
  public_key: string;
}
export interface WarrantyBody {
  v: string;
  release_sha256: string;
  error_ppm: number;
  confidence_ppm: number;
  reference_error_ppm: number;
  draws: number;
  judgements: (number | boolean)[][];
}
/**
 * The operator's Ed25519 key, by which receipts, bundles and certificates are checked.
 */
export interface SigningKey {
  operator: string;
  key_id: string;
  public_key: string;
}
/**
 * `active_ms`: how long she had it before her; it is in her wage, within what has passed on the server's clock.
 */
export interface Skip {
  lease: string;
  active_ms?: number;
}
export interface SoundOf {
  language: string;
  sound: Sound | null;
  /**
   * It says what stands there now; only then it is played.
   */
  is_current: boolean;
  /**
   * The server could speak this language.
   */
  has_voice: boolean;
}
/**
 * Multipart: one sound, of five minutes at most.
 */
export interface SoundSent {
  file: string;
}
export interface Sounds {
  languages: SoundOf[];
}
export interface StatementMonth {
  /**
   * For example 2026-11.
   */
  month: string;
  opening_micro: number;
  in_micro: number;
  /**
   * Zero or below.
   */
  out_micro: number;
  closing_micro: number;
}
export interface Statements {
  currency: string;
  results: StatementMonth[];
}
export interface TaskQuestionAsked {
  words: string;
}
export interface Team {
  id: number;
  organisation: number;
  name: string;
  created_at: string;
}
export interface TeamLink {
  id: number;
  state: "open" | "used_up" | "ended" | "revoked";
  uses: number;
  most_uses: number | null;
  created_at: string;
  expires_at: string | null;
}
/**
 * `days`: how long it holds; `uses`: how many people it lets in. Without one, until it is revoked, and any number.
 */
export interface TeamLinkMade {
  days?: number | null;
  uses?: number | null;
}
export interface TeamLinkPage {
  results: TeamLink[];
  next: string | null;
  previous: string | null;
}
/**
 * `secret`: what stands in the link behind `#/team/`.
 */
export interface TeamLinkShown {
  secret: string;
}
/**
 * By pseudonym: who she is, is told to nobody.
 */
export interface TeamMember {
  id: number;
  worker: string;
  joined_at: string;
}
export interface TeamMemberPage {
  results: TeamMember[];
  next: string | null;
  previous: string | null;
}
export interface TeamNamed {
  name: string;
}
export interface TeamPage {
  results: Team[];
  next: string | null;
  previous: string | null;
}
export interface TermsAgreed {
  version: string;
  /**
   * Two letters, ISO 3166-1.
   */
  country: string;
  adult?: boolean;
}
export interface Token {
  id: number;
  name: string;
  prefix: string;
  scopes: ("work" | "wallet" | "projects" | "label")[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}
export interface TokenMade {
  name: string;
  scopes: ("work" | "wallet" | "projects" | "label")[];
}
export interface TokenPage {
  results: Token[];
  next: string | null;
  previous: string | null;
}
/**
 * `seats`: how many people may do it. Without `base_micro` an example pays the wage floor.
 */
export interface TrainingMade {
  seats: number;
  examples?: number;
  base_micro?: number | null;
}
/**
 * The task as a worker sees it.
 */
export interface Trial {
  project: number;
  title: string;
  task_type: TaskType;
  medium: "image" | "text" | "audio" | "video" | "parts";
  language: string;
  /**
   * By language.
   */
  instructions: {
    [k: string]: string;
  };
  config: Config;
  base_micro: number;
  currency: string;
  items: Item[];
}
export interface TrialFeedback {
  /**
   * null: no known task.
   */
  feedback: Feedback | null;
}
export interface Tried {
  item: number;
  value?: AnswerValue;
}
export interface Upload {
  id: number;
  dataset: number;
  kind: "files" | "zip" | "csv" | "jsonl" | "urls" | "table";
  file_name: string;
  state: "waiting" | "running" | "asks" | "done" | "failed";
  error: string;
  rows_total: number | null;
  rows_done: number;
  /**
   * Of the document that is taken in just now.
   */
  pages_total: number | null;
  pages_done: number | null;
  rows_added: number;
  /**
   * The same content was there already.
   */
  rows_known: number;
  rows_refused: number;
  rows_remarked: number;
  asks: Asked | null;
}
/**
 * `id` is made by the sender, so that beginning again is the same.
 */
export interface UploadBegun {
  id: string;
}
/**
 * `ask`: show how it would be read before anything is imported, however clear it is.
 */
export interface UploadFinished {
  columns?: {
    [k: string]: string;
  };
  header?: boolean;
  encoding?: string;
  shape?: "lines" | "whole";
  ask?: boolean;
}
export interface UploadPage {
  results: Upload[];
  next: string | null;
  previous: string | null;
}
export interface UploadPart {
  path: string;
  size_bytes: number;
  sha256: string;
}
export interface UploadPartPage {
  results: UploadPart[];
  next: string | null;
  previous: string | null;
}
export interface UploadSession {
  id: string;
  dataset: number;
  files: number;
  size_bytes: number;
  finished: boolean;
  uploads: number[];
}
export interface UploadSessionAdded {
  id: string;
  dataset: number;
  files: number;
  size_bytes: number;
  finished: boolean;
  uploads: number[];
  /**
   * How many of the files are new.
   */
  added: number;
}
export interface Uploads {
  uploads: Upload[];
}
export interface VoiceReplied {
  words: string;
}
/**
 * Of a project, for who works there: the newest questions with an answer, and her own that wait.
 */
export interface Voices {
  figures: RatingFigures | null;
  mine: OwnRating | null;
  may_rate: boolean;
  questions: AnsweredQuestion[];
}
export interface WalletLine {
  id: number;
  at: string;
  kind: string;
  key: string;
  amount_micro: number;
  account: "available" | "pending";
  balance_micro: number;
  /**
   * What the kind of transfer tells of itself.
   */
  note: {
    [k: string]: unknown;
  };
}
export interface WalletLinePage {
  results: WalletLine[];
  next: string | null;
  previous: string | null;
}
/**
 * `stands`: labels that need no judgement; `bound_ppm`: of all labels so many are wrong, at most; both null while the sample is being judged. `right_ppm`: of all labels as they were frozen so many are right, between `right_low_ppm` and `right_high_ppm` (an interval that holds whenever one looks). `next_items`: to be judged next, some of `to_judge`. `needed`: judgements in all; where they are more than `budget`, the state is too_dear, and `price_micro` says what those that are left would cost at what the project pays for an answer.
 */
export interface Warranty {
  release: number;
  state: "open" | "kept" | "too_dear";
  error_ppm: number;
  confidence_ppm: number;
  reference_error_ppm: number;
  draws: number;
  draws_used: number;
  budget: number;
  labels: number;
  judged: number;
  to_judge: number;
  needed: number;
  next_items: number[];
  stands: number | null;
  bound_ppm: number | null;
  right_ppm: number;
  right_low_ppm: number;
  right_high_ppm: number;
  price_micro: number | null;
  currency: string | null;
  created_at: string;
}
export interface Webhook {
  id: number;
  organisation: number;
  url: string;
  events: string[];
  disabled: boolean;
  /**
   * In a row, up to ten.
   */
  failures: number;
  rests_until: string | null;
}
export interface WebhookAdded {
  organisation: number;
  url: string;
  events?: ("item.decided" | "label.answered" | "warranty.dear" | "labels.dear" | "judge.stopped")[];
}
export interface WebhookPage {
  results: Webhook[];
  next: string | null;
  previous: string | null;
}
export interface WebhookTried {
  /**
   * The receiver said that it has it.
   */
  taken: boolean;
  status: number | null;
  /**
   * Why there was no answer.
   */
  error: string;
  took_ms: number;
}
/**
 * Laid over what the phone was built with.
 */
export interface Words {
  /**
   * Languages of which a speaker has confirmed every sentence; the others were drafted by machine.
   */
  confirmed: string[];
  /**
   * Key of the phone's files, and a speaker's words.
   */
  mended: {
    [k: string]: string;
  };
}
/**
 * Each 1 (no), 2 (partly) or 3 (yes): is it clear, is it fair, does it pay as it said.
 */
export interface WorkRated {
  clear: number;
  fair: number;
  paid: number;
  words?: string;
}
/**
 * Whose team it is, as a worker reads it.
 */
export interface WorkTeam {
  team: number;
  name: string;
  requester: string;
  joined: boolean;
}
export interface WorkTeamPage {
  results: WorkTeam[];
  next: string | null;
  previous: string | null;
}
/**
 * What a worker has done in a project, and how well.
 */
export interface WorkerFigures {
  /**
   * Her pseudonym.
   */
  worker: string;
  /**
   * That are settled;
   */
  answers: number;
  /**
   * so long, in all.
   */
  active_ms: number;
  /**
   * Known tasks that count;
   */
  gold_seen: number;
  /**
   * of these right.
   */
  gold_right: number;
  /**
   * Answers to items that are decided;
   */
  decided: number;
  /**
   * of these like the decision.
   */
  agreed: number;
  skips: number;
  reports: number;
}
export interface WorkerFiguresPage {
  results: WorkerFigures[];
  next: string | null;
  previous: string | null;
}
