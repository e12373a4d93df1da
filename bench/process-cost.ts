import { readFile, readdir } from 'node:fs/promises';

/** What processes cost so far. Read from /proc; zero where the system does not tell. */
export interface Cost {
  /** Processor time, milliseconds. Unlike a latency it hardly depends on what else the machine does. */
  cpuMs: number;
  /** Proportional set size: memory shared between processes counts once. MB. */
  memoryMb: number;
}

// Linux counts processor time in hundredths of a second, whatever the machine.
const tickMs = 10;

/** A process, its children that live, and for processor time those that have ended too. */
export async function costOf(pid: number): Promise<Cost> {
  const pids = [pid, ...(await childrenOf(pid))];
  const costs = await Promise.all(pids.map((each) => singleCost(each, each === pid)));
  return {
    cpuMs: costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    memoryMb: costs.reduce((sum, { memoryMb }) => sum + memoryMb, 0),
  };
}

async function singleCost(pid: number, withEnded: boolean): Promise<Cost> {
  const fields = await statOf(pid);
  const ticks = fields
    .slice(11, withEnded ? 15 : 13)
    .reduce((sum, field) => sum + Number(field), 0);
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
  return { cpuMs: ticks * tickMs, memoryMb: kilobytes / 1024 };
}

async function childrenOf(parent: number): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(async (pid) => Number((await statOf(pid))[1])));
  return pids.filter((_, index) => parents[index] === parent);
}

/** The fields after the name, which may hold anything: state, parent, … */
async function statOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
