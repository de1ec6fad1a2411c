// Runs before the first paint, so that a dark room is not lit up by a white page.
;(() => {
  const root = document.documentElement
  let saved
  try {
    saved = JSON.parse(localStorage.getItem('anlan.appearance') || '{}')
  } catch {
    saved = {}
  }
  const dark = saved.theme === 'dark' || (saved.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  if (dark && !saved.sun) root.classList.add('van-theme-dark')
  if (saved.text === 'l' || saved.text === 'xl') root.dataset.text = saved.text
  if (saved.sun) root.dataset.sun = '1'
  if (saved.locale) root.lang = saved.locale
})()
