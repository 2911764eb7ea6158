import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useEveryKey } from "@app/app/keys";
import { t } from "@app/i18n";
import { Icon } from "./Icon";
import { startPlaying } from "./playing";

const SPEEDS = [1, 1.25, 1.5, 0.5, 0.75];
const BACK_S = 3;
const BARS = 72;

/** A stretch that is played again and again: from one place, and, once it is told, up to another. */
type Loop = { fromS: number; toS: number | null };
const SHORTEST_LOOP_S = 0.3;

/**
 * A sound with its waveform (peaks from the server): play, three seconds back, speed, and a stretch to be repeated; Ctrl+Space, Ctrl+B and
 * Ctrl+L while typing.
 */
export function AudioPlayer({ url, peaks, durationMs }: { url: string; peaks: number[] | null; durationMs: number }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [atS, setAtS] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [loop, setLoop] = useState<Loop | null>(null);
  const lengthS = durationMs / 1000 || audio.current?.duration || 1;

  const toggle = () => {
    const sound = audio.current!;
    if (sound.paused) void startPlaying(sound);
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

  /** Its beginning, then its end, then none. */
  const nextLoop = () => {
    const nowS = audio.current!.currentTime;
    if (!loop) return setLoop({ fromS: nowS, toS: null });
    if (loop.toS !== null) return setLoop(null);
    const [fromS, toS] = [Math.min(loop.fromS, nowS), Math.max(loop.fromS, nowS)];
    setLoop({ fromS, toS: Math.max(toS, fromS + SHORTEST_LOOP_S) });
    seek(fromS);
    void startPlaying(audio.current!);
  };
  useRepeated(audio, playing, loop);

  useEveryKey(({ ctrlKey, code }) => {
    const act = ctrlKey && { Space: toggle, KeyB: back, KeyL: nextLoop }[code];
    if (act) act();
    return Boolean(act);
  });

  return (
    <div class="player" data-testid="player">
      <audio ref={audio} src={url} preload="auto" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onTimeUpdate={(event) => setAtS(event.currentTarget.currentTime)} />
      <Wave peaks={peaks} atS={atS} lengthS={lengthS} loop={loop} seek={seek} />
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
        <button class="button loop" type="button" onClick={nextLoop} aria-label={t(`audio.loop_${stageOf(loop)}`)} aria-pressed={loop !== null} data-testid="loop">
          <Icon name="loop" />
          <span class="small" aria-hidden="true">
            {LOOP_SIGNS[stageOf(loop)]}
          </span>
        </button>
      </div>
    </div>
  );
}

const LOOP_SIGNS = { from: "A", to: "A–B", off: "✕" };

const stageOf = (loop: Loop | null): keyof typeof LOOP_SIGNS => (!loop ? "from" : loop.toS === null ? "to" : "off");

/** Back to the beginning of the stretch where it ends. The browser tells the time four times a second only: too seldom for a word. */
function useRepeated(audio: RefObject<HTMLAudioElement | null>, playing: boolean, loop: Loop | null): void {
  useEffect(() => {
    if (!playing || loop?.toS == null) return;
    let frame = 0;
    const look = () => {
      const sound = audio.current;
      if (sound && (sound.currentTime >= loop.toS! || sound.currentTime < loop.fromS - SHORTEST_LOOP_S)) sound.currentTime = loop.fromS;
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [playing, loop]);
  useEffect(() => {
    const sound = audio.current;
    if (!sound || loop?.toS == null) return;
    const again = () => {
      sound.currentTime = loop.fromS;
      void startPlaying(sound);
    };
    sound.addEventListener("ended", again);
    return () => sound.removeEventListener("ended", again);
  }, [loop]);
}

type WaveProps = { peaks: number[] | null; atS: number; lengthS: number; loop: Loop | null; seek(second: number): void };

function Wave({ peaks, atS, lengthS, loop, seek }: WaveProps) {
  const bars = thin(peaks ?? []);
  const share = atS / lengthS;
  const x = (second: number) => (second / lengthS) * BARS * 4;
  return (
    <div class="wave" dir="ltr">
      <svg viewBox={`0 0 ${BARS * 4} 76`} preserveAspectRatio="none" aria-hidden="true">
        {loop && <rect class="looped" x={x(loop.fromS)} y="0" width={Math.max(3, x(loop.toS ?? loop.fromS) - x(loop.fromS))} height="76" />}
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
