import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { queryClient } from '@/api/queries'
import { startAppearance } from '@/composables/useAppearance'
import { watchOutbox } from '@/composables/useOutbox'
import App from './App.vue'
import { makeRouter } from './router'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'

async function start(): Promise<void> {
  await startAppearance()
  watchOutbox()
  createApp(App).use(createPinia()).use(VueQueryPlugin, { queryClient }).use(makeRouter()).mount('#app')
}

void start()
