import createClient from 'openapi-fetch'
import { serverNow } from './clock'
import { sessionFetch } from './fetch'
import { toProblem } from './problem'
import type { paths } from './schema'

/** The typed client of our own OpenAPI document. It keeps the fetch of its creation, hence the wrapper. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => sessionFetch(request) })

/** An answer, when it was true, and whether it is a copy kept on this phone. */
export interface Stamped<T> {
  data: T
  /** Ms. */
  at: number
  cached: boolean
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of an answer; a refusal becomes an ApiProblem. */
export async function taken<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call
  if (!response.ok) throw toProblem(response.status, error)
  return data as T
}

/** The body of a read with its age. Copies of the service worker say when they were fetched. */
export async function stamped<T>(call: Promise<Answer<T>>): Promise<Stamped<T>> {
  const { data, error, response } = await call
  if (!response.ok) throw toProblem(response.status, error)
  const storedAt = Number(response.headers.get('x-sw-fetched-at'))
  return { data: data as T, at: storedAt || serverNow(), cached: storedAt > 0 }
}
