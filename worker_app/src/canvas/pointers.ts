import type { Point } from "@app/geometry/box";

/** What a surface does with fingers: the boxes tool, or a hand that only looks. */
export type Hand = {
  down(at: Point, touch: boolean): void;
  moveTo(at: Point): void;
  up(): void;
  cancel(): void;
  pinchStart(fingers: [Point, Point]): void;
  pinchMove(fingers: [Point, Point]): void;
  zoom(factor: number, at?: Point): void;
};

/** Turns pointer and wheel events of an element into calls on the hand: one finger works, two fingers look. */
export function listen(element: HTMLElement, hand: Hand): () => void {
  const fingers = new Map<number, Point>();
  const place = (event: PointerEvent | WheelEvent): Point => {
    const frame = element.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };
  const two = (): [Point, Point] => [...fingers.values()].slice(0, 2) as [Point, Point];

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
    if (fingers.size === 1) hand.down(place(event), event.pointerType !== "mouse");
    else if (fingers.size === 2) hand.pinchStart(two());
  };
  const moved = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, place(event));
    if (fingers.size === 2) hand.pinchMove(two());
    else if (fingers.size === 1) hand.moveTo(place(event));
  };
  const up = (event: PointerEvent) => {
    if (fingers.delete(event.pointerId)) hand.up();
  };
  const cancelled = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    hand.cancel();
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    hand.zoom(Math.exp(-event.deltaY / 300), place(event));
  };

  const heard = { pointerdown: down, pointermove: moved, pointerup: up, pointercancel: cancelled } as const;
  for (const [name, act] of Object.entries(heard)) element.addEventListener(name, act as EventListener);
  element.addEventListener("wheel", wheel, { passive: false });
  // Or the browser takes a quick stroke for a fling, and the next tap, on whatever key, for the finger that ends it: it would do nothing.
  const ours = (event: TouchEvent) => event.preventDefault();
  element.addEventListener("touchstart", ours, { passive: false });
  return () => {
    for (const [name, act] of Object.entries(heard)) element.removeEventListener(name, act as EventListener);
    element.removeEventListener("wheel", wheel);
    element.removeEventListener("touchstart", ours);
  };
}
