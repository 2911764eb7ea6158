import { useMemo, useState } from "preact/hooks";
import { t } from "@app/i18n";
import type { WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { Icon } from "@app/screens/parts/Icon";
import { answer, type Draft } from "./answer";
import { pathOf, pathTo, search, treeOf, type Node } from "./tree";
import "./style.css";

const MOST_FOUND = 30;

function Widget({ question, media, draft, change, announce }: WidgetProps<Draft>) {
  const tree = treeOf(question);
  const [words, setWords] = useState("");
  const at = draft.at === null ? null : (tree.byId.get(draft.at) ?? null);
  const found = useMemo(() => search(tree, words, MOST_FOUND), [tree, words]);
  const open = (node: Node | null) => {
    setWords("");
    change({ at: node?.id ?? null, label: null });
    announce(node ? t("taxonomy.opened", { name: node.name, n: node.children.length }) : t("taxonomy.top"));
  };
  const choose = (node: Node) => {
    setWords("");
    change({ at: (node.children.length ? node : node.parent)?.id ?? null, label: node.id });
    announce(t("taxonomy.chosen", { name: pathOf(node) }));
  };
  const take = (node: Node) => (node.children.length ? open(node) : choose(node));
  const find = t("labels.find", { n: tree.byId.size });
  return (
    <>
      <ItemShown question={question} media={media} />
      <div class="dock tree-dock">
        <input class="find" type="search" enterKeyHint="search" placeholder={find} aria-label={find} value={words} onInput={(event) => setWords(event.currentTarget.value)} data-testid="find-node" />
        {words.trim() ? <Found found={found} draft={draft} take={take} /> : <Level at={at} nodes={at ? at.children : tree.top} draft={draft} open={open} take={take} stop={choose} />}
      </div>
    </>
  );
}

type LevelProps = { at: Node | null; nodes: Node[]; draft: Draft; open(node: Node | null): void; take(node: Node): void; stop(node: Node): void };

function Level({ at, nodes, draft, open, take, stop }: LevelProps) {
  return (
    <>
      {at && <Crumbs at={at} open={open} />}
      {at && (
        <button type="button" class="button wide tree-stop" aria-pressed={draft.label === at.id} onClick={() => stop(at)} data-testid="stop-here">
          {t("taxonomy.stop")}
        </button>
      )}
      <Rows nodes={nodes} draft={draft} take={take} />
    </>
  );
}

/** Where she is, from the top; a tap goes back up. */
function Crumbs({ at, open }: { at: Node; open(node: Node | null): void }) {
  return (
    <nav class="tree-crumbs" aria-label={t("taxonomy.where")} data-testid="crumbs">
      <button type="button" class="button quiet" onClick={() => open(at.parent)} aria-label={t("taxonomy.up")} data-testid="crumb-up">
        <Icon name="back" />
      </button>
      <button type="button" class="button quiet" onClick={() => open(null)} data-testid="crumb-top">
        {t("taxonomy.all")}
      </button>
      {pathTo(at).map((node) => (
        <button type="button" class="button quiet" onClick={() => open(node)} aria-current={node === at ? "true" : undefined} data-testid={`crumb-${node.id}`} key={node.id}>
          {node.name}
        </button>
      ))}
    </nav>
  );
}

function Found({ found, draft, take }: { found: Node[]; draft: Draft; take(node: Node): void }) {
  if (!found.length) return <p class="muted">{t("labels.none")}</p>;
  return <Rows nodes={found} draft={draft} take={take} whole />;
}

type RowsProps = { nodes: Node[]; draft: Draft; take(node: Node): void; whole?: boolean };

function Rows({ nodes, draft, take, whole }: RowsProps) {
  return (
    <div class="tree-rows" role="group" aria-label={t("taxonomy.question")}>
      {nodes.map((node) => (
        <button type="button" class="button wide tree-row" aria-pressed={draft.label === node.id} onClick={() => take(node)} data-testid={`node-${node.id}`} key={node.id}>
          <span class="grow">
            {node.name}
            {whole && node.parent && <small class="muted tree-path">{pathOf(node.parent)}</small>}
          </span>
          {node.children.length > 0 && (
            <>
              <small class="muted" aria-label={t("taxonomy.leaves", { n: node.leaves })}>
                {node.leaves}
              </small>
              <Icon name="open" />
            </>
          )}
        </button>
      ))}
    </div>
  );
}

export default { ...answer, Widget };
