import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

const notErasable = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals: enums cannot be erased.' },
  {
    selector: 'TSParameterProperties',
    message: 'Write the field out: parameter properties cannot be erased.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'node_modules/**',
      'dist/**',
      '.venv/**',
      '.venv-mlflow2/**',
      'coverage/**',
      'test/fixtures/**',
      'test/artifacts/**',
      'mmar-templates/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] } },
    rules: {
      // Collections in state are values that are replaced, never changed.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // Addresses are hash routes of one page.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    rules: {
      'no-undef': 'off',
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...notErasable],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    // $props() and $state() are declared with let, as Svelte's own style has them.
    rules: {
      'no-restricted-syntax': [
        'error',
        ...notErasable,
        {
          selector: "SvelteAttribute[key.name='style']",
          message:
            "The page's policy refuses style attributes in templates: use a class or a style: directive.",
        },
      ],
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$state', '$derived'] }],
    },
  },
  {
    files: ['common/**', 'main/engine/**', 'main/controllers/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'This folder is pure: it has no process.' },
        { name: 'setTimeout', message: 'This folder is pure: take a clock.' },
        { name: 'setInterval', message: 'This folder is pure: take a clock.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use a seeded random source.' },
        { object: 'Date', property: 'now', message: 'Take a clock.' },
      ],
    },
  },
  {
    // The import rules see what a component imports when it runs; types are seen here.
    files: ['renderer/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(node:|electron$|electron-store$|(\\.\\./)+(main|trainer|test|bench|scripts)/)',
              message: 'The window knows common/ and packages for browsers.',
            },
          ],
        },
      ],
    },
  },
  { files: ['bench/**', 'scripts/**', 'test/**'], rules: { 'no-console': 'off' } },
);
