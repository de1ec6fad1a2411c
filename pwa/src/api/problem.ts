import { hasText, t } from '@/i18n'

/** A refusal of the server, or no answer at all (`status` 0). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    /** The server's stable `type` without its prefix; `offline` and `timeout` are ours. */
    readonly kind: string,
    readonly detail = '',
    readonly facts: Record<string, unknown> = {},
  ) {
    super(`${status} ${kind}`)
    this.name = 'ApiProblem'
  }

  /** Trying again may help: nothing is wrong with what was asked. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status)
  }
}

interface ProblemJson {
  type?: string
  title?: string
  detail?: string
  extra?: Record<string, unknown> | null
}

/** Reads `application/problem+json`; any other body becomes `http-<status>`. */
export function toProblem(status: number, body: unknown): ApiProblem {
  const json = (typeof body === 'object' && body !== null ? body : {}) as ProblemJson & Record<string, unknown>
  const kind = (json.type ?? '').replace(/^urn:anlan:/, '') || `http-${status}`
  // Facts stand beside the usual members.
  return new ApiProblem(status, kind, json.detail ?? json.title ?? '', { ...json, ...json.extra })
}

/** What to tell the person: the text of the server's `type`, else one by status. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return t('problem.unknown')
  const byKind = `problem.${error.kind}`
  if (hasText(byKind)) return t(byKind)
  if (error.status === 0) return t('problem.offline')
  if (error.status >= 500) return t('problem.server')
  return error.detail || t('problem.unknown')
}

/** The same for a refusal that was kept in the outbox. */
export function refusalText({ status, kind, detail }: { status: number; kind: string; detail: string }): string {
  return problemText(new ApiProblem(status, kind, detail))
}
