import { defaultPassword, integrationUser } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { CrmError } from '../../src/crm/crm-error.ts';
import type { ConnectOptions, CrmConnection, Settings } from '../../src/crm/port.ts';
import { crmPlatform } from '../../src/crm/registry.ts';

/** A connection to the sandbox, with Basic unless told otherwise. */
export function connectTo(
  sandbox: Sandbox,
  settings: Settings = {},
  secrets: Settings = { password: defaultPassword },
  options: ConnectOptions = {},
): CrmConnection {
  const platform = crmPlatform('servicenow');
  if (platform === null) throw new Error('no such platform');
  const url = `${sandbox.url}/`;
  const usual = { endpoint: url, detailsLink: url, username: integrationUser };
  return platform.connect({ ...usual, ...settings }, secrets, options);
}

export async function codeOf(task: Promise<unknown>): Promise<string> {
  try {
    await task;
    return 'ok';
  } catch (error) {
    if (error instanceof CrmError) return error.code;
    throw error;
  }
}

export async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}
