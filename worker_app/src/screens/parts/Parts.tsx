import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LoadedMedia, QuestionPart } from "@app/app/widget";
import { t } from "@app/i18n";
import { AudioPlayer } from "./AudioPlayer";
import { ClipPlayer } from "./ClipPlayer";
import { folds, nameOf, numbered, saidIn } from "./part_words";
import { Photo } from "./Picture";

type Props = { parts: QuestionPart[]; media: LoadedMedia; about?: string; beside?(part: QuestionPart): ComponentChildren };

/**
 * An item of several parts, one under the other: what is asked sticks, long turns are folded, code scrolls sideways. `about`: the part that
 * the question is about, which is marked, whole and in sight.
 */
export function Parts({ parts, media, about, beside }: Props) {
  const now = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => now.current?.scrollIntoView({ block: "start" }), [about]);
  return (
    <ol class="item-parts" data-testid="parts">
      {numbered(parts).map((one) => {
        const isNow = one.part.id === about;
        return (
          <li
            class={isNow ? "item-part now" : one.sticks ? "item-part asked" : "item-part"}
            aria-current={isNow || undefined}
            ref={isNow ? now : undefined}
            data-testid={`part-${one.part.id}`}
            key={one.part.id}
          >
            <span class="part-role">
              {nameOf(one)}
              {beside?.(one.part)}
            </span>
            <PartBody part={one.part} media={media} name={nameOf(one)} whole={isNow} />
          </li>
        );
      })}
    </ol>
  );
}

/** What one part says or shows, of whatever kind. */
export function PartBody({ part, media, name, whole = false }: { part: QuestionPart; media: LoadedMedia; name: string; whole?: boolean }) {
  const file = media.parts?.[part.id];
  if (file?.url && file.kind === "image")
    return (
      <div class={part.kind === "page" ? "sheet-of-paper" : undefined}>
        <Photo url={file.url} widthPx={file.widthPx} heightPx={file.heightPx} tiles={file.tiles} label={name} />
        {part.text && <PageText text={part.text} />}
      </div>
    );
  if (file?.url && file.kind === "audio") return <AudioPlayer url={file.url} peaks={file.peaks} durationMs={file.durationMs} />;
  if (file?.url && file.kind === "video") return <ClipPlayer url={file.url} />;
  const said = saidIn(part);
  const body = part.kind === "code" || part.kind === "json" ? <Code text={said} name={name} /> : <Words text={said} />;
  if (whole || !folds(part)) return body;
  return (
    <details class="folded">
      <summary>
        <span class="two-lines" data-opens-whole dir="auto">
          {said}
        </span>
        <span class="fold-key">{t("part.whole")}</span>
      </summary>
      {body}
    </details>
  );
}

/** What stands on a page, for who does not see its picture, or would copy a word of it. */
function PageText({ text }: { text: string }) {
  return (
    <details class="folded page-text">
      <summary>
        <span class="fold-key">{t("part.page_text")}</span>
      </summary>
      <Words text={text} />
    </details>
  );
}

function Code({ text, name }: { text: string; name: string }) {
  return (
    <pre class="part-code" tabIndex={0} role="group" aria-label={name}>
      {text}
    </pre>
  );
}

function Words({ text }: { text: string }) {
  return (
    <p class="shown-text" dir="auto">
      {text}
    </p>
  );
}
