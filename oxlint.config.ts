import { defineConfig } from 'oxlint';
import type { OxlintOverride } from 'oxlint';
import { floors, forbiddenRooms } from './test/architecture/floors.ts';

/**
 * The rules of the house as far as a linter can say them, so that they show up in the editor; test/architecture checks
 * all of them (SQL only in store.ts, products that do not see each other, no way around by a lazy import).
 */
const rooms = Object.keys(floors).map((room): OxlintOverride => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+((${forbiddenRooms(room).join('|')})/|(main|cli)\\.ts$)`,
            message: `The room ${room} imports only rooms on lower floors (docs/architecture.md).`,
          },
        ],
      },
    ],
  },
}));

export default defineConfig({
  plugins: [
    'typescript',
    'unicorn',
    'oxc',
    'import',
    'node',
    'promise',
    'react',
    'jsx-a11y',
    'vitest',
  ],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['web/dist', 'docs'],
  rules: {
    'import/no-cycle': 'error',
    'node/no-process-env': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    // React's new JSX transform needs no import.
    'react/react-in-jsx-scope': 'off',
    // Facts from outside are typed where they come in; the compiler already refuses senseless assertions.
    'typescript/no-unsafe-type-assertion': 'off',
    // Our objects are closures: their methods have no `this`.
    'typescript/unbound-method': 'off',
    // pg is CommonJS: `import pg from 'pg'` is the way in.
    'import/no-named-as-default-member': 'off',
    // For Express; Fastify awaits handlers.
    'oxc/no-async-endpoint-handlers': 'off',
    // Safari forgets the list role of unstyled lists; a role says what a styled part is.
    'jsx-a11y/no-redundant-roles': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    // Styles, and the rules that a page makes for itself before anything else runs.
    'import/no-unassigned-import': [
      'error',
      { allow: ['**/*.css', '**/trusted-types.ts', '**/no-eval.ts'] },
    ],
    'typescript/consistent-return': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/no-conditional-expect': 'off',
    // Loops that wait for a flag set elsewhere.
    'eslint/no-unmodified-loop-condition': 'off',
    'eslint/no-shadow': 'off',
    'eslint/no-new': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/no-useless-spread': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    // Message ports have no origin.
    'unicorn/require-post-message-target-origin': 'off',
    // Rules for the React compiler, which is not in use.
    'react/purity': 'off',
    'react/refs': 'off',
    'react/set-state-in-effect': 'off',
    'react/exhaustive-effect-dependencies': 'off',
    // They do not know that the parts of Mantine carry their labels; axe looks at the real page.
    'jsx-a11y/control-has-associated-label': 'off',
    'jsx-a11y/no-interactive-element-to-noninteractive-role': 'off',
    // The first field of a form that one asked for.
    'jsx-a11y/no-autofocus': 'off',
  },
  overrides: [
    ...rooms,
    // A browser's walk asserts by waiting for what must be seen.
    { files: ['test/browser/**'], rules: { 'vitest/expect-expect': 'off' } },
    {
      files: [
        'src/platform/config.ts',
        '**/*.test.ts',
        'test/**',
        'bench/**',
        'sandbox/**',
        '*.config.ts',
        'web/*.ts',
      ],
      rules: { 'node/no-process-env': 'off' },
    },
  ],
});
