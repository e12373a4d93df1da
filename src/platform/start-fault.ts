import type { Config } from './config.ts';
import { RingsideError } from './errors.ts';

/** What the machine refused at the start, in words with a mend; any other error stays as it is. */
export function startFault(error: unknown, config: Config): unknown {
  if (error instanceof RingsideError || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const cause = { cause: error };
  if (syscall === 'mkdir') {
    return new RingsideError(
      'unavailable',
      `The data folder ${config.dataDir} cannot be made (${code}).`,
      {
        fix: 'Set RINGSIDE_DATA_DIR to a folder that this user may write to.',
        ...cause,
      },
    );
  }
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error;
  if (code === 'EADDRINUSE') {
    return new RingsideError('conflict', `Port ${config.port} of ${config.host} is taken.`, {
      fix: 'Stop what listens there, or set RINGSIDE_PORT to another port.',
      ...cause,
    });
  }
  if (code === 'EACCES') {
    return new RingsideError('unavailable', `This user may not listen on port ${config.port}.`, {
      fix: 'Set RINGSIDE_PORT to a port above 1023 and let a proxy take the low one.',
      ...cause,
    });
  }
  return new RingsideError(
    'unavailable',
    `'${config.host}' is no address of this machine (${code}).`,
    {
      fix: 'Set RINGSIDE_HOST to 127.0.0.1, 0.0.0.0 or an address of this machine.',
      ...cause,
    },
  );
}
