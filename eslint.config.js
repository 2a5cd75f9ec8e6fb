import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'node_modules/**',
      'dist/**',
      '.venv/**',
      'coverage/**',
      'test/fixtures/**',
      'mmar-templates/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
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
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals: enums cannot be erased.' },
        {
          selector: 'TSParameterProperties',
          message: 'Write the field out: parameter properties cannot be erased.',
        },
      ],
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
  { files: ['bench/**', 'scripts/**', 'test/**'], rules: { 'no-console': 'off' } },
);
