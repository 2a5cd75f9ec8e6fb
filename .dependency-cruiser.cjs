/**
 * Who may import whom. Each rule has a planted violation in test/rules, so a rule that stops working fails a test.
 * docs/architecture.md says why each rule is there.
 */
const npm = '(^|/)node_modules/';
const zod = '(^|/)node_modules/zod/';
const ort = '(^|/)node_modules/onnxruntime-(node|common)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'common-is-pure',
      comment: 'common imports itself and zod only: it runs in every program.',
      severity: 'error',
      from: { path: '^common/' },
      to: { pathNot: ['^common/', zod] },
    },
    {
      name: 'trainer-stands-alone',
      comment: 'trainer imports common, Node and its own libraries; never main or the window.',
      severity: 'error',
      from: { path: '^trainer/' },
      to: { path: '^(main|renderer|test|bench|scripts)/' },
    },
    {
      name: 'renderer-stands-alone',
      comment: 'renderer imports common and browser packages; never main or trainer.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|trainer|test|bench|scripts)/' },
    },
    {
      name: 'renderer-without-node',
      comment: 'The window is sandboxed: it has no Node.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-never-imports-trainer',
      comment: 'main forks the trainer as a process; a crash in native code must not take the window down.',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^(trainer|renderer|test|bench|scripts)/' },
    },
    {
      name: 'onnxruntime-in-two-files',
      comment: 'onnxruntime-node is loaded by the session and by the provider probe, nowhere else.',
      severity: 'error',
      from: { pathNot: ['^trainer/(session|execution-provider)[.]ts$', npm] },
      to: { path: ort },
    },
    {
      name: 'engine-and-controllers-are-pure',
      comment:
        'The engine and the controllers know values and interfaces: no clock, no files, no other folder of main.',
      severity: 'error',
      from: { path: '^main/(engine|controllers)/' },
      to: { pathNot: ['^common/', '^main/(engine|controllers|ports)/', zod] },
    },
    {
      name: 'ports-are-types',
      comment: 'A port says what is needed, never how it is done.',
      severity: 'error',
      from: { path: '^main/ports/' },
      to: { pathNot: ['^common/', '^main/ports/', '^main/(engine|controllers)/'] },
    },
    {
      name: 'electron-in-one-folder',
      comment: 'Only main/electron knows Electron: everything else runs and is tested without it.',
      severity: 'error',
      from: { pathNot: ['^main/electron/', '^test/', npm] },
      to: { path: ['(^|/)node_modules/electron(-store|-updater)?/', '^main/electron/'] },
    },
    {
      name: 'hosts-stand-on-top',
      comment: 'What the app does must not depend on who shows its window: only hosts know hosts.',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/(electron|backend|serve|cli)/' },
      to: { path: '^main/(electron|backend|serve|cli)/' },
    },
    {
      name: 'services-speak-for-the-window-only',
      comment:
        'Services and resources answer the window with what the folders below can do; nothing below calls them.',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/(services/|resources/|app[.]ts$)' },
      to: { path: '^main/services/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Tests, benches and scripts import the product, never the other way round.',
      severity: 'error',
      from: { path: '^(common|main|trainer|renderer)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'templates-hold-no-code',
      comment: 'MMAR templates are data.',
      severity: 'error',
      from: { path: '^mmar-templates/' },
      to: { path: '.' },
    },
    {
      name: 'no-cycles',
      comment: 'Data flows one way. Components that show trees may show themselves.',
      severity: 'error',
      from: { pathNot: npm },
      to: { circular: true, via: { pathNot: '[.]svelte$' } },
    },
    {
      name: 'no-unlisted-packages',
      comment: 'What is imported is in package.json.',
      severity: 'error',
      from: { pathNot: npm },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-development-packages-in-the-product',
      comment: 'The product runs with its dependencies alone.',
      severity: 'error',
      from: { path: '^(common|main|trainer)/', pathNot: '^main/electron/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'every-file-is-covered',
      comment: 'A file outside the known folders has no rule: give its folder one.',
      severity: 'error',
      from: {
        pathNot: [
          '^(common|main|trainer|renderer|test|bench|scripts|mmar-templates)/',
          npm,
          '^[^/]+[.](c?js|ts)$',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(test/fixtures|test/rules/planted)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
