import type { EslConnection } from './esl-client.ts';

const extensionsAtMost = 10_000;

/** The extensions in the user directory, as `list_users` tells them; empty where the directory is not kept in files. */
export async function findExtensions(connection: EslConnection): Promise<string[]> {
  const table = await connection.command('api list_users');
  const ids = table.split('\n').map((line) => line.slice(0, Math.max(0, line.indexOf('|'))));
  return [...new Set(ids)].filter((id) => /^[0-9*#]{1,16}$/.test(id)).slice(0, extensionsAtMost);
}
