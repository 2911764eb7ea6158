import { useEffect, useRef, useState } from "preact/hooks";
import { play, silence, type Sound } from "@app/app/sound";
import { hush, onVoices, readAloud, voiceFor } from "@app/app/speech";
import { languageOf, pick, t } from "@app/i18n";
import { complain } from "../parts/announce";
import { Icon } from "../parts/Icon";
import { Markdown } from "../parts/Markdown";

type Props = { texts: Record<string, string> | undefined; spoken?: Sound | null };

/** Instructions, and a key that lets her hear them: the sound that came with them, or else a voice of this phone for their language. Never by itself. */
export function Instructions({ texts, spoken }: Props) {
  const shown = useRef<HTMLDivElement>(null);
  return (
    <div class="stack tight">
      <Aloud language={languageOf(texts)} spoken={spoken} read={() => piecesOf(shown.current!)} />
      <div ref={shown}>
        <Markdown text={pick(texts)} />
      </div>
    </div>
  );
}

function Aloud({ language, spoken, read }: { language: string; spoken?: Sound | null; read(): string[] }) {
  const [voice, setVoice] = useState(voiceFor(language));
  const [reading, setReading] = useState(false);
  const sound = spoken?.language === language ? spoken : null;
  const quiet = () => (hush(), silence());
  const over = () => setReading(false);
  useEffect(() => onVoices(() => setVoice(voiceFor(language))), [language]);
  useEffect(() => quiet, []); // who goes on to the task is not talked to
  if (!voice && !sound) return null;
  const begin = async () => {
    setReading(true);
    try {
      if (sound) return await play(sound, over);
    } catch (error) {
      console.info("the sound of the instructions is not to be had now", error);
      if (!voice) return (over(), complain(t("error.no_network"), true));
    }
    readAloud(read(), voice!, over);
  };
  return (
    <>
      <button type="button" class="button" style={{ alignSelf: "flex-start" }} onClick={reading ? () => (quiet(), over()) : () => void begin()} data-testid="aloud" data-reading={reading}>
        <Icon name={reading ? "pause" : "audio"} />
        {t(reading ? "teach.hush" : "teach.aloud")}
      </button>
      {sound && (
        <p class="muted small" data-testid="whose-voice">
          {t(sound.recorded ? "teach.recorded" : "teach.computer")}
        </p>
      )}
    </>
  );
}

const BLOCKS = "h2, h3, p, li, pre";

/** What stands there, block by block, each once: an entry of a list that holds paragraphs is read by these. */
function piecesOf(shown: HTMLElement): string[] {
  const blocks = [...shown.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS));
  return blocks.map((block) => block.textContent?.trim() ?? "").filter(Boolean);
}
