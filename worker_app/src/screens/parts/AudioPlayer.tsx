import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "@app/i18n";
import { Icon } from "./Icon";

const SPEEDS = [1, 1.25, 1.5, 0.75];
const BACK_S = 3;
const BARS = 72;

/** A sound with its waveform (peaks from the server): play, three seconds back, speed; Ctrl+Space and Ctrl+B while typing. */
export function AudioPlayer({ url, peaks, durationMs }: { url: string; peaks: number[] | null; durationMs: number }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [atS, setAtS] = useState(0);
  const [speed, setSpeed] = useState(1);
  const lengthS = durationMs / 1000 || audio.current?.duration || 1;

  const toggle = () => {
    const sound = audio.current!;
    if (sound.paused) void sound.play().catch(endedMeanwhile);
    else sound.pause();
  };
  const seek = (second: number) => {
    audio.current!.currentTime = Math.max(0, second);
    setAtS(audio.current!.currentTime);
  };
  const back = () => seek((audio.current?.currentTime ?? 0) - BACK_S);
  const nextSpeed = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]!;
    audio.current!.playbackRate = next;
    setSpeed(next);
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.ctrlKey || (event.code !== "Space" && event.code !== "KeyB")) return;
      event.preventDefault();
      if (event.code === "Space") toggle();
      else back();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <div class="player" data-testid="player">
      <audio ref={audio} src={url} preload="auto" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onTimeUpdate={(event) => setAtS(event.currentTarget.currentTime)} />
      <Wave peaks={peaks} share={atS / lengthS} atS={atS} lengthS={lengthS} seek={seek} />
      <div class="row">
        <button class="button main grow" type="button" onClick={toggle} data-testid="play">
          <Icon name={playing ? "pause" : "play"} />
          {t(playing ? "audio.pause" : "audio.play")}
        </button>
        <button class="button" type="button" onClick={back} aria-label={t("audio.back", { n: BACK_S })}>
          <Icon name="again" />−{BACK_S}
        </button>
        <button class="button numbers" type="button" onClick={nextSpeed} aria-label={t("audio.speed", { n: speed })}>
          {speed}×
        </button>
      </div>
    </div>
  );
}

/** The task was closed, or paused, before the sound had begun: that is no fault. */
function endedMeanwhile(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}

type WaveProps = { peaks: number[] | null; share: number; atS: number; lengthS: number; seek(second: number): void };

function Wave({ peaks, share, atS, lengthS, seek }: WaveProps) {
  const bars = thin(peaks ?? []);
  return (
    <div class="wave" dir="ltr">
      <svg viewBox={`0 0 ${BARS * 4} 76`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map((peak, k) => (
          <rect x={k * 4} y={38 - 36 * peak} width="2.6" height={Math.max(2, 72 * peak)} rx="1.3" class={k / BARS < share ? "heard" : "unheard"} />
        ))}
      </svg>
      <input type="range" min={0} max={lengthS} step={0.1} value={atS} aria-label={t("audio.position")} onInput={(event) => seek(Number(event.currentTarget.value))} />
      <span class="wave-focus" />
    </div>
  );
}

/** At most BARS bars, each the loudest of its stretch; a flat line when the server sent no peaks. */
function thin(peaks: number[]): number[] {
  return Array.from({ length: BARS }, (_, k) => {
    const part = peaks.slice(Math.floor((k * peaks.length) / BARS), Math.max(1, Math.floor(((k + 1) * peaks.length) / BARS)));
    return part.length ? Math.max(...part) : 0.03;
  });
}
