import type { ManifestOptions } from 'vite-plugin-pwa'

/** What a phone shows when the app is installed. Colours are the page and surface roles of the light theme. */
export const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: '安澜 危险化学品安全风险监测预警',
  short_name: '安澜',
  description: '实时监测、报警、作业报备与安全承诺',
  start_url: '/?source=pwa',
  scope: '/',
  display: 'standalone',
  lang: 'zh-CN',
  dir: 'ltr',
  theme_color: '#0a5a63',
  background_color: '#eef2f2',
  icons: [
    { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: '/icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  shortcuts: [
    { name: '今日承诺', url: '/commitment' },
    { name: '待处置报警', url: '/alarms' },
  ],
}
