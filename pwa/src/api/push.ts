import { api, taken } from './client'

/** The server's VAPID key, base64url. */
export async function pushKey(): Promise<string> {
  return (await taken(api.GET('/api/v1/push/key'))).key
}

/** Ring the signed-in person on this device. */
export async function registerPush(subscription: PushSubscriptionJSON): Promise<void> {
  const { endpoint = '', keys = {} } = subscription
  await taken(api.POST('/api/v1/push/subscriptions', { body: { endpoint, keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' }, device: '' } }))
}

/** The server forgets this device. */
export async function unregisterPush(endpoint: string): Promise<void> {
  const own = (await taken(api.GET('/api/v1/push/subscriptions'))).find((row) => row.endpoint === endpoint)
  if (own) await taken(api.DELETE('/api/v1/push/subscriptions/{subscription_id}', { params: { path: { subscription_id: own.id } } }))
}

/** Ring this person's devices; answers how many are being rung. */
export async function pushTest(): Promise<number> {
  return (await taken(api.POST('/api/v1/push/test'))).queued
}
