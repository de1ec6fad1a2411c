import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/**', 'dev-dist/**', 'src/api/schema.d.ts', 'src/vant-components.d.ts', 'public/**'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue,js}'],
    languageOptions: {
      parserOptions: { parser: ts.parser },
      globals: { ...globals.browser, __APP_VERSION__: 'readonly' },
    },
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always', normal: 'any', component: 'always' } }],
      'vue/require-default-prop': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-props-declaration': ['error', 'type-based'],
      'vue/define-emits-declaration': ['error', 'type-literal'],
      // A style attribute written in a template can reach the page as markup, which the content policy refuses.
      'vue/no-static-inline-styles': ['error', { allowBinding: true }],
      'vue/max-lines-per-block': ['error', { template: 150, script: 110, style: 60 }],
    },
  },
  { files: ['**/*.vue'], rules: { 'max-lines': ['error', { max: 150 }] } },
  { files: ['src/i18n/**', 'tests/**'], rules: { 'max-lines': 'off' } },
  {
    // fetch belongs to the API client, the service worker and the outbox, nowhere else.
    files: ['src/{pages,components,composables}/**'],
    rules: { 'no-restricted-globals': ['error', 'fetch', 'EventSource'] },
  },
)
