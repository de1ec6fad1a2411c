import { fileURLToPath } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { budget } from './build/budget.ts'
import { noIconFont } from './build/noIconFont.ts'
import { precompress } from './build/precompress.ts'
import { manifest } from './build/manifest.ts'
import about from './package.json' with { type: 'json' }

const server = process.env.ANLAN_API_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  define: { __APP_VERSION__: JSON.stringify(about.version) },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [
    noIconFont(),
    vue(),
    components({ dirs: [], resolvers: [VantResolver()], dts: 'src/vant-components.d.ts' }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: false,
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
        globIgnores: ['**/*.map'],
        maximumFileSizeToCacheInBytes: 1_500_000,
      },
      manifest,
      devOptions: { enabled: false },
    }),
    budget(),
    precompress(),
  ],
  build: { target: 'es2022', cssTarget: 'chrome111', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': server } },
  preview: { proxy: { '/api': server } },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    css: false,
    server: { deps: { inline: ['vant'] } },
  },
})
