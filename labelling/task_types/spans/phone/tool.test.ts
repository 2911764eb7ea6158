import { beforeEach, describe, expect, it, vi } from "vitest";
import { answer } from "./answer";
import { NOTHING, SpanTool, type Draft, type Said } from "./tool";
import { cut, edgesOf, lettersOf, PLAIN_WORDS, runsFromTheRight, trimmed, wordsOf } from "./words";

const TEXT = "Nomsa Khumalo moved to Cape Town, near Table Bay.";
let tool: SpanTool;
let drafts: Draft[];
const say = vi.fn<(said: Said, range: { start: number; end: number }, label?: string) => void>();

function begin(text = TEXT): void {
  drafts = [];
  say.mockClear();
  tool = new SpanTool(text, "", { change: (draft) => drafts.push(draft), redraw: () => undefined, say });
}
beforeEach(() => begin());

const word = (text: string) => tool.words.find((one) => one.text === text)!;
const marked = () => tool.draft.spans.map(({ label, start, end }) => `${label}: ${cut(tool.text, start, end)}`);
function mark(label: string, ...words: string[]): void {
  for (const one of words) tool.tap(word(one));
  tool.setLabel(label);
}

describe("words", () => {
  it("are what stands between white space, signs by themselves", () => {
    expect(wordsOf("Sipho, 12 km\n away.").map(({ text }) => text)).toEqual(["Sipho", ",", "12", "km", "away", "."]);
  });

  it("are counted in code points: a goat or an old letter before them moves nothing", () => {
    for (const { start, end, text } of wordsOf("\u{1F410}\u{1F410} uSipho \u{1D400} ya")) expect(cut("\u{1F410}\u{1F410} uSipho \u{1D400} ya", start, end)).toBe(text);
    expect(wordsOf("\u{1F410} ya").at(-1)).toEqual({ start: 2, end: 4, text: "ya" });
  });

  it("are found in Chinese, which has no spaces", () => {
    expect(wordsOf("我住在北京市").map(({ text }) => text)).toContain("北京市");
  });

  it("are never white space, nor lost: with it they are the whole text", () => {
    const text = " a\u00a0b\u3000中 \u0645\u0631\u062d\u0628\u0627. ";
    const words = wordsOf(text);
    expect(words.map((one) => one.text.trim())).toEqual(words.map((one) => one.text));
    expect(words.map((one) => one.text).join("")).toBe(text.replace(/\s/g, ""));
  });

  it("are found without the browser's help, too", () => {
    expect("Sipho's 2 goats, 北京".match(PLAIN_WORDS)!.filter((one) => one.trim())).toEqual(["Sipho's", "2", "goats", ",", "北", "京"]);
  });

  it("have letters with their accents, and emojis whole", () => {
    expect(lettersOf("e\u0301\u{1F469}\u200d\u{1F33E}x").map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 5],
      [5, 6],
    ]);
    expect(edgesOf(lettersOf("a b"))).toEqual({ starts: [0, 2], ends: [1, 3] });
  });

  it("know which way they run", () => {
    expect(["12 \u0645\u0631\u062d\u0628\u0627 abc", "abc \u0645\u0631\u062d\u0628\u0627", "…"].map(runsFromTheRight)).toEqual([true, false, false]);
  });

  it("survive a language tag that no browser knows", () => {
    expect(wordsOf("a b", "not a tag!").length).toBe(2);
  });
});

it("marks one word with a tap and a label", () => {
  mark("place", "Cape");
  expect(marked()).toEqual(["place: Cape"]);
  expect(drafts.map(({ spans, begun }) => [spans.length, begun !== null])).toEqual([
    [0, true],
    [1, false],
  ]); // two steps for undo
});

it("marks from one word to another, in whichever order they are tapped", () => {
  mark("place", "Town", "Cape");
  mark("person", "Nomsa", "Khumalo");
  expect(marked()).toEqual(["person: Nomsa Khumalo", "place: Cape Town"]);
});

it("takes back a begun mark by a tap on the same word", () => {
  tool.tap(word("Cape"));
  tool.tap(word("Cape"));
  expect(tool.draft).toEqual(NOTHING);
});

it("begins anew after two ends", () => {
  for (const one of ["Cape", "Town", "Table"]) tool.tap(word(one));
  expect(tool.draft.begun).toEqual({ start: 39, end: 44, closed: false });
});

it("chooses what lies under a finger, the shortest first, and marks within it after the last", () => {
  mark("place", "Cape", "Town");
  mark("trip", "Khumalo", "moved"); // elsewhere
  tool.tap(word("moved"));
  tool.remove();
  tool.reach(word("moved"), word("Town"));
  tool.setLabel("trip");
  tool.tap(word("Cape"));
  expect(tool.chosen?.label).toBe("place");
  tool.tap(word("Cape"));
  expect(tool.chosen?.label).toBe("trip");
  tool.tap(word("Cape"));
  expect([tool.chosen, tool.draft.begun]).toEqual([undefined, { start: 23, end: 27, closed: false }]);
  tool.setLabel("city");
  expect(marked()).toEqual(["trip: moved to Cape Town", "city: Cape", "place: Cape Town"]);
});

it("gives the chosen mark another label, but none that stands there already", () => {
  mark("place", "Cape");
  tool.tap(word("Cape"));
  tool.setLabel("person");
  expect(marked()).toEqual(["person: Cape"]);
  tool.setLabel("person");
  expect(say.mock.lastCall?.[0]).toBe("same");
  expect(tool.draft.spans).toHaveLength(1);
});

it("asks for words before a label", () => {
  tool.setLabel("place");
  expect(say.mock.lastCall?.[0]).toBe("tap_first");
  expect(drafts).toEqual([]);
});

it("stretches by words, never past the other end", () => {
  mark("person", "Nomsa");
  tool.tap(word("Nomsa"));
  tool.stretch("end", 1);
  expect(marked()).toEqual(["person: Nomsa Khumalo"]);
  tool.stretch("end", -1);
  tool.stretch("end", -1);
  tool.stretch("start", -1);
  tool.stretch("start", 1);
  expect(marked()).toEqual(["person: Nomsa"]);
});

it("stretches by letters: the name within an isiZulu word", () => {
  begin("Ngibone uSipho izolo.");
  mark("person", "uSipho");
  tool.tap(word("uSipho"));
  tool.toggleLetters();
  tool.stretch("start", 1);
  expect(marked()).toEqual(["person: Sipho"]);
  for (let k = 0; k < 9; k++) tool.stretch("start", 1);
  expect(marked()).toEqual(["person: o"]); // one letter stays
});

it("never ends on white space when it goes by letters", () => {
  begin("a  bc");
  mark("x", "a");
  tool.tap(word("a"));
  tool.toggleLetters();
  tool.stretch("end", 1);
  expect(marked()).toEqual(["x: a  b"]);
});

it("goes from mark to mark by keys, and forgets a choice that an undo took away", () => {
  mark("a", "Nomsa");
  mark("b", "Town");
  const seen = [1, 1, 1, -1].map((by) => (tool.step(by as 1 | -1), tool.chosen?.label));
  expect(seen).toEqual(["a", "b", "a", "b"]);
  tool.load(NOTHING);
  expect(tool.selected).toBe(-1);
});

it("keeps the chosen one chosen when its place in the order changes", () => {
  mark("a", "Nomsa");
  mark("b", "Khumalo");
  tool.select(1);
  tool.stretch("start", -1);
  tool.stretch("end", -1);
  expect(tool.chosen?.label).toBe("b");
  expect(say.mock.calls.at(-1)?.[0]).toBe("moved");
});

const QUESTION = { labels: [{ id: "place", name: { en: "Place" } }], config: {}, language: "", text: "At  Cape Town. ", widthPx: 0, heightPx: 0 };

describe("the answer", () => {
  const at = (label: string, start: number, end: number) => ({ label, start, end });

  it("has no white space at its ends, nothing twice, and the order of the text", () => {
    const spans = [at("place", 4, 13), at("place", 3, 13), at("a", 0, 2), at("place", 2, 4)];
    expect(answer.finish({ ...NOTHING, spans }, QUESTION, true)).toEqual({ spans: [at("a", 0, 2), at("place", 4, 13)] });
  });

  it("is not complete while words wait for a label, and is doubted while the end was not read", () => {
    expect(() => answer.finish({ ...NOTHING, begun: { start: 0, end: 2, closed: false } }, QUESTION, true)).toThrow("spans.begun_left");
    expect(() => answer.finish(NOTHING, QUESTION, false)).toThrow("spans.sure_nothing");
    expect(answer.finish({ ...NOTHING, looked: true }, QUESTION, false)).toEqual({ spans: [] });
    expect(answer.finish(NOTHING, QUESTION, true)).toEqual({ spans: [] });
  });

  it("has a bound, which she is told", () => {
    const question = { ...QUESTION, text: "a ".repeat(501) };
    const spans = Array.from({ length: 501 }, (_, k) => at("place", 2 * k, 2 * k + 1));
    expect(() => answer.finish({ ...NOTHING, spans }, question, true)).toThrow("spans.too_many");
    expect(answer.finish({ ...NOTHING, spans: spans.slice(1) }, question, true)).toEqual({ spans: spans.slice(1) });
  });

  it("comes back as it went", () => {
    const value = { spans: [at("a", 0, 2), at("place", 4, 13)] };
    expect(answer.finish(answer.start(value), QUESTION, false)).toEqual(value);
  });

  it("is drawn in the text, and told in words, also with a label that is no more", () => {
    const drawing = answer.show({ spans: [at("place", 4, 13), at("gone", 0, 2)] }, QUESTION);
    expect(drawing.shapes).toMatchObject([{ kind: "span", label: { name: "Place" }, start: 4, end: 13 }, { label: { name: "gone" } }]);
  });
});

it("trims by code points", () => {
  expect(trimmed("\u{1F410} a ", { start: 1, end: 4 })).toEqual({ start: 2, end: 3 });
  expect(trimmed("a  ", { start: 1, end: 3 })).toBeNull();
});
