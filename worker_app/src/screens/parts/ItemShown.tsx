import type { LoadedMedia, Question } from "@app/app/widget";
import { AudioPlayer } from "./AudioPlayer";
import { ClipPlayer } from "./ClipPlayer";
import { Parts } from "./Parts";
import { Photo } from "./Picture";

/** The thing to label: a picture, a sound, a film, a text. It scrolls on its own; what answers stays under the thumb. */
export function ItemShown({ question, media }: { question: Question; media: LoadedMedia }) {
  if (question.parts && question.about)
    return (
      <div class="look" tabIndex={0}>
        <Parts parts={question.parts} media={media} about={question.about} />
      </div>
    );
  return (
    <div class={media.kind === "audio" ? "look heard" : "look"} tabIndex={question.text.length > 400 || question.parts ? 0 : undefined}>
      {media.kind === "image" && media.url && <Photo url={media.url} widthPx={media.widthPx} heightPx={media.heightPx} tiles={media.tiles} />}
      {media.kind === "audio" && media.url && <AudioPlayer url={media.url} peaks={media.peaks} durationMs={media.durationMs} />}
      {media.kind === "video" && media.url && <ClipPlayer url={media.url} />}
      {question.parts && <Parts parts={question.parts} media={media} />}
      {question.text && (
        <p class="card shown-text" data-testid="item-text" dir="auto">
          {question.text}
        </p>
      )}
    </div>
  );
}
