import { useEffect, useRef, useState } from "preact/hooks";
import { hush, onVoices, readAloud, voiceFor } from "@app/app/speech";
import { languageOf, pick, t } from "@app/i18n";
import { Icon } from "../parts/Icon";
import { Markdown } from "../parts/Markdown";

/** Instructions, and a key that reads them aloud where this phone has a voice for their language. Never by itself. */
export function Instructions({ texts }: { texts: Record<string, string> | undefined }) {
  const shown = useRef<HTMLDivElement>(null);
  return (
    <div class="stack tight">
      <Aloud language={languageOf(texts)} read={() => piecesOf(shown.current!)} />
      <div ref={shown}>
        <Markdown text={pick(texts)} />
      </div>
    </div>
  );
}

function Aloud({ language, read }: { language: string; read(): string[] }) {
  const [voice, setVoice] = useState(voiceFor(language));
  const [reading, setReading] = useState(false);
  useEffect(() => onVoices(() => setVoice(voiceFor(language))), [language]);
  useEffect(() => hush, []); // who goes on to the task is not talked to
  if (!voice) return null;
  const stop = () => (hush(), setReading(false));
  const begin = () => {
    setReading(true);
    readAloud(read(), voice, () => setReading(false));
  };
  return (
    <button type="button" class="button" style={{ alignSelf: "flex-start" }} onClick={reading ? stop : begin} data-testid="aloud" data-reading={reading}>
      <Icon name={reading ? "pause" : "audio"} />
      {t(reading ? "teach.hush" : "teach.aloud")}
    </button>
  );
}

const BLOCKS = "h2, h3, p, li, pre";

/** What stands there, block by block, each once: an entry of a list that holds paragraphs is read by these. */
function piecesOf(shown: HTMLElement): string[] {
  const blocks = [...shown.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS));
  return blocks.map((block) => block.textContent?.trim() ?? "").filter(Boolean);
}
