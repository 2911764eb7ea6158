import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import type { Post } from "@app/app/contract";
import { usePages } from "@app/app/pages";
import { session } from "@app/app/session";
import { useStore } from "@app/app/store";
import { t } from "@app/i18n";
import { moment } from "@app/i18n/format";
import { announce, complain } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Icon } from "./parts/Icon";
import { PageList } from "./parts/PageList";
import { Problem, useSending } from "./parts/sending";

const MOST = 1000;

/** What is said in the open about a project, the newest first, and a place to say something. */
export function ThreadScreen({ project }: { project: string }) {
  const pages = usePages<Post>(`/work/projects/${project}/thread`);
  const pseudonym = useStore(session).me?.worker?.pseudonym ?? "";
  const [added, setAdded] = useState<Post[]>([]);
  const here = new Set(added.map((post) => post.id));
  const shown = { ...pages, rows: [...added, ...pages.rows.filter((post) => !here.has(post.id))] };
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="thread">
      <button type="button" class="button quiet" style={{ alignSelf: "flex-start", paddingInline: "4px" }} onClick={() => history.back()} data-testid="thread-back">
        <Icon name="back" />
        {t("thread.back")}
      </button>
      <h1>{t("thread.title")}</h1>
      <p class="muted small">{t("thread.who", { name: pseudonym })}</p>
      <Write project={project} said={(post) => setAdded([post, ...added.filter((one) => one.id !== post.id)])} />
      <PageList pages={shown} empty={t("thread.none")} row={(post) => <Said post={post} key={post.id} />} />
    </div>
  );
}

function Write({ project, said }: { project: string; said(post: Post): void }) {
  const [words, setWords] = useState("");
  const { busy, problem, send } = useSending();
  const say = async () => {
    said(await api<Post>(`/work/projects/${project}/thread`, { body: { words: words.trim() } }));
    setWords("");
    announce(t("thread.said"), true);
  };
  return (
    <section class="card stack tight">
      <label class="field">
        {t("thread.write")}
        <textarea maxLength={MOST} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="thread-words" />
      </label>
      <p class="muted small">{t("thread.rules")}</p>
      <Problem text={problem} />
      <button type="button" class="button main wide" disabled={busy || !words.trim()} onClick={() => void send(say)} data-testid="thread-send">
        {t("thread.send")}
      </button>
    </section>
  );
}

function Said({ post }: { post: Post }) {
  const [reported, setReported] = useState(false);
  const report = async () => {
    try {
      await api(`/work/posts/${post.id}/report`, { method: "POST" });
      setReported(true);
      announce(t("thread.reported"), true);
    } catch (error) {
      complain(wordsOf(error));
    }
  };
  return (
    <li class="stack tight" data-testid={`post-${post.id}`}>
      <p class="small">
        <strong>{post.by}</strong> {post.is_requester && <span class="chip good">{t("thread.requester")}</span>} {post.mine && <span class="chip">{t("thread.you")}</span>}{" "}
        <span class="muted">{moment(post.said_at)}</span>
      </p>
      <p class="said" dir="auto">
        {post.words}
      </p>
      {!post.mine && (
        <button type="button" class="button quiet" style={{ alignSelf: "flex-start", paddingInline: "4px" }} disabled={reported} onClick={() => void report()} data-testid="post-report">
          {t(reported ? "thread.reported" : "thread.report")}
        </button>
      )}
    </li>
  );
}
