import { afterEach, describe, expect, it, vi } from "vitest";
import { answered, byDigit, isPlain, pressTaskKey } from "./keys";

/** A key that is pressed on an element that matches these selectors, and no others. */
function pressed(key: string, { on = [], ...more }: Partial<KeyboardEvent> & { on?: string[] } = {}): KeyboardEvent {
  const target = { matches: (selectors: string) => selectors.split(", ").some((one) => on.includes(one)) };
  return { key, target, ctrlKey: false, metaKey: false, altKey: false, preventDefault: vi.fn(), ...more } as unknown as KeyboardEvent;
}

const withSheet = (open: boolean): void => void vi.stubGlobal("document", { querySelector: () => (open ? {} : null) });

afterEach(() => vi.unstubAllGlobals());

describe("a key that is pressed", () => {
  it("is the browser's too, unless it meant something here", () => {
    const [mine, nobodys, looked] = [pressed("n"), pressed("q"), pressed("1")];
    answered(mine, () => true);
    answered(nobodys, () => false);
    answered(looked, () => undefined);
    expect(mine.preventDefault).toHaveBeenCalledOnce();
    expect(nobodys.preventDefault).not.toHaveBeenCalled();
    expect(looked.preventDefault).not.toHaveBeenCalled();
  });

  it("is a task's only by itself, and not behind an open sheet", () => {
    withSheet(false);
    expect(isPlain(pressed("n"))).toBe(true);
    for (const held of ["ctrlKey", "metaKey", "altKey"]) expect(isPlain(pressed("n", { [held]: true }))).toBe(false);
    withSheet(true);
    expect(isPlain(pressed("n"))).toBe(false);
  });

  it("means one of the first nine by its digit", () => {
    const list = [..."abcdefghij"];
    expect(["1", "9"].map((key) => byDigit(key, list))).toEqual(["a", "i"]);
    for (const key of ["0", "10", "", " ", "a", "1e0", "-1", "٣"]) expect(byDigit(key, list)).toBeUndefined();
    expect(byDigit("3", ["a"])).toBeUndefined();
  });
});

describe("the keys of every task", () => {
  const done = (event: KeyboardEvent): string[] => {
    const said: string[] = [];
    const taken = pressTaskKey(
      event,
      () => said.push("undo"),
      () => said.push("done"),
    );
    expect(taken).toBe(said.length > 0);
    return said;
  };

  it("take back and finish", () => {
    expect(done(pressed("z", { ctrlKey: true }))).toEqual(["undo"]);
    expect(done(pressed("z", { metaKey: true }))).toEqual(["undo"]);
    expect(done(pressed("z"))).toEqual([]);
    expect(done(pressed("Enter"))).toEqual(["done"]);
  });

  it("leave her text and the keys on the screen what is theirs", () => {
    for (const on of ["textarea", "input"]) {
      expect(done(pressed("z", { ctrlKey: true, on: [on] }))).toEqual([]);
      expect(done(pressed("Enter", { on: [on] }))).toEqual([]);
    }
    for (const on of ["button:not([role=radio])", "a", "[role=button]"]) expect(done(pressed("Enter", { on: [on] }))).toEqual([]);
    expect(done(pressed("z", { ctrlKey: true, on: ["a"] }))).toEqual(["undo"]);
  });
});
