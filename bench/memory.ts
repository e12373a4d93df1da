import { readFile, readdir } from 'node:fs/promises';

/** The process ids of a hub and of the database server it started: its data folder tells. */
export async function processesOf(
  hub: number,
  dataDir: string,
): Promise<{ hub: number[]; database: number[] }> {
  const pidFile = `${dataDir}/postgres/data/postmaster.pid`;
  const server = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
  const database = [server];
  for (const name of await readdir('/proc')) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (Number(fieldsOf(stat)[1]) === server) database.push(Number(name));
  }
  return { hub: [hub], database };
}

/** Proportional set size in MB: memory that several processes share counts once. 0 where the system does not tell. */
export async function memoryOf(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** Seconds that processes had a processor for, ended children included; 0 where the system does not tell. */
export async function processorSeconds(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const fields = fieldsOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
      return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
    }),
  );
  return times.reduce((sum, time) => sum + time, 0);
}

/** What stands behind the name of the program in /proc/…/stat; that may hold anything. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
