import { adapterRooms, floors, topFloor } from './floors.ts';
import type { Import, SourceFile } from './source-file.ts';

/** One sentence for each rule of the house that a file breaks; `files` is everything below src/, sandbox/ and web/src. */
export function findViolations(files: SourceFile[]): string[] {
  if (!files.some(({ path }) => path.startsWith('src/')))
    return ['No file of src/ was read: nothing was checked.'];
  return [
    ...files.flatMap(violationsOf),
    ...webViolations(files),
    ...findCycles(files.filter(({ path }) => path.startsWith('src/'))),
  ];
}

function violationsOf(file: SourceFile): string[] {
  if (!file.path.startsWith('src/')) return [];
  return [
    ...file.imports.flatMap((one) => [
      ...importViolations(file.path, one),
      ...packageViolations(file.path, one),
    ]),
    ...sqlViolations(file),
    ...(file.readsEnvironment && file.path !== 'src/platform/config.ts' && !isTest(file.path)
      ? [`${file.path} reads process.env; only platform/config.ts may.`]
      : []),
  ];
}

/** A page may share descriptions and pure rules with the server: files that need, however far on, no package but zod. */
function webViolations(files: SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const packagesOf = (path: string, seen: Set<string>): string[] => {
    if (seen.has(path)) return [];
    seen.add(path);
    const imports = byPath.get(path)?.imports ?? [];
    return imports.flatMap(({ target, local }) => (local ? packagesOf(target, seen) : [target]));
  };
  return files
    .filter(({ path }) => path.startsWith('web/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, local }) => local && target.startsWith('src/'))
        .map(({ target }) => ({
          target,
          foreign: packagesOf(target, new Set()).filter((name) => name !== 'zod'),
        }))
        .filter(({ foreign }) => foreign.length > 0)
        .map(
          ({ target, foreign }) =>
            `${path} imports ${target}, which needs ${foreign[0]}: not for the browser.`,
        ),
    );
}

function importViolations(path: string, { target, local, lazy }: Import): string[] {
  if (!local) return [];
  if (!target.startsWith('src/')) {
    const allowed =
      isTest(path) || target === 'package.json' || (path === 'src/commands.ts' && lazy);
    return allowed ? [] : [`${path} imports ${target}: src/ knows nothing outside of src/.`];
  }
  const from = roomOf(path);
  const to = roomOf(target);
  if (from !== '' && floors[from] === undefined)
    return [`${path} lies in no room (test/architecture/floors.ts).`];
  if (from === to) return productViolations(path, target, from);
  const own = from === '' ? topFloor : floors[from]!;
  const other = to === '' ? topFloor : (floors[to] ?? topFloor);
  if (other >= own)
    return [
      `${path} imports ${target}: ${from} (floor ${own}) must not see ${to || 'the top'} (floor ${other}).`,
    ];
  const doors = adapterRooms[to];
  if (
    doors !== undefined &&
    from !== '' &&
    !isTest(path) &&
    !doors.includes(target.slice(`src/${to}/`.length))
  ) {
    return [
      `${path} imports ${target}: rooms see only ${doors.map((door) => `${to}/${door}`).join(' and ')}.`,
    ];
  }
  return [];
}

/** crm/servicenow and crm/other do not know each other, and the port knows neither. */
function productViolations(path: string, target: string, room: string): string[] {
  if (adapterRooms[room] === undefined) return [];
  const [from, to] = [productOf(path), productOf(target)];
  if (to === '' || from === to) return [];
  if (from === '')
    return /\/registry(\.test)?\.ts$/.test(path) || isTest(path)
      ? []
      : [`${path} imports ${target}: only the registry knows products.`];
  return [`${path} imports ${target}: one product must not see another.`];
}

function packageViolations(path: string, { target, local }: Import): string[] {
  if (local || isTest(path)) return [];
  const isFastify = /^@?fastify(\/|-|$)/.test(target);
  if (isFastify && roomOf(path) !== 'http' && !/(^|[/-])routes\.ts$/.test(path)) {
    return [`${path} imports ${target}: fastify stays in http/ and routes.ts.`];
  }
  if (/^(pg|graphile-worker)$/.test(target) && !maySpeakSql(path) && roomOf(path) !== '') {
    return [`${path} imports ${target}: the database stays in store.ts and platform/.`];
  }
  return [];
}

const builderCalls = /(^|\.)(selectFrom|selectNoFrom|insertInto|updateTable|deleteFrom|mergeInto)$/;
const rawCalls = /(^|\.)(pool|client)\.query$/;

function sqlViolations({ path, tags, calls }: SourceFile): string[] {
  if (maySpeakSql(path) || isTest(path)) return [];
  const spoken = [
    ...tags.filter((tag) => tag === 'sql'),
    ...calls.filter((call) => builderCalls.test(call) || rawCalls.test(call)),
  ];
  return spoken.length === 0
    ? []
    : [`${path} speaks SQL (${[...new Set(spoken)].join(', ')}); only store.ts and platform/ do.`];
}

function maySpeakSql(path: string): boolean {
  return roomOf(path) === 'platform' || /(^|[/-])store\.ts$/.test(path);
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || /(^|[/-])testing\.ts$/.test(path);
}

/** `desk` of src/desk/pop.ts, '' of src/main.ts. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? parts[1]! : '';
}

/** `servicenow` of src/crm/servicenow/client.ts, '' of src/crm/port.ts. */
function productOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 3 ? parts[2]! : '';
}

function findCycles(files: SourceFile[]): string[] {
  const targets = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter(({ local, lazy }) => local && !lazy).map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0)
      cycles.push(`A circle of imports: ${[...trail.slice(start), path].join(' → ')}.`);
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return cycles;
}
