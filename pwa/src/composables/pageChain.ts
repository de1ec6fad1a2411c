/**
 * The marks of pages that are known: the first page has none, each further one that of the page before it.
 * What page `index` answered decides where the next one begins; after the last page nothing follows.
 */
export function chained(marks: readonly (string | null)[], index: number, next: string | null): readonly (string | null)[] {
  const known = marks[index + 1]
  if (next == null) return known === undefined ? marks : marks.slice(0, index + 1)
  if (known === next) return marks
  return [...marks.slice(0, index + 1), next, ...marks.slice(index + 2)]
}

/** The heading above a group, left out where the page before ended in the same group. */
export function heading(name: string, first: boolean, before: string | undefined): string {
  return first && name === before ? '' : name
}
