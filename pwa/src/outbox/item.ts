/** What kind of record waits: decides its icon and what is fetched anew once it has arrived. */
export type OutboxKind =
  | 'commitment'
  | 'work_report'
  | 'work_cancel'
  | 'acknowledge'
  | 'photo'
  | 'limit_proposal'
  | 'limit_verify'
  | 'stop'
  | 'stop_change'
  | 'gap_explain'
  | 'gap_change'
  | 'access_photo'
  | 'enterprise_info'

export interface Refusal {
  status: number
  /** The server's stable `type`, without its prefix. */
  kind: string
  detail: string
}

/** A filing on its way. It leaves this phone once and stays here until the server has answered. */
export interface OutboxItem {
  /** Made on this phone; the server's key against a second copy. */
  id: string
  user: string
  kind: OutboxKind
  /** Said on the waiting list, in the language of the moment. */
  title: string
  url: string
  /** What replaces a record whole is put, all else is posted. */
  method?: 'PUT'
  /** Besides those every filing carries: If-Match of a change. */
  headers: Record<string, string>
  body: unknown
  /** Sent as a form: the members of `body` are its fields, and this is its `file`. */
  file?: { name: string; blob: Blob }
  /** When it was made, ms. */
  at: number
  /** Not before this time, ms: the five seconds in which an acknowledgement can be taken back. */
  holdUntil: number
  tries: number
  /** After a failed try: not before this time, ms. */
  nextAt: number
  state: 'queued' | 'failed'
  refusal: Refusal | null
}

export type NewItem = Pick<OutboxItem, 'id' | 'user' | 'kind' | 'title' | 'url' | 'body'> & {
  headers?: Record<string, string>
  method?: 'PUT'
  file?: { name: string; blob: Blob }
  holdMs?: number
}

export function newItem(input: NewItem, now: number): OutboxItem {
  const { holdMs = 0, headers = {}, ...rest } = input
  return { ...rest, headers, at: now, holdUntil: now + holdMs, tries: 0, nextAt: 0, state: 'queued', refusal: null }
}

/** Seconds to wait before the next try: 2, 4, 8 … at most 5 minutes. */
export function backoffSeconds(tries: number): number {
  return Math.min(300, 2 ** Math.max(1, tries))
}
