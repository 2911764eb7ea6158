import { pick } from "@app/i18n";
import type { LabelDef } from "./types";

/** How a label is called and its colour. */
export type Look = { name: string; colour: string };
export type Labels = Map<string, Look>;

// Colours told apart by all kinds of eyes (Okabe & Ito 2008), for labels that name none.
const COLOURS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"];

/** How each label is called in her language, and its colour. */
export const looksOf = (labels: LabelDef[]): Labels => new Map(labels.map(({ id, name, colour }, k) => [id, { name: pick(name), colour: colour ?? COLOURS[k % COLOURS.length]! }]));

/** One of them; of a label that the question no longer has, its id. */
export const labelShown = (question: { labels: LabelDef[] }, id: string): Look => looksOf(question.labels).get(id) ?? { name: id, colour: "#ffffff" };

/** A line under the words for each label, under each other where labels lie over labels. */
export const linesUnder = (colours: string[]): { boxShadow: string } => ({ boxShadow: colours.map((colour, k) => `0 ${3 * (k + 1)}px 0 ${colour}`).join(", ") });
