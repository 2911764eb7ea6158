import type { JSX } from "preact";
import { drawnOn, stretchesOf, type Change, type Drawing, type Marked, type Outline, type Range, type Stretch } from "@app/app/drawing";
import { linesUnder } from "@app/app/looks";
import type { Point } from "@app/geometry/box";
import type { LoadedMedia, Question, TaskType } from "@app/app/widget";
import { seconds } from "@app/i18n/format";
import { Picture } from "./Picture";

type Props = { type: TaskType<unknown, unknown>; value: unknown; question: Question; media: LoadedMedia };

/** An answer to look at, of any type: drawn on the picture or in the text where there is one, and in words. */
export function Answer({ type, value, question, media }: Props) {
  return <Drawn drawing={type.show(value, question)} question={question} media={media} />;
}

function Drawn({ drawing, question, media }: { drawing: Drawing; question: Question; media: LoadedMedia }) {
  if (drawing.rows) return <Rows rows={drawing.rows} each={(one) => <Drawn drawing={one} question={question} media={media} />} />;
  const on = drawnOn(drawing);
  if (on === "text" && question.text) return <MarkedText text={question.text} marks={drawing.shapes as Marked[]} language={question.language} />;
  if (on === "sound") return <Ranges ranges={drawing.shapes as Range[]} />;
  if (on === "picture" && media.url)
    return (
      <figure class="stack tight">
        <Outlined outlines={drawing.shapes as Outline[]} url={media.url} question={question} label={drawing.words} />
        <figcaption>{drawing.words}</figcaption>
      </figure>
    );
  return <InWords drawing={drawing} language={question.language} />;
}

/** Where there is no room to draw. */
export function AnswerInWords({ type, value, question }: Omit<Props, "media">) {
  return <InWords drawing={type.show(value, question)} language={question.language} />;
}

function Rows({ rows, each }: { rows: NonNullable<Drawing["rows"]>; each(one: Drawing): JSX.Element }) {
  return (
    <dl class="answer-rows">
      {rows.map(({ title, drawing }) => (
        <div>
          <dt dir="auto">{title}</dt>
          <dd>{each(drawing)}</dd>
        </div>
      ))}
    </dl>
  );
}

function InWords({ drawing, language }: { drawing: Drawing; language: string }) {
  if (drawing.rows) return <Rows rows={drawing.rows} each={(one) => <InWords drawing={one} language={language} />} />;
  return <Words drawing={drawing} language={language} />;
}

function Words({ drawing: { words, text, changes }, language }: { drawing: Drawing; language: string }) {
  if (!text) return <strong dir="auto">{words}</strong>;
  return (
    <p class="shown-text" lang={language || undefined} dir="auto">
      {changes ? <Changed changes={changes} /> : words}
    </p>
  );
}

/** What was taken out of a text and what was put in, where it stood. */
export function Changed({ changes }: { changes: Change[] }) {
  return <>{changes.map(({ kind, text }) => (kind === "out" ? <del>{text}</del> : kind === "in" ? <ins>{text}</ins> : text))}</>;
}

function Outlined({ outlines, url, question: { widthPx, heightPx }, label }: { outlines: Outline[]; url: string; question: Question; label: string }) {
  const line = Math.max(widthPx, heightPx) / 160;
  return (
    <Picture size={{ width: widthPx, height: heightPx }} label={label}>
      <svg viewBox={`0 0 ${widthPx} ${heightPx}`} role="img" aria-label={label}>
        <image href={url} width={widthPx} height={heightPx} />
        {outlines.map((outline) => (
          <g fill="none" stroke-linejoin="round">
            {outline.kind === "area" && <path d={pathOf(outline, line)} fill={outline.label.colour} fill-opacity="0.35" fill-rule="evenodd" />}
            <path d={pathOf(outline, line)} stroke="#000" stroke-width={line * 1.8} />
            <path d={pathOf(outline, line)} stroke="#fff" stroke-width={line} />
            <path d={pathOf(outline, line)} stroke={outline.label.colour} stroke-width={line / 2} />
            {outline.kind === "skeleton" &&
              outline.points.map(
                (at) => at && <circle cx={at.x} cy={at.y} r={line * 1.3} fill={at.hidden ? "#000" : outline.label.colour} stroke={at.hidden ? outline.label.colour : "#fff"} stroke-width={line / 2} />,
              )}
          </g>
        ))}
      </svg>
    </Picture>
  );
}

function pathOf(outline: Outline, line: number): string {
  if (outline.kind === "rectangle") return `M${outline.x} ${outline.y}h${outline.width}v${outline.height}h${-outline.width}z`;
  if (outline.kind === "polygon") return ringOf(outline.points);
  if (outline.kind === "area") return outline.rings.map(ringOf).join("");
  if (outline.kind === "skeleton") return outline.edges.map(([a, b]) => lineOf(outline.points[a], outline.points[b])).join("");
  const { x, y } = outline;
  return `M${x - 2 * line} ${y}h${4 * line}M${x} ${y - 2 * line}v${4 * line}`;
}

const ringOf = (points: Point[]): string => `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}z`;

const lineOf = (from?: Point | null, to?: Point | null): string => (from && to ? `M${from.x} ${from.y}L${to.x} ${to.y}` : "");

/** Each mark a line in its colour, with its label where it ends; marks over marks are lines under each other. */
function MarkedText({ text, marks, language }: { text: string; marks: Marked[]; language: string }) {
  return (
    <p class="shown-text" lang={language || undefined} dir="auto" data-testid="marked-text">
      {stretchesOf(text, marks).map((stretch) => (stretch.marks.length ? <MarkedStretch {...stretch} /> : stretch.text))}
    </p>
  );
}

function MarkedStretch({ text, marks, ended }: Stretch) {
  return (
    <>
      <mark class="marked-span" style={linesUnder(marks.map(({ label }) => label.colour))}>
        {text}
      </mark>
      {ended.map(({ label }) => (
        <small class="span-label">{label.name}</small>
      ))}
    </>
  );
}

function Ranges({ ranges }: { ranges: Range[] }) {
  return (
    <ul>
      {ranges.map(({ label, startMs, endMs }) => (
        <li>
          {seconds(startMs / 1000)} – {seconds(endMs / 1000)}: {label.name}
        </li>
      ))}
    </ul>
  );
}
