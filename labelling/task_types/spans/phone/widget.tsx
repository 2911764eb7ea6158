import { Component, createRef } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { stretchesOf, type Marked } from "@app/app/drawing";
import { linesUnder, looksOf, type Labels } from "@app/app/looks";
import type { WidgetProps } from "@app/app/widget";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { LabelRow } from "@app/screens/parts/labels";
import { answer } from "./answer";
import { useSpanKeys } from "./keys";
import "./style.css";
import { SpanTool, type Draft, type Said, type Span } from "./tool";
import { cut, runsFromTheRight, type Word } from "./words";

const CONTEXT = 12; // letters before and after, in the strip that shows the ends of a mark

function Widget(props: WidgetProps<Draft>) {
  const { question } = props;
  const labels = useMemo(() => looksOf(question.labels), [question]);
  const tool = useTool(props, labels);
  useSpanKeys(tool, question);
  return (
    <>
      <Text tool={tool} labels={labels} language={question.language} />
      <div class="dock stage-dock">
        <LabelRow labels={labels} question={question} chosen={tool.chosen?.label ?? ""} pick={(id) => tool.setLabel(id)} />
        {tool.range ? <Strip tool={tool} /> : <Marks tool={tool} labels={labels} />}
        {tool.range && <EndKeys tool={tool} />}
      </div>
    </>
  );
}

function useTool({ question, draft, change, announce }: WidgetProps<Draft>, labels: Labels): SpanTool {
  const [, redraw] = useState({});
  const latest = useRef({ change, say });
  latest.current = { change, say };
  function say(said: Said, { start, end }: { start: number; end: number }, label = "") {
    const shown = said === "added" || said === "same" || said === "tap_first" || said === "removed";
    announce(t(`spans.said.${said}`, { words: cut(question.text, start, end), label: labels.get(label)?.name ?? label }), shown);
  }
  const tool = useMemo(() => {
    const made = new SpanTool(question.text, question.language, { change: (...next) => latest.current.change(...next), redraw: () => redraw({}), say: (...said) => latest.current.say(...said) });
    made.load(draft); // the text below says that it was seen before the effects of this widget run: it must not say so of an empty draft
    return made;
  }, [question]);
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => tool.load(draft), [tool, draft]);
  return tool;
}

/** The text as words to tap. It scrolls by itself; the browser's own selection, which needs long presses and handles, is out of the way. */
function Text({ tool, labels, language }: { tool: SpanTool; labels: Labels; language: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const look = () => {
    const { scrollHeight, scrollTop, clientHeight } = frame.current!;
    if (scrollHeight - scrollTop - clientHeight < 24) tool.look();
  };
  useLayoutEffect(look, [tool]);
  const { range, draft } = tool;
  const flow = useMemo(() => flowOf(tool), [tool]);
  const first = flow.find((part) => part.word && (!range || lies(part, range)));
  return (
    <div class="look" ref={frame} onScroll={look}>
      <p class="words" role="group" lang={language || undefined} dir="auto" aria-label={t("spans.text", { n: draft.spans.length })} aria-describedby="spans-help" data-testid="words">
        {flow.map((part) => {
          const over = { part, marks: marksOver(part, draft.spans, labels), begun: lies(part, draft.begun), chosen: lies(part, tool.chosen) };
          return part.word ? <WordKey {...over} first={part === first} tool={tool} key={part.start} /> : <Gap {...over} key={-part.start} />;
        })}
      </p>
      <p id="spans-help" class="visually-hidden">
        {t("spans.help")}
      </p>
    </div>
  );
}

type Part = Word & { word: Word | null };

/** The whole text: words, and what stands between them. */
function flowOf({ words, text }: SpanTool): Part[] {
  const letters = [...text];
  let at = 0;
  const flow: Part[] = [];
  const gapUpTo = (end: number) => end > at && flow.push({ start: at, end, text: letters.slice(at, end).join(""), word: null });
  for (const word of words) {
    gapUpTo(word.start);
    flow.push({ ...word, word });
    at = word.end;
  }
  gapUpTo(letters.length);
  return flow;
}

const lies = (word: { start: number; end: number }, range: { start: number; end: number } | null | undefined): boolean => Boolean(range) && range!.start < word.end && range!.end > word.start;

/** By their place in this part of the text. */
function marksOver(word: { start: number; end: number }, spans: Span[], labels: Labels): Marked[] {
  const over = spans.filter((span) => lies(word, span));
  if (!over.length) return NONE;
  return over.map(({ label, start, end }) => {
    return { kind: "span", label: labels.get(label) ?? { name: label, colour: "#888888" }, start: start - word.start, end: end - word.start };
  });
}

type PartProps = { part: Part; marks: Marked[]; begun: boolean; chosen: boolean };
type WordProps = PartProps & { first: boolean; tool: SpanTool };
const classOf = (kind: string, { begun, chosen }: PartProps): string => `${kind}${begun ? " begun" : chosen ? " chosen" : ""}`;
const NONE: Marked[] = [];

function looksTheSame(one: WordProps, other: WordProps): boolean {
  if (one.part !== other.part || one.begun !== other.begun || one.chosen !== other.chosen || one.first !== other.first) return false;
  return one.marks === other.marks || JSON.stringify(one.marks) === JSON.stringify(other.marks);
}

/** What stands between words belongs to a mark over both. */
function Gap(props: PartProps) {
  const { part, marks, begun, chosen } = props;
  if (!marks.length && !begun && !chosen) return <>{part.text}</>;
  return (
    <span class={classOf("gap", props)}>
      <span style={linesUnder(marks.map(({ label }) => label.colour))}>{part.text}</span>
    </span>
  );
}

/** Room at the sides of what may be narrower than a finger. */
function widthOf({ text, start, end }: Word): string {
  if (end - start === 1 && !/\p{Ideographic}/u.test(text)) return " sign";
  return end - start <= 3 ? " short" : "";
}

/** One of perhaps a thousand: drawn anew only when it looks different. A span, for a button would not follow the direction of its letters. */
class WordKey extends Component<WordProps> {
  private key = createRef<HTMLSpanElement>();

  override shouldComponentUpdate(next: WordProps): boolean {
    return !looksTheSame(next, this.props);
  }

  override componentDidUpdate(before: WordProps): void {
    if (this.props.chosen && !before.chosen) this.key.current?.scrollIntoView({ block: "nearest" });
  }

  render(props: WordProps) {
    const { part, marks, begun, chosen, first, tool } = props;
    const named = marks.map(({ label }) => label.name).join(", ");
    return (
      <span
        class={classOf(`word${widthOf(part)}`, props)}
        ref={this.key}
        role="button"
        tabIndex={first ? 0 : -1}
        aria-pressed={begun || chosen}
        aria-label={named ? t("spans.word", { word: part.text, labels: named }) : undefined}
        data-testid={`word-${part.start}`}
        data-start={part.start}
        data-label={
          marks
            .filter(({ start }) => start >= 0)
            .map(({ label }) => label.name)
            .join(", ") || undefined
        }
        onClick={() => tool.tap(part)}
      >
        {marks.length ? stretchesOf(part.text, marks).map((one) => <span style={linesUnder(one.marks.map(({ label }) => label.colour))}>{one.text}</span>) : part.text}
      </span>
    );
  }
}

/** What there is, to choose by a tap; or what to do first. */
function Marks({ tool, labels }: { tool: SpanTool; labels: Labels }) {
  const { spans } = tool.draft;
  if (!spans.length)
    return (
      <p class="shape-list muted" tabIndex={0}>
        {t("spans.hint")}
      </p>
    );
  return (
    <div class="shape-list" role="group" aria-label={t("spans.list")}>
      {spans.map((span, k) => (
        <button type="button" class="button" onClick={() => tool.select(k)} data-testid={`span-${k}`} key={k}>
          <span class="swatch" style={{ backgroundColor: labels.get(span.label)?.colour }} />
          <span class="marked-words" dir="auto">
            {t("spans.told", { label: labels.get(span.label)?.name ?? span.label, words: shortened(cut(tool.text, span.start, span.end), 40) })}
          </span>
        </button>
      ))}
    </div>
  );
}

/** Both ends of it, for they are what counts. */
function shortened(words: string, most: number): string {
  const letters = [...words];
  if (letters.length <= most) return words;
  return `${letters.slice(0, most / 2 - 2).join("")} … ${letters.slice(2 - most / 2).join("")}`;
}

/** The words that are being marked, larger, with a little of what stands around them: where they end is seen letter by letter. */
function Strip({ tool }: { tool: SpanTool }) {
  const { start, end } = tool.range!;
  const words = cut(tool.text, start, end);
  return (
    <p class="strip" tabIndex={0} dir={runsFromTheRight(tool.text) ? "rtl" : "ltr"} data-testid="strip">
      <span class="around">{cut(tool.text, Math.max(0, start - CONTEXT), start)}</span>
      <strong>{shortened(words, 60)}</strong>
      <span class="around">{cut(tool.text, end, end + CONTEXT)}</span>
    </p>
  );
}

/** Both ends by a word or by a letter, for who does not drag. */
function EndKeys({ tool }: { tool: SpanTool }) {
  const rtl = runsFromTheRight(tool.text);
  const [before, after] = rtl ? (["right", "left"] as const) : (["left", "right"] as const);
  const by = tool.byLetters ? "letter" : "word";
  const letters = (
    <button type="button" class="button by" aria-pressed={tool.byLetters} onClick={() => tool.toggleLetters()} data-testid="by-letters">
      {t("spans.by_letters")}
    </button>
  );
  return (
    <div class="tools ends" role="group" aria-label={t("spans.ends")}>
      <span class="end-keys" dir={rtl ? "rtl" : "ltr"}>
        <IconKey icon={before} label={t(`spans.start_earlier.${by}`)} press={() => tool.stretch("start", -1)} testid="start-earlier" />
        <IconKey icon={after} label={t(`spans.start_later.${by}`)} press={() => tool.stretch("start", 1)} testid="start-later" />
        {letters}
        <IconKey icon={before} label={t(`spans.end_earlier.${by}`)} press={() => tool.stretch("end", -1)} testid="end-earlier" />
        <IconKey icon={after} label={t(`spans.end_later.${by}`)} press={() => tool.stretch("end", 1)} testid="end-later" />
      </span>
      <IconKey icon="bin" label={t(tool.chosen ? "spans.delete" : "spans.never_mind")} press={() => tool.remove()} testid="remove" />
      {tool.chosen && <IconKey icon="check" label={t("spans.done_one")} press={() => tool.select(-1)} testid="finish-one" />}
    </div>
  );
}

export default { ...answer, Widget };
