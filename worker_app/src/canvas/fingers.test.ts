import { beforeEach, describe, expect, it, vi } from "vitest";
import { Looking } from "./looking";
import { listen, type Hand } from "./pointers";

/** An element at (100, 50) of the page. */
class Element extends EventTarget {
  captured: number[] = [];
  getBoundingClientRect = () => ({ left: 100, top: 50 });
  setPointerCapture = (id: number) => this.captured.push(id);
}

describe("fingers on an element", () => {
  const hand = { down: vi.fn(), moveTo: vi.fn(), up: vi.fn(), cancel: vi.fn(), pinchStart: vi.fn(), pinchMove: vi.fn(), zoom: vi.fn() } satisfies Hand;
  let element: Element;
  let deafen: () => void;

  beforeEach(() => {
    vi.clearAllMocks();
    element = new Element();
    deafen = listen(element as unknown as HTMLElement, hand);
  });
  const send = (type: string, pointerId: number, x: number, y: number, more: object = {}) => {
    const event = Object.assign(new Event(type, { cancelable: true }), { pointerId, clientX: x, clientY: y, button: 0, pointerType: "touch", ...more });
    element.dispatchEvent(event);
    return event;
  };

  it("are places of the element, and hers until they lift", () => {
    send("pointerdown", 1, 110, 70);
    send("pointermove", 1, 130, 90);
    send("pointerup", 1, 130, 90);
    send("pointermove", 1, 150, 90); // in the air
    expect(hand.down).toHaveBeenCalledExactlyOnceWith({ x: 10, y: 20 }, true);
    expect(hand.moveTo).toHaveBeenCalledExactlyOnceWith({ x: 30, y: 40 });
    expect(hand.up).toHaveBeenCalledOnce();
    expect(element.captured).toEqual([1]);
  });

  it("look when there are two, and a third is one too many", () => {
    send("pointerdown", 1, 110, 70);
    send("pointerdown", 2, 150, 70);
    send("pointermove", 2, 170, 70);
    send("pointerdown", 3, 190, 70);
    send("pointermove", 3, 195, 70);
    expect(hand.pinchStart).toHaveBeenCalledExactlyOnceWith([
      { x: 10, y: 20 },
      { x: 50, y: 20 },
    ]);
    expect(hand.pinchMove).toHaveBeenCalledExactlyOnceWith([
      { x: 10, y: 20 },
      { x: 70, y: 20 },
    ]);
    expect(hand.moveTo).not.toHaveBeenCalled();
  });

  it("are called off by the browser, which wanted them for itself", () => {
    send("pointerdown", 1, 110, 70);
    send("pointercancel", 1, 0, 0);
    send("pointerup", 1, 0, 0);
    expect([hand.cancel.mock.calls.length, hand.up.mock.calls.length]).toEqual([1, 0]);
  });

  it("know a mouse, but not its other buttons", () => {
    send("pointerdown", 1, 110, 70, { button: 2 });
    expect(hand.down).not.toHaveBeenCalled();
    send("pointerdown", 1, 110, 70, { pointerType: "mouse" });
    expect(hand.down).toHaveBeenLastCalledWith({ x: 10, y: 20 }, false);
  });

  it("have a wheel that comes nearer where the pointer is, and scrolls nothing", () => {
    const event = send("wheel", 1, 110, 70, { deltaY: -300 });
    expect(hand.zoom).toHaveBeenCalledExactlyOnceWith(Math.E, { x: 10, y: 20 });
    expect(event.defaultPrevented).toBe(true);
  });

  it("are heard no more once nobody listens", () => {
    deafen();
    send("pointerdown", 1, 110, 70);
    send("wheel", 1, 110, 70, { deltaY: 1 });
    expect([hand.down.mock.calls.length, hand.zoom.mock.calls.length]).toEqual([0, 0]);
  });
});

describe("a hand that only looks", () => {
  const IMAGE = { width: 640, height: 480 };
  let now = 0;
  let looking: Looking;

  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    looking = new Looking(IMAGE, () => undefined);
    looking.setScreen({ width: 320, height: 240 });
  });
  const tap = (x: number, y: number) => {
    looking.down({ x, y });
    looking.up();
  };

  it("comes three times nearer with a double tap, where it was tapped, and goes back with another", () => {
    tap(80, 60);
    now += 200;
    tap(82, 61);
    expect(looking.view.scale).toBeCloseTo(1.5, 9);
    now += 1000;
    tap(80, 60);
    now += 100;
    tap(80, 60);
    expect(looking.view.scale).toBe(0.5);
  });

  it.each([
    ["too late", 400, 80],
    ["too far away", 100, 200],
  ])("takes a second tap %s for another one", (_, later, x) => {
    tap(80, 60);
    now += later;
    tap(x, 60);
    expect(looking.view.scale).toBe(0.5);
  });

  it("moves with one finger, and no tap ends that", () => {
    looking.zoom(4);
    const { x } = looking.view;
    for (let k = 0; k < 2; k++) {
      looking.down({ x: 100, y: 100 });
      looking.moveTo({ x: 90, y: 100 });
      looking.up();
    }
    expect(looking.view).toMatchObject({ scale: 2, x: x - 20 });
  });

  it("zooms with two fingers until they lift", () => {
    looking.down({ x: 100, y: 100 });
    looking.pinchStart([
      { x: 100, y: 100 },
      { x: 120, y: 100 },
    ]);
    looking.pinchMove([
      { x: 90, y: 100 },
      { x: 130, y: 100 },
    ]);
    expect(looking.view.scale).toBeCloseTo(1, 9);
    looking.up();
    looking.pinchMove([
      { x: 0, y: 100 },
      { x: 300, y: 100 },
    ]);
    expect(looking.view.scale).toBeCloseTo(1, 9);
  });

  it("stays near when the screen turns, and whole when it was whole", () => {
    looking.setScreen({ width: 240, height: 320 });
    expect(looking.view.scale).toBe(0.375);
    looking.zoom(4);
    looking.setScreen({ width: 320, height: 240 });
    expect(looking.view.scale).toBe(1.5);
  });
});
