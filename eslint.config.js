import { createRequire } from 'node:module';

import eslint from '@eslint/js';
import lwcBase from '@salesforce/eslint-config-lwc/base.js';
import lwc from '@salesforce/eslint-config-lwc/recommended.js';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const require = createRequire(import.meta.url);
const jestGlobals = require('globals').jest ?? globals.jest;

export default defineConfig([
  globalIgnores([
    '**/node_modules',
    '**/dist',
    '**/coverage',
    '.mediaguard',
    '.local-org',
    // AssemblyScript, which its own compiler checks.
    'detector-service/kernels',
  ]),
  {
    files: ['**/*.ts'],
    extends: [eslint.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
    },
  },
  {
    // Answers over HTTP have no type until a test has looked at them.
    files: ['*/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['*.js', '*/*.js', '*/bin/*.js', 'config/**/*.{js,cjs}'],
    extends: [eslint.configs.recommended],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['local-org/src/lightning/browser/**/*.js'],
    extends: [eslint.configs.recommended, lwcBase],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['force-app/**/lwc/**/*.js'],
    extends: [lwc],
  },
  {
    files: ['force-app/**/lwc/**/__tests__/**/*.js'],
    languageOptions: { globals: { ...globals.node, ...jestGlobals } },
    rules: {
      '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off',
      '@lwc/lwc/no-async-operation': 'off',
    },
  },
]);
