import type { Outcome } from './drain'
import type { OutboxItem } from './item'

/** Answers that may be different in a moment. */
const PASSING = new Set([408, 425, 429])
const TIMEOUT_MS = 20_000
/** A photo of a few megabytes on a bad network. */
const FILE_TIMEOUT_MS = 120_000

export interface Wire {
  /** The value for `x-csrf-token`; null when there is none yet. */
  csrf: () => Promise<string | null>
  /** Renew the session; false when the person must sign in. */
  refresh: () => Promise<boolean>
  fetch?: typeof fetch
}

async function refusalOf(response: Response): Promise<Outcome> {
  const problem = (await response.json().catch(() => ({}))) as { type?: string; detail?: string; title?: string }
  const kind = (problem.type ?? '').replace(/^urn:anlan:/, '') || `http-${response.status}`
  return { kind: 'refused', refusal: { status: response.status, kind, detail: problem.detail ?? problem.title ?? '' } }
}

/** The fields of an item with a file, and the file last. */
function formOf(item: OutboxItem, file: NonNullable<OutboxItem['file']>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(item.body as Record<string, unknown>)) {
    if (value != null) form.append(name, String(value))
  }
  form.append('file', new File([file.blob], file.name, { type: file.blob.type }))
  return form
}

/** One request of one item, with one renewed session if need be. Never throws. */
export async function sendItem(item: OutboxItem, wire: Wire): Promise<Outcome> {
  const call = wire.fetch ?? fetch
  const post = async (): Promise<Response> =>
    call(item.url, {
      method: item.method ?? 'POST',
      credentials: 'same-origin',
      // What outlives its page may be 64 KB at most: photos wait for the next page or for the service worker.
      keepalive: !item.file,
      signal: AbortSignal.timeout(item.file ? FILE_TIMEOUT_MS : TIMEOUT_MS),
      headers: {
        ...item.headers,
        // The browser itself names the boundary of a form.
        ...(item.file ? {} : { 'content-type': 'application/json' }),
        'idempotency-key': item.id,
        'x-csrf-token': (await wire.csrf()) ?? '',
      },
      body: item.file ? formOf(item, item.file) : JSON.stringify(item.body),
    })
  try {
    let response = await post()
    if (response.status === 401) {
      if (!(await wire.refresh())) return { kind: 'signed_out' }
      response = await post()
      if (response.status === 401) return { kind: 'signed_out' }
    }
    if (response.ok) return { kind: 'arrived' }
    if (response.status >= 500 || PASSING.has(response.status)) return { kind: 'later' }
    return await refusalOf(response)
  } catch {
    return { kind: 'later' }
  }
}
