/** One drawing hand for all icons: 24 x 24, a 2 px round stroke. */
const PATHS = {
  work: "M4 13l4-8h8l4 8v6H4zM4 13h5l1.5 2.5h3L15 13h5",
  wallet: "M4 7h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zm0 0l11-4v4M16 13.5h.01",
  history: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4M12 8v4.5l3 1.8",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  undo: "M9 6L4.5 10.5 9 15M5 10.5h9a5 5 0 0 1 0 10h-3",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cloud: "M7 18a4 4 0 0 1-.5-8 6 6 0 0 1 11.4 1.6A3.3 3.3 0 0 1 17 18z",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.2l3.2 2",
  star: "M12 4l2.4 5.1 5.6.7-4.1 3.9 1 5.5-4.9-2.7-4.9 2.7 1-5.5L4 9.8l5.6-.7z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  add: "M4 4h16v16H4zM12 8v8M8 12h8",
  insert: "M4 20l8-11 8 11M12 2v6M9 5h6",
  next: "M4 19l8-12 8 12M20 19v-6M20 19l-5.5-1.5",
  open: "M10 6l6 6-6 6",
  left: "M14 6l-6 6 6 6",
  right: "M10 6l6 6-6 6",
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  move: "M12 3v18M3 12h18M12 3l-2.5 2.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
  size: "M4 4h6M4 4v6M4 4l16 16M20 20h-6M20 20v-6",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  again: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4",
  loop: "M17 3l3 3-3 3M20 6H8a4 4 0 0 0-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 0 0 4-4v-1",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  text: "M5 6h14M5 11h14M5 16h9",
  audio: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10.5v3",
  video: "M4 6h11v12H4zM15 10.5l5-3v9l-5-3z",
  pair: "M4 5h7v14H4zM13 5h7v14h-7z",
  shield: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2.2 2.2L15 10",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.3h.01",
  key: "M14.5 13a4.5 4.5 0 1 0-4.3-3.2L3.5 16.5V20H7v-2h2v-2l2.5-2.7a4.5 4.5 0 0 0 3-.3zM15.5 8.5h.01",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  heart: "M12 20C5 15 3.5 11.5 4.5 8.5S9 5 12 8c3-3 6.5-2.5 7.5.5S19 15 12 20z",
} as const;

/** They point along the line of reading, so they turn with it; left and right of a picture do not. */
const POINTING = new Set<string>(["back", "undo", "open"]);

export type IconName = keyof typeof PATHS;

export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg class={POINTING.has(name) ? "icon pointing" : "icon"} viewBox="0 0 24 24" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : "true"}>
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** Neighbours around the sun: the mark of Ilima. */
export function Mark({ size = 96 }: { size?: number }) {
  const people = Array.from({ length: 9 }, (_, k) => (k * 2 * Math.PI) / 9 - Math.PI / 2);
  return (
    <svg class="icon sunrise" viewBox="0 0 100 100" width={size} height={size} aria-hidden="true">
      <circle cx="50" cy="50" r="21" fill="var(--sun)" />
      {people.map((angle) => (
        <circle cx={50 + 39 * Math.cos(angle)} cy={50 + 39 * Math.sin(angle)} r="7" fill="currentColor" />
      ))}
    </svg>
  );
}
