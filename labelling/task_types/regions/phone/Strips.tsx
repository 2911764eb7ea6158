import { useEffect, useRef } from "preact/hooks";
import { labelShown } from "@app/app/looks";
import type { LoadedMedia, Question, WidgetProps } from "@app/app/widget";
import { distance } from "@app/geometry/box";
import { t } from "@app/i18n";
import { Icon } from "@app/screens/parts/Icon";
import type { Ring } from "../../polygons/phone/ring";
import { withText, type Draft } from "./answer";

const HIGH = 64; // CSS pixels of a line that is short enough
const LEAST = 34; // of one that is long: it can be pushed sideways
const AROUND = 0.3; // of its height, above and below: tails of letters

/** One line after the other, cut out of the page and set upright, over the field that its words are written in. */
export function Strips({ question, media, draft, change, announce, finish }: WidgetProps<Draft>) {
  const at = draft.writing ?? 0;
  const region = draft.shapes[at];
  const field = useRef<HTMLInputElement>(null);
  const place = t("regions.place", { n: at + 1, of: draft.shapes.length, label: region ? labelShown(question, region.label).name : "" });
  useEffect(() => {
    announce(place);
    field.current?.focus({ preventScroll: true });
  }, [at]);
  if (!region) return null;
  const cannot = () => {
    const next = withText(draft, at, region.text === "" ? null : "");
    if (region.text === "") return change(next);
    announce(t("regions.unreadable"));
    finish(next);
  };
  return (
    <>
      <div class="look strips" data-testid="strip" data-at={at}>
        <p class="small muted">{place}</p>
        <Strip question={question} media={media} ring={region.points} name={place} />
      </div>
      <div class="dock">
        <input
          ref={field}
          class="writing"
          lang={question.language || undefined}
          dir="auto"
          autocapitalize="off"
          autocomplete="off"
          spellcheck={false}
          enterKeyHint="next"
          maxLength={500}
          aria-label={t("regions.words", { n: at + 1 })}
          placeholder={region.text === "" ? t("regions.unreadable") : ""}
          value={region.text ?? ""}
          onInput={(event) => change(withText(draft, at, event.currentTarget.value || null), "typing")}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            finish();
          }}
          data-testid="line-text"
        />
        <div class="strip-keys">
          <button type="button" class="button" onClick={() => change({ ...draft, writing: at ? at - 1 : null })} aria-label={t(at ? "regions.before" : "regions.page")} data-testid="strip-back">
            <Icon name="back" />
          </button>
          <button type="button" class="button grow" aria-pressed={region.text === ""} onClick={cannot} data-testid="cannot-read">
            {t("regions.cannot_read")}
          </button>
        </div>
      </div>
    </>
  );
}

/** The line upright, and as large as the screen is wide, or larger. */
function Strip({ question, media, ring, name }: { question: Question; media: LoadedMedia; ring: Ring; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const room = canvas.current?.closest(".look");
    if (!media.url || !room) return;
    const picture = new Image();
    const draw = () => picture.naturalWidth && canvas.current && paint(canvas.current, picture, ring, question.widthPx);
    const whenTurned = new ResizeObserver(draw); // or when the keyboard comes
    picture.onload = () => whenTurned.observe(room);
    picture.src = media.url;
    return () => {
      picture.onload = null;
      whenTurned.disconnect();
    };
  }, [media.url, ring]);
  return (
    <div class="strip-frame" tabIndex={0} role="region" aria-label={name}>
      <canvas ref={canvas} class="strip-canvas" role="img" aria-label={name} />
    </div>
  );
}

/** Width, and what is left of the height beside the words over the line, in CSS pixels. */
function roomOf(canvas: HTMLCanvasElement): [wide: number, free: number] {
  const frame = canvas.parentElement!;
  const look = frame.closest(".look")!;
  const { paddingTop, paddingBottom, rowGap } = getComputedStyle(look);
  const taken = [paddingTop, paddingBottom, rowGap].reduce((sum, one) => sum + (parseFloat(one) || 0), 0);
  return [frame.clientWidth, look.clientHeight - taken - look.firstElementChild!.clientHeight];
}

function paint(canvas: HTMLCanvasElement, picture: HTMLImageElement, ring: Ring, widthPx: number): void {
  const [a, b, , d] = ring as [Ring[0], Ring[0], Ring[0], Ring[0]];
  const [long, high] = [distance(a!, b!), distance(a!, d!)];
  const [wide, free] = roomOf(canvas);
  const line = Math.max(LEAST, Math.min(HIGH, (wide * high) / long, free / (1 + 2 * AROUND)));
  const scale = line / high; // CSS pixels for one of the picture
  const pad = AROUND * line;
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const [width, height] = [long * scale, line + 2 * pad];
  canvas.width = Math.min(4096, Math.round(width * ratio));
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const u = { x: (b!.x - a!.x) / long, y: (b!.y - a!.y) / long };
  const v = { x: (d!.x - a!.x) / high, y: (d!.y - a!.y) / high };
  const det = u.x * v.y - u.y * v.x;
  const s = (scale * ratio) / det;
  const [xx, xy, yx, yy] = [v.y * s, -v.x * s, -u.y * s, u.x * s]; // picture to canvas, about the first corner
  const shrunk = widthPx / picture.naturalWidth; // the file may be smaller than the original
  const pen = canvas.getContext("2d")!;
  pen.setTransform(xx * shrunk, yx * shrunk, xy * shrunk, yy * shrunk, -(xx * a!.x + xy * a!.y), pad * ratio - (yx * a!.x + yy * a!.y));
  pen.drawImage(picture, 0, 0);
}
