import { render } from "preact";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/screens.css";
import "./styles/task.css";
import "./styles/editor.css";
import { loadTaskType } from "@app/app/widget";
import { addParts, setLanguage, t } from "@app/i18n";
import { Editor } from "@app/screens/editor/Editor";
import { hostOf, type Host } from "@app/screens/editor/host";
import { followTheme } from "@app/screens/editor/theme";
import { tellOfFaults } from "@app/screens/parts/faults";
import { shownNow } from "@app/screens/task/asked";

/** The widget of a task type in a frame of the console: a reviewer or requester writes the right answer as a worker would. */
async function boot(host: Host, place: HTMLElement): Promise<void> {
  tellOfFaults();
  followTheme(parent.document);
  await setLanguage(host.language);
  await addParts(["work", "editor"]);
  const type = await loadTaskType(host.task.task_type, host.task.config);
  if (!type) throw new Error(`no widget for ${host.task.task_type}`);
  const { question, media } = await shownNow(host.task, host.task.item, type);
  document.title = host.title;
  render(<Editor host={host} type={type} question={question} media={media} />, place);
  host.ready();
}

const host = hostOf(window);
const place = document.getElementById("app")!;
if (host)
  boot(host, place).catch((error: unknown) => {
    console.error(error);
    render(
      <p class="note" role="alert">
        {t("editor.unavailable")}
      </p>,
      place,
    );
  });
