import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "@app/i18n";
import { Icon } from "./Icon";
import { startPlaying } from "./playing";

const SPEEDS = [1, 1.5, 0.5];
const BACK_S = 3;

/** A clip with keys that a thumb finds: play, three seconds back, speed. The browser's own bar goes to any moment, also by keys. */
export function ClipPlayer({ url }: { url: string }) {
  const clip = useRef<HTMLVideoElement>(null);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  useEffect(() => {
    clip.current!.playbackRate = speed;
  }, [speed]);
  const toggle = () => {
    const film = clip.current!;
    if (film.paused) void startPlaying(film);
    else film.pause();
  };
  return (
    <div class="clip" data-testid="clip">
      <video
        ref={clip}
        class="marked"
        src={url}
        controls
        controlsList="nodownload noremoteplayback"
        disablePictureInPicture
        playsInline
        preload="auto"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
      />
      <div class="row">
        <button class="button main grow" type="button" onClick={toggle} data-testid="play">
          <Icon name={playing ? "pause" : "play"} />
          {t(playing ? "audio.pause" : "audio.play")}
        </button>
        <button class="button" type="button" onClick={() => (clip.current!.currentTime = Math.max(0, clip.current!.currentTime - BACK_S))} aria-label={t("audio.back", { n: BACK_S })}>
          <Icon name="again" />−{BACK_S}
        </button>
        <button class="button numbers" type="button" onClick={() => setSpeed(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]!)} aria-label={t("audio.speed", { n: speed })}>
          {speed}×
        </button>
      </div>
    </div>
  );
}
