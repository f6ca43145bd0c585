/** The groups of nodes that reach each other (Tarjan's strongly connected components), and nodes that reach themselves. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const cycles: (readonly string[])[] = [];

  const lower = (node: string, value: number) => low.set(node, Math.min(low.get(node) ?? value, value));

  function visit(node: string): void {
    const number = index.size;
    index.set(node, number);
    low.set(node, number);
    open.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) {
        visit(next);
        lower(node, low.get(next) ?? number);
      } else if (open.includes(next)) {
        lower(node, index.get(next) ?? number);
      }
    }
    if (low.get(node) === number) close(node);
  }

  function close(node: string): void {
    const group = open.splice(open.indexOf(node));
    const isCycle = group.length > 1 || (graph.get(node) ?? []).includes(node);
    if (isCycle) cycles.push(group);
  }

  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return cycles;
}

/** All that `starts` import, directly or by way of others, themselves included. */
export function reachable(
  graph: ReadonlyMap<string, readonly string[]>,
  starts: readonly string[],
): ReadonlySet<string> {
  const found = new Set(starts);
  for (const node of found) for (const next of graph.get(node) ?? []) found.add(next);
  return found;
}
