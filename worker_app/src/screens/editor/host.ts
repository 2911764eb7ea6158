import type { Batch, Item } from "@app/app/types";

/** What the console's page says of the item (platform/console/editors.py). */
export type Asked = { task_type: string; config: Batch["config"]; item: Item };

/** The form of the console that an editor stands in, in the same document tree: its JSON field is the answer. */
export type Host = {
  task: Asked;
  language: string;
  title: string;
  /** What stands in the field when the page opens; null where that is no JSON. */
  first: unknown;
  /** null: the draft is no answer yet. */
  write(value: unknown): void;
  ready(): void;
  submit(): void;
  /** Over the whole page, or in its place. */
  enlarge(large: boolean): void;
  /** refuses: whether the form must not be sent now. */
  onSubmit(refuses: () => boolean): () => void;
  /** An answer of somebody's to begin with. */
  onStart(begin: (value: unknown) => void): () => void;
};

export function hostOf({ frameElement, parent }: Pick<Window, "frameElement" | "parent">): Host | null {
  const place = frameElement?.closest<HTMLElement>("[data-editor]");
  const field = place?.querySelector("textarea");
  const asked = parent.document.getElementById("editor-task")?.textContent;
  if (!place || !field?.form || !asked) return null;
  const form = field.form;
  return {
    task: JSON.parse(asked) as Asked,
    language: parent.document.documentElement.lang,
    title: place.dataset.title ?? "",
    first: read(field.value),
    write: (value) => {
      field.value = value === null ? "" : JSON.stringify(value);
    },
    ready: () => place.setAttribute("data-ready", ""),
    submit: () => form.requestSubmit(),
    enlarge: (large) => void place.toggleAttribute("data-large", large),
    onSubmit: (refuses) =>
      listened(form, "submit", (event) => {
        if (!place.checkVisibility() || !refuses()) return;
        event.preventDefault();
        place.scrollIntoView({ block: "nearest" });
      }),
    onStart: (begin) =>
      listened(place, "click", (event) => {
        const start = (event.target as HTMLElement).closest<HTMLElement>("[data-start]")?.dataset.start;
        if (!start) return;
        event.preventDefault();
        begin(JSON.parse(start));
      }),
  };
}

function listened(on: HTMLElement, kind: string, hear: (event: Event) => void): () => void {
  on.addEventListener(kind, hear);
  return () => on.removeEventListener(kind, hear);
}

export function read(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null; // nothing stands there yet, or what a person without the widget mistyped: it begins empty
  }
}
