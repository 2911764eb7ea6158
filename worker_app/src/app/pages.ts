import { useEffect, useState } from "preact/hooks";
import { api, ApiError, failureOf } from "./api";
import type { Page } from "./types";

export type Pages<T> = { rows: T[]; more: boolean; loading: boolean; problem: ApiError | null; load(): void };

/** A list of the API, page by page; `path` is under /api/v1. */
export function usePages<T>(path: string): Pages<T> {
  const [state, setState] = useState<{ rows: T[]; next: string | null; loading: boolean; problem: ApiError | null }>({ rows: [], next: path, loading: true, problem: null });
  const load = async (from: string, before: T[]) => {
    setState((now) => ({ ...now, loading: true, problem: null }));
    try {
      const page = await api<Page<T>>(from);
      setState({ rows: [...before, ...page.results], next: page.next && localPath(page.next), loading: false, problem: null });
    } catch (error) {
      setState((now) => ({ ...now, loading: false, problem: failureOf(error) }));
    }
  };
  useEffect(() => void load(path, []), [path]);
  const { rows, next, loading, problem } = state;
  return { rows, more: next !== null, loading, problem, load: () => void load(next ?? path, next ? rows : []) };
}

/** The server writes whole addresses, as it sees its own name; only the part under /api/v1 is ours to follow. */
export function localPath(address: string): string {
  const url = new URL(address, "http://here");
  return url.pathname.replace(/^\/api\/v1/, "") + url.search;
}
