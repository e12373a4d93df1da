import { z } from 'zod';
import type { EslConnection } from './esl-client.ts';

const extensionsAtMost = 10_000;

const registrations = z.object({ rows: z.array(z.object({ reg_user: z.string() })).default([]) });

/**
 * The extensions that FreeSWITCH knows: those of its user directory, as far as it can list them (where it comes from a database it
 * cannot), and those whose phones are registered just now.
 */
export async function findExtensions(connection: EslConnection): Promise<string[]> {
  const table = await connection.command('api list_users');
  const listed = table.split('\n').map((line) => line.slice(0, Math.max(0, line.indexOf('|'))));
  const registered = readRegistrations(await connection.command('api show registrations as json'));
  return [...new Set([...listed, ...registered])]
    .filter((id) => /^[0-9*#]{1,16}$/.test(id))
    .slice(0, extensionsAtMost);
}

function readRegistrations(body: string): string[] {
  try {
    const { data } = registrations.safeParse(JSON.parse(body));
    return (data?.rows ?? []).map((row) => row.reg_user);
  } catch {
    return [];
  }
}
